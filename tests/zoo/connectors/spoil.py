# SPDX-License-Identifier: Apache-2.0
"""Writes a copy of a library that no linker would make: spoil.py truncated|wrong_arch FROM TO"""

import sys
from pathlib import Path

kind, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
content = bytearray(source.read_bytes())
if kind == "truncated":
    del content[2048:]
elif kind == "wrong_arch":
    content[18:20] = (1).to_bytes(2, "little")  # e_machine: EM_M32
else:
    sys.exit(f"spoil.py: {kind} is neither truncated nor wrong_arch")
target.write_bytes(content)
target.chmod(0o644)
