# SPDX-License-Identifier: Apache-2.0
"""Obtains the official JSON Schema test suite from the source distribution of jsonschema on PyPI.

usage: fetch_suite.py DIRECTORY

Leaves the suite in DIRECTORY/json and does nothing where it is there already. Fails loudly where it
cannot be had: a suite that was not run must not look like one that passed.
"""

import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

VERSION = "4.25.1"  # its copy of the suite has 913 required tests of draft-07


def fetch(directory: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory(dir=directory) as temporary:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                   "--no-binary", "jsonschema", "--dest", temporary, f"jsonschema=={VERSION}"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if result.returncode != 0:
            sys.exit(f"cannot obtain the suite: {' '.join(command)}\n{result.stdout}{result.stderr}")
        archive = pathlib.Path(temporary) / f"jsonschema-{VERSION}.tar.gz"
        prefix = f"jsonschema-{VERSION}/json/"
        with tarfile.open(archive) as tar:
            members = [m for m in tar.getmembers() if m.isfile() and m.name.startswith(prefix)]
            for member in members:
                target = pathlib.Path(temporary) / "json" / member.name[len(prefix):]
                if ".." in target.parts:
                    sys.exit(f"{archive.name}: holds the path {member.name}")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tar.extractfile(member).read())
        # Renamed at the end, so that what is there is whole.
        (pathlib.Path(temporary) / "json").rename(directory / "json")


def main() -> None:
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    marker = directory / f"version-{VERSION}"
    if marker.exists() and (directory / "json" / "tests" / "draft7").is_dir():
        return
    shutil.rmtree(directory / "json", ignore_errors=True)
    fetch(directory)
    marker.touch()


main()
