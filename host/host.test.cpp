// SPDX-License-Identifier: Apache-2.0
// The host as an application sees it: from a connections file to rows.

#include <patchbay/host/host.hpp>
#include <patchbay/sdk/arrow_schema.hpp>
#include <patchbay/test/catch.hpp>
#include <patchbay/test/environment.hpp>
#include <patchbay/test/temp_dir.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace patchbay::host;
using patchbay::test::Environment;
using patchbay::test::TempDir;
namespace sdk = patchbay::sdk;

namespace {

// A host that knows the puppets and a connections file of the test's own.
class Stage {
  public:
    explicit Stage(std::string_view connections = "version: 1\nconnections: {}\n")
        : host(HostOptions{.connector_dirs = {PUPPET_CONNECTORS},
                           .connections_file = dir.write("connections.yaml", connections),
                           .use_environment = false}) {}

    [[nodiscard]] Reference reference(std::string_view text) const {
        auto reference = Reference::parse(text);
        REQUIRE(reference.has_value());
        return *reference;
    }
    [[nodiscard]] std::vector<Fault> faults(std::string_view text) const {
        const auto faults = host.validate(reference(text));
        if (!faults) FAIL(describe(faults.error()));
        return *faults;
    }

    TempDir dir;
    Host host;
};

std::string one_alias(std::string_view settings) {
    return "version: 1\nconnections:\n  puppet:\n    test:\n" + std::string(settings);
}

std::string show(const std::vector<Fault>& faults) {
    std::string text;
    for (const auto& fault : faults)
        text += describe(fault) + '\n';
    return text;
}

} // namespace

TEST_CASE("connectors are found and named without being run", "[host]") {
    const Stage stage;

    const auto bundles = stage.host.connectors();
    const auto found = stage.host.find_connector("puppet");
    const auto by_id = stage.host.find_connector("puppet|5a0c62f6-7a3c-4f0b-9d51-0c5f6f1f7a10");

    CHECK(std::ranges::count_if(bundles, [](const auto& bundle) {
              return bundle.state == patchbay::registry::BundleState::usable;
          }) >= 2);
    REQUIRE(found.has_value());
    REQUIRE(by_id.has_value());
    CHECK(found->bundle.directory == by_id->bundle.directory);

    const auto unknown = stage.host.find_connector("pupet");
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().code == ErrorCode::connector_unknown);
    CHECK(unknown.error().hint.contains("did you mean \"puppet\"?"));
}

TEST_CASE("an alias of the connections file leads to rows", "[host]") {
    const Stage stage(one_alias("      connection: {max_sessions: 0}\n"));
    const auto connection = stage.host.connect(stage.reference("@puppet.test"));
    REQUIRE(connection.has_value());

    auto stream = connection->read(Request::query("rows 25"));
    REQUIRE(stream.has_value());
    std::int64_t rows = 0;
    sdk::UniqueArray batch;
    while (stream->next(batch.receive()).value_or(false))
        rows += batch->length;

    CHECK(rows == 25);
    CHECK(connection->connector_id().starts_with("puppet|"));
}

TEST_CASE("a URL picks the connector by its scheme", "[host]") {
    const Stage stage;

    const auto connection = stage.host.connect(stage.reference("puppet:anything"));
    REQUIRE(connection.has_value());
    CHECK(connection->ping().has_value());

    const auto unknown = stage.host.connect(stage.reference("gopher://x"));
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().code == ErrorCode::connector_unknown);
    CHECK(unknown.error().message.contains("\"gopher:\""));
    CHECK(unknown.error().hint.contains("`patchbay list --all`"));
    CHECK(unknown.error().reference == "gopher://x");
}

TEST_CASE("settings may be given on the spot", "[host]") {
    const Stage stage;
    auto reference =
        Reference::of_connector("puppet", "connection: {max_sessions: 1}\n", "settings.yaml");
    reference.set("/connection/script", "fail 6");

    const auto connection = stage.host.connect(reference);

    REQUIRE(connection.has_value());
    const auto answer = connection->ping();
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == ErrorCode::unauthenticated);
    CHECK(answer.error().reference == "puppet with settings.yaml");
}

