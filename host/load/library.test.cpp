// SPDX-License-Identifier: Apache-2.0
// A library is bound to its own manifest or not at all.

#include "library.hpp"

#include <patchbay/registry/discovery.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <filesystem>
#include <string>

using namespace patchbay::host;
using patchbay::test::TempDir;
namespace fs = std::filesystem;

namespace {

// A bundle of the puppet, in a directory of its own.
class PuppetBundle {
  public:
    PuppetBundle() { fs::copy(fs::path(PUPPET_CONNECTORS) / "puppet", bundle_); }

    [[nodiscard]] patchbay::registry::Bundle examine() const {
        auto bundle = patchbay::registry::examine(bundle_);
        REQUIRE(bundle.state == patchbay::registry::BundleState::usable);
        return bundle;
    }

    // As an installer does it: a new file takes the name.
    void replace_library() const {
        fs::copy(bundle_ / "puppet.so", bundle_ / "new.so");
        fs::rename(bundle_ / "new.so", bundle_ / "puppet.so");
    }

    void say_version(std::string_view version) const {
        auto manifest = patchbay::test::read_file(bundle_ / "connector.json");
        constexpr std::string_view key = "\"version\": \"";
        const auto start = manifest.find(key) + key.size();
        manifest.replace(start, manifest.find('"', start) - start, version);
        dir_.write("puppet/connector.json", manifest);
    }

  private:
    TempDir dir_;
    fs::path bundle_ = dir_.path() / "puppet";
};

} // namespace

TEST_CASE("a library that replaced a loaded one waits for the next start", "[host][load]") {
    const PuppetBundle puppet;
    const auto before = puppet.examine();
    const auto loaded = load_library(before);
    REQUIRE(loaded.has_value());

    puppet.replace_library();
    puppet.say_version("99.0.0");
    const auto newer = load_library(puppet.examine());
    puppet.say_version((*loaded)->version);
    const auto same_version = load_library(puppet.examine());

    REQUIRE_FALSE(newer.has_value());
    CHECK(newer.error().code == ErrorCode::library_changed);
    CHECK(newer.error().message.contains("puppet.so was replaced by version 99.0.0 after this "
                                         "program had loaded version " +
                                         (*loaded)->version));
    CHECK(newer.error().hint == "restart the program to use version 99.0.0");
    REQUIRE_FALSE(same_version.has_value());
    CHECK(same_version.error().code == ErrorCode::library_changed);
}

TEST_CASE("a file is loaded once", "[host][load]") {
    const PuppetBundle puppet;
    const auto first = load_library(puppet.examine());
    const auto second = load_library(puppet.examine());

    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK(*first == *second);
}

TEST_CASE("while the major is 0 host and connector have one version", "[host][load]") {
    CHECK(abi_fits({0, 2}, 2, {0, 2}));
    CHECK_FALSE(abi_fits({0, 1}, 1, {0, 2}));
    CHECK_FALSE(abi_fits({0, 3}, 2, {0, 2}));
}

TEST_CASE("what a connector needs counts, not what it was built with", "[host][load]") {
    CHECK(abi_fits({1, 5}, 2, {1, 3}));
    CHECK(abi_fits({1, 1}, 0, {1, 3}));
    CHECK_FALSE(abi_fits({1, 5}, 4, {1, 3}));
    CHECK_FALSE(abi_fits({2, 0}, 0, {1, 3}));
}
