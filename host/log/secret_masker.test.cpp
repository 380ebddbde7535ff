// SPDX-License-Identifier: Apache-2.0
// Secrets do not get out, in whatever shape a driver repeats them.

#include "secret_masker.hpp"

#include <patchbay/test/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using patchbay::host::SecretMasker;

TEST_CASE("a secret is masked wherever it stands", "[host][mask]") {
    SecretMasker masker;
    const SecretMasker::Lease lease(masker, {"CANARY-1'2\"3}4"});

    CHECK(masker.mask("CANARY-1'2\"3}4") == "***");
    CHECK(masker.mask("say CANARY-1'2\"3}4, twice CANARY-1'2\"3}4") == "say ***, twice ***");
    CHECK(masker.mask("url://u:CANARY-1%272%223%7D4@h") == "url://u:***@h");
    CHECK(masker.mask("url://u:CANARY-1%272%223%7d4@h") == "url://u:***@h");
    CHECK(masker.mask(R"({"password":"CANARY-1\'2\"3}4"})") == R"({"password":"***"})");
    CHECK(masker.mask("'CANARY-1''2\"3}4'") == "'***'");
    CHECK(masker.mask("{CANARY-1'2\"3}}4}") == "{***}");
    CHECK(masker.mask("CANARY-1 is another word") == "CANARY-1 is another word");
}

TEST_CASE("the longer of two secrets that begin alike is masked whole", "[host][mask]") {
    SecretMasker masker;
    const SecretMasker::Lease lease(masker, {"CANARY-short", "CANARY-short-and-more"});

    CHECK(masker.mask("[CANARY-short-and-more] [CANARY-short]") == "[***] [***]");
}

TEST_CASE("a very short secret is masked only where it stands alone", "[host][mask]") {
    SecretMasker masker;
    const SecretMasker::Lease lease(masker, {"ab"});

    CHECK(masker.mask("password=ab; table=about") == "password=***; table=about");
}

TEST_CASE("a secret is masked as long as any connection uses it", "[host][mask]") {
    SecretMasker masker;
    SecretMasker::Lease first(masker, {"shared-secret"});
    {
        const SecretMasker::Lease second(masker, {"shared-secret", ""});
    }
    CHECK(masker.mask("shared-secret") == "***");
    {
        const SecretMasker::Lease moved = std::move(first);
    }
    CHECK(masker.mask("shared-secret") == "shared-secret");

    const SecretMasker::Lease third(masker, {"shared-secret"});
    CHECK(masker.mask("shared-secret") == "***");
}