TEST_CASE("a fault of what was set on the spot is not blamed on the file", "[host][validate]") {
    const Stage stage(one_alias("      connection: {method: params, max_sessions: 1, scrpt: x}\n"));
    auto reference = stage.reference("@puppet.test");
    reference.set("/connection/max_sessions", "-1")
        .set("/connection/pasword", "x")
        .set("spot", "x");

    const auto faults = stage.host.validate(reference);

    REQUIRE(faults.has_value());
    INFO(show(*faults));
    const auto place = [&](std::string_view text) {
        const auto found = std::ranges::find_if(
            *faults, [&](const Fault& fault) { return describe(fault).contains(text); });
        REQUIRE(found != faults->end());
        return found->place;
    };
    CHECK(faults->size() == 4);
    CHECK(place("must be at least 0; it is -1") == "--set /connection/max_sessions");
    CHECK(place("\"pasword\"") == "--set /connection/pasword");
    CHECK(place("cannot be set") == "--set spot");
    CHECK(place("\"scrpt\"").ends_with("connections.yaml, line 5, column 53"));
}

TEST_CASE("faults of settings come all at once, each with its place", "[host][validate]") {
    const Stage stage(one_alias("      connection:\n"
                                "        method: params\n"
                                "        max_sessions: -1\n"
                                "        scrpt: x\n"));

    const auto faults = stage.faults("@puppet.test");

    INFO(show(faults));
    REQUIRE(faults.size() == 2);
    const auto& number = faults[0].pointer.ends_with("max_sessions") ? faults[0] : faults[1];
    const auto& unknown = faults[0].pointer.ends_with("max_sessions") ? faults[1] : faults[0];
    CHECK(describe(number) == "/connection/max_sessions: must be at least 0; it is -1");
    CHECK(number.place == (stage.dir.path() / "connections.yaml").string() + ", line 7, column 9");
    CHECK(describe(unknown) ==
          "/connection: has the unknown setting \"scrpt\"; did you mean \"script\"?");

    const auto connection = stage.host.connect(stage.reference("@puppet.test"));
    REQUIRE_FALSE(connection.has_value());
    CHECK(connection.error().code == ErrorCode::invalid_settings);
    CHECK(connection.error().faults == faults);
    CHECK(connection.error().reference == "@puppet.test");
}

TEST_CASE("what only the connector finds wrong is a fault like any other", "[host][validate]") {
    const Stage stage(one_alias("      connection: {max_sessions: 13}\n"));

    const auto faults = stage.faults("@puppet.test");

    REQUIRE(faults.size() == 1);
    CHECK(faults[0].code == FaultCode::settings_refused);
    CHECK(faults[0].pointer == "/connection/max_sessions");
    CHECK(faults[0].message == "13 is unlucky");
    CHECK(faults[0].place.ends_with("line 5, column 20"));
}

TEST_CASE("references in settings are looked up, secrets only when a session opens",
          "[host][interpolation]") {
    Environment environment;
    environment.set("PUPPET_SESSIONS", "2");
    environment.unset("PUPPET_PASSWORD");
    environment.unset("PUPPET_SCRIPT");
    const Stage stage(one_alias("      connection:\n"
                                "        max_sessions: ${PUPPET_SESSIONS}\n"
                                "        script: ${PUPPET_SCRIPT:-}\n"
                                "        password: ${PUPPET_PASSWORD}\n"));

    // The password is not set, and nobody asks for it yet.
    CHECK(show(stage.faults("@puppet.test")).empty());
    const auto connection = stage.host.connect(stage.reference("@puppet.test"));
    REQUIRE(connection.has_value());
    const auto early = connection->ping();
    REQUIRE_FALSE(early.has_value());
    CHECK(early.error().code == ErrorCode::value_unresolved);
    CHECK(early.error().message == "the environment variable PUPPET_PASSWORD is not set");
    CHECK(early.error().pointer == "/connection/password");
    CHECK(early.error().reference == "@puppet.test");

    environment.set("PUPPET_PASSWORD", "CANARY-password");
    const auto leak = connection->read(Request::query("leak"));
    REQUIRE_FALSE(leak.has_value());
    CHECK(leak.error().message == "no such password: ***");

    const auto shown = stage.host.show(stage.reference("@puppet.test"));
    REQUIRE(shown.has_value());
    CHECK(shown->json == R"({"connection":{"max_sessions":"***",)"
                         R"("password":"${PUPPET_PASSWORD}","method":"params","script":""}})");
}

