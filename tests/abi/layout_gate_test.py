#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that the ABI gate can fail: plants one break after the other and looks whether it is named."""
import re
import shutil
import tempfile
import unittest
from pathlib import Path

import check_layout

# header, what stands there, what is put in its place, what the gate must name
BREAKS = {
    "member inserted": (
        "call.h", "    int64_t deadline_ns;", "    int64_t planted;\n    int64_t deadline_ns;",
        "struct patchbay_call"),
    "member appended": (
        "params.h", "    const struct ArrowArray *array;",
        "    const struct ArrowArray *array;\n    uint64_t planted;", "struct patchbay_params"),
    "member widened": (
        "log.h", "    uint32_t line;", "    uint64_t line;", "struct patchbay_log_record"),
    "members reordered": (
        "stream_info.h", "    uint64_t rows;      // delivered so far\n    uint64_t bytes;  ",
        "    uint64_t bytes;     // delivered so far\n    uint64_t rows;  ", "patchbay_progress"),
    "member renamed": (
        "connector.h", "    uint64_t max_sessions;", "    uint64_t most_sessions;", "most_sessions"),
    "sign changed": (
        "error.h", "    int64_t native_code;", "    uint64_t native_code;", "native_code"),
    "nested struct changed": (
        "text.h", "    uint64_t size;", "    uint32_t size;\n    uint32_t planted;",
        "struct patchbay_text"),
    "function's parameter changed": (
        "source.h", "patchbay_session *session, patchbay_text request_json,",
        "patchbay_session *session, const char *request_json,", "open_stream"),
    "function's result changed": (
        "cancel.h", "    uint32_t (*requested)", "    uint64_t (*requested)", "requested"),
    "constant renumbered": (
        "status.h", "PATCHBAY_CONFLICT = 8", "PATCHBAY_CONFLICT = 18", "PATCHBAY_CONFLICT"),
    "constant removed": (
        "sql.h", "    PATCHBAY_ISOLATION_READ_COMMITTED = 2,\n", "",
        "PATCHBAY_ISOLATION_READ_COMMITTED"),
    "typedef widened": (
        "status.h", "typedef int32_t patchbay_status;", "typedef int64_t patchbay_status;",
        "patchbay_status"),
    "capability's ID changed": (
        "sql.h", '"patchbay.sql/1"', '"patchbay.sql/2"', "PATCHBAY_SQL_CAPABILITY"),
    "size left out": (
        "sink.h", "    uint32_t struct_size;\n", "", "struct patchbay_host_sink"),
    "padding at the end": (
        "error.h", "    uint64_t user_message;", "    uint32_t user_message;",
        "struct patchbay_error ends in padding"),
    "width left to the compiler": (
        "call.h", "    int64_t deadline_ns;", "    long deadline_ns;", "no fixed width"),
}


class LayoutGate(unittest.TestCase):
    def test_passes_the_headers_as_they_are(self):
        self.assertEqual(check_layout.check(check_layout.HEADERS), [])

    def test_names_every_planted_break(self):
        for name, (header, before, after, culprit) in BREAKS.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                shutil.copytree(check_layout.HEADERS / "patchbay" / "abi",
                                Path(folder, "patchbay", "abi"))
                file = Path(folder, "patchbay", "abi", header)
                text = file.read_text()
                self.assertIn(before, text, "the break does not fit the header any more")
                file.write_text(text.replace(before, after))
                faults = "\n".join(check_layout.check(folder))
                self.assertRegex(faults, re.escape(culprit))


if __name__ == "__main__":
    unittest.main()
