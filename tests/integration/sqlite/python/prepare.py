# SPDX-License-Identifier: Apache-2.0
"""Makes a virtual environment with pyarrow from PyPI.

usage: prepare.py DIRECTORY

Does nothing where it is there already. Fails loudly where it cannot be had: a comparison that was not
made must not look like one that passed.
"""

import pathlib
import shutil
import subprocess
import sys
import venv

VERSION = "26.0.1"


def main() -> None:
    directory = pathlib.Path(sys.argv[1])
    marker = directory / f"pyarrow-{VERSION}"
    if marker.exists():
        return
    shutil.rmtree(directory, ignore_errors=True)
    venv.create(directory, with_pip=True)
    command = [str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet",
               "--only-binary", ":all:", f"pyarrow=={VERSION}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=280)
    if result.returncode != 0:
        sys.exit(f"cannot obtain pyarrow: {' '.join(command)}\n{result.stdout}{result.stderr}")
    marker.touch()


main()