TEST_CASE("show tells where each value came from", "[host][show]") {
    Environment environment;
    environment.set("PUPPET_SCRIPT", "rows 1");
    const Stage stage(one_alias("      connection:\n"
                                "        script: ${PUPPET_SCRIPT}\n"
                                "        password: CANARY-literal\n"));
    auto reference = stage.reference("@puppet.test");
    reference.set("/connection/method", "params");

    const auto shown = stage.host.show(reference);

    REQUIRE(shown.has_value());
    CHECK_FALSE(shown->json.contains("CANARY"));
    const auto origin = [&](std::string_view pointer) {
        const auto found = std::ranges::find(shown->origins, pointer, &Origin::pointer);
        REQUIRE(found != shown->origins.end());
        return *found;
    };
    CHECK(origin("/connection/script").kind == Origin::Kind::environment);
    CHECK(origin("/connection/script").detail == "${PUPPET_SCRIPT}");
    CHECK(origin("/connection/password").kind == Origin::Kind::file);
    CHECK(origin("/connection/password").detail.ends_with("line 7, column 9"));
    CHECK(origin("/connection/max_sessions").kind == Origin::Kind::default_value);
    CHECK(origin("/connection/method").kind == Origin::Kind::command_line);
    CHECK(shown->origins.size() == 4);
}

TEST_CASE("a reference that is malformed or unset is a fault with its place",
          "[host][interpolation]") {
    Environment environment;
    environment.unset("PUPPET_UNSET");
    const Stage stage(one_alias("      connection:\n"
                                "        script: ${PUPPET_UNSET}\n"
                                "        password: ${oops\n"));

    const auto faults = stage.faults("@puppet.test");

    INFO(show(faults));
    REQUIRE(faults.size() == 2);
    CHECK(faults[0].code == FaultCode::settings_unresolved);
    CHECK(faults[0].pointer == "/connection/script");
    CHECK(faults[0].message.contains("PUPPET_UNSET is not set"));
    CHECK(faults[0].place.ends_with("line 6, column 9"));
    CHECK(faults[1].pointer == "/connection/password");
    CHECK(faults[1].message.contains("never closed"));
}

TEST_CASE("no part of a secret shows where a reference in it is malformed",
          "[host][interpolation]") {
    for (const std::string_view password :
         {"x${CANARY=}", "${file:}CANARY", "${CANARY${x}", "${env:CANARY}"}) {
        INFO(password);
        const Stage stage(
            one_alias("      connection: {password: '" + std::string(password) + "'}\n"));

        const auto faults = stage.faults("@puppet.test");

        REQUIRE(faults.size() == 1);
        CHECK(faults[0].pointer == "/connection/password");
        CHECK(faults[0].message.contains("\"${\" that is never closed or refers to nothing"));
        CHECK_FALSE(fault_json(faults[0]).contains("CANARY"));
    }
}

TEST_CASE("what came from outside shows in no fault", "[host][interpolation]") {
    Environment environment;
    environment.set("PUPPET_SESSIONS", "CANARY-sessions");
    const Stage stage(one_alias("      connection: {max_sessions: '${PUPPET_SESSIONS}'}\n"));

    const auto faults = stage.faults("@puppet.test");

    REQUIRE(faults.size() == 1);
    CHECK(faults[0].pointer == "/connection/max_sessions");
    CHECK_FALSE(fault_json(faults[0]).contains("CANARY"));
}

TEST_CASE("a reference in a URL that was typed is not looked up", "[host][interpolation]") {
    Environment environment;
    environment.set("PUPPET_URL", "CANARY");
    const Stage stage;

    const auto shown = stage.host.show(stage.reference("puppet:${PUPPET_URL}"));

    REQUIRE(shown.has_value());
    CHECK(shown->json.contains("${PUPPET_URL}"));
    CHECK(shown->origins.at(0).kind == Origin::Kind::url);
}

