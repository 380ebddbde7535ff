// SPDX-License-Identifier: Apache-2.0
// The squares of 1, 2, 3 ... as a table of numbers and texts: a connector built from installed
// files only, with a library of its own for JSON.

#include <patchbay/sdk/batch_builder.hpp>
#include <patchbay/sdk/serve.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace squares {

using namespace patchbay::sdk;

class Squares final : public RecordStream {
  public:
    Squares(std::int64_t rows, const Call& call)
        : call_(call), rows_(rows),
          schema_(record({{.name = "square", .format = "l", .nullable = false},
                          {.name = "text", .format = "u", .nullable = false}})),
          batch_({*read_arrow_format("l"), *read_arrow_format("u")}, BatchLimits{}) {}

    [[nodiscard]] const Field& schema() const override { return schema_; }

    [[nodiscard]] Expected<bool> next(ArrowArray* out) override {
        if (auto go_on = call_.check(); !go_on) return std::unexpected(go_on.error());
        if (done_ == rows_) return false;
        while (done_ < rows_ && !batch_.full()) {
            ++done_;
            batch_.begin_row();
            batch_.column(0).append<std::int64_t>(done_ * done_);
            batch_.column(1).append_text(std::to_string(done_));
        }
        batch_.finish(out);
        return true;
    }

    [[nodiscard]] Progress progress() const override {
        return {.rows = static_cast<std::uint64_t>(done_), .total_rows = rows_};
    }

  private:
    Call call_;
    std::int64_t rows_;
    std::int64_t done_ = 0;
    Field schema_;
    BatchBuilder batch_;
};

class Session {
  public:
    explicit Session(std::int64_t rows) : rows_(rows) {}

    Expected<std::string> ping(const Call&) { return "{}"; }
    Expected<void> reset(const Call&) { return {}; }
    Expected<void> close(const Call&) { return {}; }

    Expected<std::unique_ptr<RecordStream>> open_stream(std::string_view request, const Params&,
                                                        const Call& call) {
        // The host has held the request to the schema: it is an object with known members.
        const auto json = boost::json::parse(request).as_object();
        const auto* const limit = json.if_contains("limit");
        const auto rows = limit == nullptr ? rows_ : std::min(rows_, limit->as_int64());
        return std::make_unique<Squares>(rows, call);
    }

  private:
    std::int64_t rows_;
};

struct Connector {
    static constexpr std::string_view id = PATCHBAY_CONNECTOR_ID;
    static constexpr std::string_view version = PATCHBAY_CONNECTOR_VERSION;
    static constexpr patchbay_threading threading = PATCHBAY_THREADING_SESSION;
    static constexpr std::uint32_t flags = 0;
    using Session = squares::Session;

    static Expected<SettingsFacts> check_settings(std::string_view, const Call&) {
        return SettingsFacts{};
    }

    static Expected<std::unique_ptr<Session>> open(std::string_view settings, const Call&) {
        // Defaults are filled in by the host.
        const auto json = boost::json::parse(settings);
        return std::make_unique<Session>(json.at("connection").at("rows").as_int64());
    }
};

} // namespace squares

extern "C" const patchbay_library* patchbay_connector_entry(std::uint32_t major,
                                                            std::uint32_t minor) {
    return patchbay::sdk::serve<squares::Connector>(major, minor);
}
