// SPDX-License-Identifier: Apache-2.0
// The edges of each grammar; schemas/examples/manifest holds more of them as whole manifests.

#include <patchbay/test/catch.hpp>
#include <registry/manifest_grammar.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace patchbay::registry;

namespace {

struct Grammar {
    std::string_view name;
    bool (*accepts)(std::string_view);
    std::vector<std::string> right;
    std::vector<std::string> wrong;
};

const std::string nul(1, '\0');

const Grammar grammars[] = {
    {"connector name",
     is_connector_name,
     {"a", "a0_-", std::string(63, 'a')},
     {"", "0a", "_a", "A", "a b", "a.b", "\xc3\xa9", "a" + nul, std::string(64, 'a')}},
    {"UUID",
     is_uuid,
     {"0123abcd-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
     {"", "00000000-0000-0000-0000-000000000000", "0123abcd00000000000000000000000000",
      "0123ABCD-0000-0000-0000-000000000000", "0123abcd-0000-0000-0000-00000000000g",
      "0123abcd_0000-0000-0000-000000000000", "{0123abcd-0000-0000-0000-000000000000}"}},
    {"semantic version",
     is_semantic_version,
     {"0.0.0", "1.2.3", "10.20.30", "1.0.0-alpha", "1.0.0-0", "1.0.0-0a.-.x", "1.0.0+001",
      "1.0.0-a+b-c.d", "99999999999999999999.0.0", "1.0.0--"},
     {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.03", "1.2.3-", "1.2.3-a..b", "1.2.3-00", "1.2.3+",
      "1.2.3+a+b", "1.2.x", " 1.2.3", "1.2.3\n", "-1.2.3", "1..3", "1.2.3-a_b"}},
    {"SPDX expression",
     is_spdx_expression,
     {"MIT", "GPL-2.0+", "MIT OR Apache-2.0", "A AND B OR C", "(MIT)", "((MIT) AND (A OR B))",
      "( MIT )", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-Acme",
      "DocumentRef-a:LicenseRef-b", "ANDROID-License", "0BSD"},
     {"",
      " ",
      "MIT ",
      " MIT",
      "MIT OR",
      "OR MIT",
      "MIT  OR BSD",
      "MIT or BSD",
      "MIT BSD",
      "(MIT",
      "MIT)",
      ")(",
      "()",
      "MIT WITH",
      "AND AND AND",
      "MIT WITH OR",
      "A:LicenseRef-b",
      "DocumentRef-a:b",
      "MIT/BSD",
      "MIT, BSD",
      "(MIT))",
      std::string(300, '(')}},
    {"capability",
     is_capability_id,
     {"patchbay.source/1", "patchbay.stream-info/12", "org.example.thing/1", "com.3m.x/999999999"},
     {"",
      "/",
      "patchbay",
      "patchbay.source",
      "patchbay.source/",
      "patchbay.source/0",
      "patchbay.source/01",
      "patchbay.source/1.0",
      "patchbay.source/1234567890",
      "patchbay./1",
      "patchbay.-a/1",
      "patchbay.a-/1",
      "Patchbay.source/1",
      "acme.thing/1",
      ".a.b/1",
      "3com.a.b/1",
      "org..thing/1",
      "patchbay.source/1/1",
      "org.example.thing/1 ",
      "org.example." + std::string(120, 'a') + "/1"}},
    {"URL scheme",
     is_url_scheme,
     {"a", "sqlite", "jdbc+x", "s3", "a.b-c+1", std::string(32, 'a')},
     {"", "S3", "3s", "+a", "a:", "a_b", "a b", std::string(33, 'a')}},
    {"web URL",
     is_web_url,
     {"http://a", "https://example.org/x?y=%20#z"},
     {"", "https://", "ftp://a", "https:/a", "HTTPS://a", "https://a b", "https://\xc3\xa9",
      "https://a\n", "https://" + std::string(2048, 'a')}},
    {"bundle path",
     is_bundle_path,
     {"a", "lib/a.so.1", "A_-+.z", "_x", "0", std::string(255, 'a')},
     {"",    "/",    "/a",      "a/",       "a//b",
      "..",  "../a", "a/..",    "a/../b",   ".",
      ".a",  "a/.b", "./a",     "-a",       "+a",
      "a b", "a\\b", "a" + nul, "\xc3\xa9", std::string(256, 'a')}},
};

} // namespace

TEST_CASE("each grammar accepts what its specification does and nothing else",
          "[registry][manifest]") {
    for (const auto& grammar : grammars) {
        INFO(grammar.name);
        for (const auto& text : grammar.right) {
            INFO('[' << text << ']');
            CHECK(grammar.accepts(text));
        }
        for (const auto& text : grammar.wrong) {
            INFO('[' << text << ']');
            CHECK_FALSE(grammar.accepts(text));
        }
    }
}