TEST_CASE("the secrets of a URL show in no fault and not in what is shown", "[host][show]") {
    const Stage stage(
        one_alias("      connection: {method: url, url: 'x://u:CANARY@h?k=CANARY'}\n"));

    const auto faults = stage.faults("@puppet.test");
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].pointer == "/connection/url");
    CHECK(faults[0].message.ends_with("it is \"x://u:***@h?***\""));
    CHECK_FALSE(fault_json(faults[0]).contains("CANARY"));

    const auto shown = stage.host.show(stage.reference("PUPPET://u:CANARY@h/a?key=CANARY"));
    REQUIRE(shown.has_value());
    CHECK(shown->json == R"({"connection":{"method":"url","url":"puppet://u:***@h/a?***"}})");
}

TEST_CASE("the scheme of a URL may be in capitals", "[host]") {
    const Stage stage;

    const auto connection = stage.host.connect(stage.reference("PupPet:Anything"));

    REQUIRE(connection.has_value());
    CHECK(connection->ping().has_value());
}

TEST_CASE("a request that does not fit the connector is refused with its pointer", "[host]") {
    const Stage stage(one_alias("      connection: {max_sessions: 0}\n"));
    const auto connection = stage.host.connect(stage.reference("@puppet.test"));
    REQUIRE(connection.has_value());

    const auto stream = connection->read(Request::table("orders"));

    REQUIRE_FALSE(stream.has_value());
    CHECK(stream.error().code == ErrorCode::invalid_request);
    CHECK(stream.error().faults.size() == 2);
    CHECK(stream.error().message ==
          "the request does not fit the connector puppet: needs \"query\" (Script)");
    CHECK(describe(stream.error().faults[1]) == "does not take \"table\"");
    CHECK(stream.error().faults[1].place == "the request");
}

TEST_CASE("what stands in the way of looking at settings is told by name", "[host]") {
    const Stage stage("version: 1\nconnections:\n  absent: {x: {}}\n");

    const auto no_connector = stage.host.validate(stage.reference("@absent.x"));
    REQUIRE_FALSE(no_connector.has_value());
    CHECK(no_connector.error().code == ErrorCode::connector_unknown);
    CHECK(no_connector.error().message.contains("\"absent\""));

    const auto no_alias = stage.host.validate(stage.reference("@puppet.x"));
    REQUIRE_FALSE(no_alias.has_value());
    CHECK(no_alias.error().code == ErrorCode::connection_unknown);
    CHECK(no_alias.error().reference == "@puppet.x");

    const auto references = stage.host.references();
    REQUIRE(references.has_value());
    REQUIRE(references->size() == 1);
    CHECK(references->front().text() == "@absent.x");
}

TEST_CASE("a bundle is linted without being run", "[host][lint]") {
    const Stage stage;
    const auto puppet = std::filesystem::path(PUPPET_CONNECTORS) / "puppet";
    const auto clean = stage.host.lint(puppet);
    REQUIRE(clean.has_value());
    CHECK(show(clean->faults).empty());
    CHECK(clean->valid());

    const auto schema = stage.dir.write(
        "schema.json", R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object",)"
                       R"("additionalProperties":false,"properties":{"port":{"type":"integer",)"
                       R"("title":"Port","mininum":1}}})");
    const auto misspelt = stage.host.lint(schema);
    REQUIRE(misspelt.has_value());
    REQUIRE_FALSE(misspelt->valid());
    INFO(show(misspelt->faults));
    CHECK(show(misspelt->faults).contains("/properties/port/mininum: is no keyword"));
    CHECK(misspelt->faults.front().place == schema.string());
}

