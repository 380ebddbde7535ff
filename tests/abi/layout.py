#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the binary shape of the contract, as the compiler sees it.

Compiles all headers of a folder into one object with debug information and reads from it every
struct (size; offset, size and type of each member) and every enumeration constant; and from the
preprocessor every macro. What is printed is compared with golden/ by check_layout.py.

usage: layout.py INCLUDE_DIR
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ENTRY = re.compile(r"^ *<([0-9a-f]+)><([0-9a-f]+)>: Abbrev Number: (\d+)(?: \((DW_TAG_\w+)\))?")
ATTRIBUTE = re.compile(r"^ +<[0-9a-f]+> +(DW_AT_\w+) *: *(?:\(.*?\))?(.*)$")


class Die:
    """A debugging information entry: its tag, its attributes, its children."""

    def __init__(self, offset, depth, tag):
        self.offset, self.depth, self.tag = offset, depth, tag
        self.attributes, self.children = {}, []

    def name(self):
        return self.attributes.get("DW_AT_name", "").split(": ")[-1].strip()

    def number(self, attribute):
        value = self.attributes.get(attribute, "0").split()[0]
        return int(value, 0)

    def type(self, dies):
        reference = re.search(r"<0x([0-9a-f]+)>", self.attributes.get("DW_AT_type", ""))
        return dies[int(reference.group(1), 16)] if reference else None


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read_dies(dump):
    """Parses what readelf prints of .debug_info."""
    dies, stack, current = {}, [], None
    for line in dump.splitlines():
        entry = ENTRY.match(line)
        if entry:
            depth, offset, tag = int(entry.group(1), 16), int(entry.group(2), 16), entry.group(4)
            if tag is None:  # the end of a list of children
                continue
            current = Die(offset, depth, tag)
            dies[offset] = current
            del stack[depth:]
            if stack:
                stack[-1].children.append(current)
            stack.append(current)
            continue
        attribute = ATTRIBUTE.match(line)
        if attribute and current is not None:
            current.attributes[attribute.group(1)] = attribute.group(2).strip()
    return dies


def type_text(die, dies):
    """A type as C writes it, typedef names kept."""
    if die is None:
        return "void"
    inner = die.type(dies)
    if die.tag in ("DW_TAG_base_type", "DW_TAG_typedef"):
        return die.name()
    if die.tag == "DW_TAG_structure_type":
        return "struct " + die.name()
    if die.tag == "DW_TAG_const_type":
        return "const " + type_text(inner, dies)
    if die.tag == "DW_TAG_pointer_type":
        if inner is not None and inner.tag == "DW_TAG_subroutine_type":
            parameters = [type_text(c.type(dies), dies) for c in inner.children]
            return f"{type_text(inner.type(dies), dies)} (*)({', '.join(parameters)})"
        return type_text(inner, dies) + " *"
    if die.tag == "DW_TAG_array_type":
        bounds = [c.number("DW_AT_upper_bound") + 1 for c in die.children]
        return type_text(inner, dies) + "".join(f"[{b}]" for b in bounds)
    if die.tag == "DW_TAG_enumeration_type":
        return "enum " + die.name()
    raise SystemExit(f"layout.py: a type of kind {die.tag} has no place in this contract")


def type_size(die, dies):
    while die is not None and "DW_AT_byte_size" not in die.attributes:
        if die.tag == "DW_TAG_array_type":
            count = 1
            for child in die.children:
                count *= child.number("DW_AT_upper_bound") + 1
            return count * type_size(die.type(dies), dies)
        die = die.type(dies)
    return die.number("DW_AT_byte_size") if die is not None else 0


def describe_structs(dies):
    lines = []
    structs = [d for d in dies.values() if d.tag == "DW_TAG_structure_type" and d.name()
               and "DW_AT_declaration" not in d.attributes]
    for struct in sorted(structs, key=Die.name):
        lines.append(f"struct {struct.name()} size {struct.number('DW_AT_byte_size')}")
        for member in struct.children:
            kind = member.type(dies)
            lines.append(f"  {member.number('DW_AT_data_member_location'):4} "
                         f"{type_size(kind, dies):4} {member.name()}: {type_text(kind, dies)}")
    return lines


def describe_typedefs(dies):
    """Names of plain numbers, whose width is part of the contract."""
    lines = set()
    for die in dies.values():
        if die.tag == "DW_TAG_typedef" and die.name().startswith("patchbay_"):
            lines.add(f"typedef {die.name()} = {type_text(die.type(dies), dies)}")
    return sorted(lines)


def describe_constants(dies):
    constants = {}
    for die in dies.values():
        if die.tag == "DW_TAG_enumerator":
            constants[die.name()] = die.number("DW_AT_const_value")
    return [f"constant {name} = {value}" for name, value in sorted(constants.items())]


def describe_macros(dump):
    macro = re.compile(r"^#define ((?:PATCHBAY|ARROW)_\w+) (.+)$")
    found = (macro.match(line) for line in dump.splitlines())
    return sorted(f"macro {m.group(1)} = {m.group(2)}" for m in found if m)


def layout(include_dir):
    headers = sorted(Path(include_dir, "patchbay", "abi").glob("*.h"))
    if not headers:
        raise SystemExit(f"layout.py: no headers in {include_dir}/patchbay/abi")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "all.c")
        source.write_text("".join(f"#include <patchbay/abi/{h.name}>\n" for h in headers))
        flags = ["-std=c11", f"-I{include_dir}", str(source)]
        run("gcc", "-g", "-gdwarf-4", "-fno-eliminate-unused-debug-types", "-c", *flags, "-o",
            f"{folder}/all.o")
        dies = read_dies(run("readelf", "--debug-dump=info", "--wide", f"{folder}/all.o"))
        macros = run("gcc", "-E", "-dM", *flags)
    return (describe_structs(dies) + describe_typedefs(dies) + describe_constants(dies)
            + describe_macros(macros))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    print("\n".join(layout(sys.argv[1])))
