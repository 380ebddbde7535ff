#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles every header of the contract and of the SDK on its own, in every language it promises.

usage: compile_headers.py [--clang NAME]
"""
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HEADERS = Path(__file__).resolve().parent.parent.parent / "plugin-api" / "include"
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wshadow", "-Wconversion"]
C_STANDARDS = ["c11", "c17"]
CXX_STANDARDS = ["c++11", "c++17", "c++23"]


def compile_alone(header, compiler, language, standard):
    source = (f"#include <{header.relative_to(HEADERS)}>\n"
              # C does not allow a file without a declaration.
              "typedef int compiled_alone;\n")
    command = [*compiler, f"-std={standard}", *WARNINGS, "-fsyntax-only", f"-I{HEADERS}",
               "-x", language, "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"{header}: {' '.join(command)}\n{done.stderr}"


def jobs(clang):
    for header in sorted((HEADERS / "patchbay" / "abi").glob("*.h")):
        for standard in C_STANDARDS:
            yield header, ["gcc"], "c", standard
            yield header, [f"clang{clang}"], "c", standard
        for standard in CXX_STANDARDS:
            yield header, ["g++"], "c++", standard
            yield header, [f"clang++{clang}"], "c++", standard
    for header in sorted((HEADERS / "patchbay" / "sdk").glob("*.hpp")):
        yield header, ["g++"], "c++", "c++23"
        yield header, [f"clang++{clang}"], "c++", "c++23"


def main(arguments):
    clang = arguments[1] if arguments[:1] == ["--clang"] else "-19"
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(compile_alone, *job) for job in jobs(clang)]
        faults = [fault for fault in (r.result() for r in running) if fault]
    print("\n".join(faults))
    print(f"{len(running) - len(faults)} of {len(running)} headers compile alone")
    return 1 if faults or not running else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