TEST_CASE("a schema with the $id of another connector gets a notice", "[host][lint]") {
    const TempDir dir;
    const auto bundle = dir.path() / "puppet";
    std::filesystem::copy(std::filesystem::path(PUPPET_CONNECTORS) / "puppet", bundle,
                          std::filesystem::copy_options::recursive);
    const auto give_id = [&](const char* file, std::string_view id) {
        auto text = patchbay::test::read_file(bundle / file);
        const auto from = text.find("urn:patchbay:connector:");
        text.replace(from, text.find('"', from) - from, id);
        dir.write((std::filesystem::path("puppet") / file).string(), text);
    };
    const Host host({.use_environment = false});
    const auto notices = [&] {
        const auto report = host.lint(bundle);
        REQUIRE(report.has_value());
        CHECK(report->valid());
        return report->notices;
    };
    const std::string own = "urn:patchbay:connector:5a0c62f6-7a3c-4f0b-9d51-0c5f6f1f7a10:";
    CHECK(notices().empty());

    give_id("settings.schema.json", own + "settings:12");
    CHECK(notices().empty());
    for (const auto& wrong : {own + "settings:", own + "settings:0", own + "settings:1x",
                              own + "request:1", std::string("urn:patchbay:connector:other")}) {
        INFO(wrong);
        give_id("settings.schema.json", own + "settings:1");
        give_id("settings.schema.json", wrong);
        const auto found = notices();
        REQUIRE(found.size() == 1);
        CHECK(found[0].pointer == "/$id");
        CHECK(found[0].message.contains("settings.schema.json"));
        CHECK(found[0].message.contains('"' + wrong + '"'));
        CHECK(found[0].message.ends_with("write \"" + own + "settings:1\""));
        give_id("settings.schema.json", own + "settings:1");
    }
    give_id("request.schema.json", own + "settings:1");
    const auto found = notices();
    REQUIRE(found.size() == 1);
    CHECK(found[0].message.ends_with("write \"" + own + "request:1\""));
}

TEST_CASE("a bundle whose schema breaks a rule is refused with it", "[host]") {
    const TempDir dir;
    std::filesystem::copy(PUPPET_CONNECTORS, dir.path() / "root",
                          std::filesystem::copy_options::recursive);
    dir.write("root/puppet/settings.schema.json", "{\"type\": \"object\", \"type\": \"object\"}");
    const Host host({.connector_dirs = {dir.path() / "root"}, .use_environment = false});

    const auto found = host.find_connector("puppet");

    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == ErrorCode::connector_refused);
    CHECK(found.error().message.contains("settings.schema.json"));
    CHECK(found.error().message.contains("\"type\" stands twice"));
    CHECK(host.find_connector("stubborn").has_value());

    const auto by_url = host.show(Reference::parse("puppet:x").value());
    REQUIRE_FALSE(by_url.has_value());
    CHECK(by_url.error().code == ErrorCode::connector_refused);
    CHECK(by_url.error().message == found.error().message);
}

TEST_CASE("a bundle that lacks a schema is refused with the next step", "[host]") {
    const TempDir dir;
    std::filesystem::copy(PUPPET_CONNECTORS, dir.path() / "root",
                          std::filesystem::copy_options::recursive);
    std::filesystem::remove(dir.path() / "root/puppet/settings.schema.json");
    const Host host({.connector_dirs = {dir.path() / "root"}, .use_environment = false});

    const auto found = host.find_connector("puppet");

    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().message.ends_with(
        "puppet/settings.schema.json: cannot be read: No such file or directory; a bundle holds "
        "the schemas that its manifest names"));
}

TEST_CASE("a bundle whose manifest cannot be read is refused by the name of its directory",
          "[host]") {
    const TempDir dir;
    std::filesystem::copy(PUPPET_CONNECTORS, dir.path() / "root",
                          std::filesystem::copy_options::recursive);
    dir.write("root/weather/connector.json", "{");
    dir.write("root/other/connector.json", "[");
    const Host host({.connector_dirs = {dir.path() / "root"}, .use_environment = false});

    const auto found = host.find_connector("weather");

    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == ErrorCode::connector_refused);
    CHECK(found.error().message.starts_with("the connector \"weather\" is refused: "));
    CHECK(found.error().message.contains("weather/connector.json"));
    CHECK(host.find_connector("wether").error().code == ErrorCode::connector_unknown);
}

