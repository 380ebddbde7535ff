#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the binary shape of the contract against the one that was agreed.

A difference is a change of the ABI: it needs a new minor (or major) version, a line in
plugin-api/CHANGELOG.md, and the golden file made anew with --update, all in one commit.

usage: check_layout.py [--update] [INCLUDE_DIR]
"""
import difflib
import re
import sys
from pathlib import Path

import layout

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden" / "abi_lp64.txt"
HEADERS = HERE.parent.parent / "plugin-api" / "include"
# By value, frozen for ever; and the structs of somebody else's specification.
WITHOUT_SIZE = {"patchbay_text", "ArrowArray", "ArrowArrayStream", "ArrowSchema"}


def broken_rules(lines):
    """What every struct of ours has to keep, whatever its members are."""
    faults, struct, size, end = [], None, 0, 0
    for line in [*lines, "struct end size 0"]:
        head = re.match(r"struct (\w+) size (\d+)", line)
        if head:
            if struct and end != size:
                faults.append(f"struct {struct} ends in padding: a member appended there would not "
                              "change its size")
            struct, size, end, position = head.group(1), int(head.group(2)), 0, 0
            continue
        member = re.match(r" +(\d+) +(\d+) (\w+): (.+)", line)
        if not member or not struct:
            continue
        offset, width, name, kind = (int(member.group(1)), int(member.group(2)), member.group(3),
                                     member.group(4))
        if offset != end:
            faults.append(f"struct {struct} has a hole before {name}")
        end = offset + width
        expected = ("struct_size", "revision")
        if struct not in WITHOUT_SIZE and position < 2 and (name, kind) != (expected[position],
                                                                            "uint32_t"):
            faults.append(f"struct {struct} does not begin with struct_size and revision")
        if re.search(r"\b(long|bool|_Bool|FILE|time_t)\b|\benum\b", kind):
            faults.append(f"struct {struct}: {name} is a {kind}, which has no fixed width")
        position += 1
    return faults


def check(include_dir):
    """Answers what is wrong, line by line; an empty list where all is as agreed."""
    found = layout.layout(include_dir)
    agreed = GOLDEN.read_text().splitlines()[1:]
    changes = [line for line in difflib.unified_diff(agreed, found, "agreed", "found", lineterm="",
                                                     n=3)]
    return broken_rules(found) + changes


def main(arguments):
    update = "--update" in arguments
    folders = [a for a in arguments if a != "--update"]
    include_dir = folders[0] if folders else HEADERS
    if update:
        head = "# Made by tests/abi/check_layout.py --update; a change here is a change of the ABI.\n"
        GOLDEN.write_text(head + "\n".join(layout.layout(include_dir)) + "\n")
        return 0
    faults = check(include_dir)
    print("\n".join(faults) if faults else f"the ABI is as agreed in {GOLDEN.name}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
