# SPDX-License-Identifier: Apache-2.0
"""Installs Ajv into a build tree and lets it judge generated settings for our schemas.

usage: prepare.py DIRECTORY PROJECT

Leaves NAME.cases and NAME.verdicts in DIRECTORY for each schema. Fails loudly where npm or its
registry cannot be had: a comparison that was not made must not look like one that agreed.
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

SEED = 20240229
COUNT = 10_000
HERE = pathlib.Path(__file__).resolve().parent


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, timeout=280, **options)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return result.stdout


def install(directory: pathlib.Path) -> None:
    lock = (HERE / "package-lock.json").read_text()
    marker = directory / "installed-lock.json"
    if marker.exists() and marker.read_text() == lock:
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, directory / name)
    run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=directory)
    marker.write_text(lock)


def judge(directory, name, schema, shared, seed) -> None:
    """Generates settings and asks Ajv, unless that was done from the very same files before."""
    inputs = (HERE / "generate_settings.py", HERE / "verdicts.js", HERE / "package-lock.json",
              schema, shared)
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in inputs)).hexdigest()
    marker = directory / f"{name}.digest"
    verdicts = directory / f"{name}.verdicts"
    if verdicts.exists() and marker.exists() and marker.read_text() == digest:
        return
    cases = directory / f"{name}.cases"
    run([sys.executable, HERE / "generate_settings.py", str(seed), str(COUNT), cases, schema, shared])
    environment = os.environ | {"NODE_PATH": str(directory / "node_modules")}
    answer = run(["node", HERE / "verdicts.js", cases, schema, shared], env=environment)
    shutil.copyfile(schema, directory / f"{name}.schema")
    verdicts.write_text(answer)
    marker.write_text(digest)


def main() -> None:
    directory, project = map(pathlib.Path, sys.argv[1:3])
    directory.mkdir(parents=True, exist_ok=True)
    install(directory)

    schemas = project / "schemas"
    shared = schemas / "shared.schema.json"
    tls = directory / "tls.schema.json"
    tls.write_text(json.dumps({"$ref": "urn:patchbay:shared:1#/definitions/tls"}))
    subjects = {
        "postgresql": schemas / "examples" / "postgresql.settings.schema.json",
        "tls": tls,
        "connections": schemas / "connections.schema.json",
        "manifest": schemas / "manifest.schema.json",
        "warehouse": project / "tests" / "bench" / "settings" / "warehouse.settings.schema.json",
    }
    for schema in sorted(project.glob("plugins/*/settings.schema.json")):
        subjects[schema.parent.name] = schema
    for number, (name, schema) in enumerate(subjects.items()):
        judge(directory, name, schema, shared, SEED + number)


main()