TEST_CASE("any document is validated by any schema", "[host][validate]") {
    const Stage stage;
    const auto schema =
        stage.dir.write("schema.yaml", "type: object\nproperties:\n  a: {type: integer}\n");

    const auto faults =
        stage.host.validate_document(schema, stage.dir.write("document.yaml", "b: 1\na: x\n"));
    REQUIRE(faults.has_value());
    REQUIRE(faults->size() == 1);
    CHECK(faults->front().pointer == "/a");
    CHECK(faults->front().place.ends_with("document.yaml, line 2, column 1"));

    const auto no_schema =
        stage.host.validate_document(stage.dir.write("bad.json", R"({"type": "integr"})"), schema);
    REQUIRE_FALSE(no_schema.has_value());
    CHECK(no_schema.error().code == ErrorCode::invalid_settings);
    CHECK(no_schema.error().message.contains("bad.json"));

    const auto no_document =
        stage.host.validate_document(schema, stage.dir.write("bad.yaml", "a: [\n"));
    REQUIRE(no_document.has_value());
    CHECK(no_document->size() == 1);

    const auto no_json =
        stage.host.validate_document(schema, stage.dir.write("bad.json", "{\"a\": 1,}"));
    REQUIRE(no_json.has_value());
    REQUIRE(no_json->size() == 1);
    CHECK(no_json->front().code == FaultCode::document_syntax);
    CHECK(no_json->front().place.ends_with("bad.json, line 1, column 9"));
}

TEST_CASE("bytes that are not UTF-8 are refused where they were given", "[host]") {
    const Stage stage(one_alias("      connection: {max_sessions: 0}\n"));
    for (const auto& [pointer, value] : {std::pair{"/connection/max_sessions", "CANARY\xff"},
                                         std::pair{"/connection/\xff", "CANARY"}}) {
        auto reference = stage.reference("@puppet.test");
        reference.set(pointer, value);

        const auto faults = stage.host.validate(reference);

        REQUIRE(faults.has_value());
        REQUIRE(faults->size() == 1);
        CHECK(faults->front().message == "cannot be set: it is not UTF-8 text");
        CHECK(faults->front().pointer.starts_with("/connection/"));
        CHECK(faults->front().place == "--set " + faults->front().pointer);
    }
    const auto connection = stage.host.connect(stage.reference("@puppet.test"));
    REQUIRE(connection.has_value());

    const auto stream = connection->read(Request::query("rows \xff"));
    REQUIRE_FALSE(stream.has_value());
    CHECK(stream.error().code == ErrorCode::invalid_request);
    CHECK(stream.error().message.ends_with(": is not UTF-8 text from byte 16 on"));

    const auto done = connection->execute("rows \xff");
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == ErrorCode::invalid_request);
    CHECK(done.error().message == "the statement is not UTF-8 text from byte 6 on");
}

TEST_CASE("a foreign schema and its document may be nested deeply", "[host][validate]") {
    const Stage stage;
    const auto nested = [](int levels, std::string_view before, std::string inner,
                           std::string_view after) {
        for (int i = 0; i < levels; ++i)
            inner = std::string(before) + inner + std::string(after);
        return inner;
    };
    const auto schema = stage.dir.write(
        "schema.json", nested(100, R"({"properties":{"a":)", R"({"type":"integer"})", "}}"));

    const auto faults = stage.host.validate_document(
        schema, stage.dir.write("document.json", nested(100, R"({"a":)", "\"x\"", "}")));

    REQUIRE(faults.has_value());
    REQUIRE(faults->size() == 1);
    CHECK(faults->front().pointer == nested(100, "/a", "", ""));
    CHECK(faults->front().code == FaultCode::settings_type);
    const auto too_deep = stage.host.validate_document(
        schema, stage.dir.write("deep.json", nested(300, "[", "", "]")));
    REQUIRE(too_deep.has_value());
    CHECK(too_deep->front().code == FaultCode::document_too_deep);
}

TEST_CASE("settings in a file named .json are read as JSON", "[host][validate]") {
    const Stage stage;

    const auto connection = stage.host.connect(
        Reference::of_connector("puppet", R"({"connection": {"max_sessions": 1,}})", "s.json"));

    REQUIRE_FALSE(connection.has_value());
    CHECK(connection.error().code == ErrorCode::invalid_settings);
    REQUIRE(connection.error().faults.size() == 1);
    CHECK(connection.error().faults[0].place == "s.json, line 1, column 35");
}
