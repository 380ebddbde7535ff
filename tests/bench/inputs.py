# SPDX-License-Identifier: Apache-2.0
"""Makes what the benchmarks read: bundles by the thousand, and SQLite databases."""

import json
import shutil
import sqlite3
import uuid

SCHEMA_BYTES = 5 * 1024
REQUEST_SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Rows",
    "type": "object",
    "additionalProperties": False,
    "required": ["table"],
    "properties": {
        "table": {"type": "string", "title": "Table", "minLength": 1},
        "limit": {"type": "integer", "title": "Limit", "minimum": 0},
    },
}


def text_property(title, pattern, message, example):
    return {
        "type": "string",
        "title": title,
        "description": f"The {title.lower()} that the source is asked for.",
        "pattern": pattern,
        "x-pattern-message": message,
        "default": example,
    }


def settings_schema(number, identity):
    """A schema of about 5 KiB with six patterns, which no other bundle has."""
    properties = {
        "host": text_property(
            "Host", "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "A host name", f"source-{number}"
        ),
        "database": text_property(
            "Database", f"^(db{number}|[A-Za-z_][A-Za-z0-9_]*)$", "A name", "shop"
        ),
        "role": text_property(
            "Role", f"^role{number}(-[a-z]+)*$", "A role", f"role{number}-reader"
        ),
        "region": text_property(
            "Region", "^[a-z]{2}-(north|south|east|west)-[0-9]$", "A region", "eu-west-1"
        ),
        "day": text_property(
            "First day", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "YYYY-MM-DD", "2024-01-31"
        ),
        "path": text_property(
            "Path", f"^/(data|srv)/{number}(/[^/]+)*$", "A path", f"/data/{number}/in"
        ),
    }
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"urn:patchbay:connector:{identity}:settings:1",
        "title": f"Source {number}",
        "type": "object",
        "additionalProperties": False,
        "required": ["host"],
        "properties": properties,
    }
    while len(json.dumps(schema, indent=2)) < SCHEMA_BYTES:
        limit = len(properties)
        properties[f"limit_{limit}"] = {
            "type": "integer",
            "title": f"Limit {limit}",
            "description": "At most so many of them at a time; a source says what it can bear.",
            "minimum": 1,
            "maximum": 65535,
            "default": limit,
        }
    return schema


def make_bundles(root, count, library):
    """Bundles that discovery finds usable. They share one library: nothing of it is run."""
    for number in range(count):
        identity = uuid.uuid5(uuid.NAMESPACE_URL, f"patchbay-bench-{number}")
        bundle = root / f"source{number:04}"
        bundle.mkdir(parents=True)
        manifest = {
            "manifest_version": 1,
            "id": f"source{number}|{identity}",
            "title": f"Source {number}",
            "version": "1.0.0",
            "vendor": "Patchbay",
            "license": "Apache-2.0",
            "description": "Stands in a benchmark's root.",
            "abi": {"major": 0, "min_minor": 1},
            "library": "source.so",
            "settings_schema": "settings.schema.json",
            "request_schema": "request.schema.json",
            "provides": ["patchbay.connector/1", "patchbay.source/1"],
            "url_schemes": [],
            "mode": "read",
            "threading": "session",
        }
        files = {
            "connector.json": manifest,
            "settings.schema.json": settings_schema(number, identity),
            "request.schema.json": {
                **REQUEST_SCHEMA,
                "$id": f"urn:patchbay:connector:{identity}:request:1",
            },
            "settings.example.json": {"host": f"source-{number}"},
        }
        for name, content in files.items():
            (bundle / name).write_text(json.dumps(content, indent=2))
        shutil.copy(library, bundle / "source.so")


# Column definitions, and for each column the value in row i.
TABLES = {
    "ints": {
        "id INTEGER PRIMARY KEY": "i",
        "a INTEGER": "i * 7919 % 1000003",
        "b INTEGER": "CASE WHEN i % 10 = 0 THEN NULL ELSE i % 256 END",
        "c INTEGER": "i * 1000003 * 1000003",
    },
    "mixed": {
        "id INTEGER PRIMARY KEY": "i",
        "customer INTEGER": "i * 7919 % 50000",
        "price REAL": "(i % 100000) / 100.0",
        "discount REAL": "CASE WHEN i % 4 = 0 THEN NULL ELSE (i % 30) / 100.0 END",
        "status TEXT": "substr('open  paid  sentlost', 1 + i % 4 * 5, 4)",
        "note TEXT": "CASE WHEN i % 3 = 0 THEN NULL ELSE 'order ' || i || ' of the day' END",
    },
    "texts": {
        "id INTEGER PRIMARY KEY": "i",
        **{
            f"{name} TEXT": f"CASE WHEN i % {nulls} = 0 THEN NULL ELSE "
            f"substr(printf('%d %0*d', i * 7919, 190, i), 1, 50 + i * {step} % 151) END"
            for name, nulls, step in (("first", 11, 7), ("second", 7, 13), ("third", 5, 29))
        },
    },
    "narrow": {
        "id INTEGER PRIMARY KEY": "i",
        "quantity INTEGER": "i % 1000",
        "price REAL": "(i % 100000) / 100.0",
        "sold INTEGER": "i % 2",
    },
}


def make_database(path, row_counts):
    """A file with the tables named, each of so many rows."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    for table, rows in row_counts.items():
        columns = TABLES[table]
        database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        database.execute(
            "WITH RECURSIVE counter(i) AS "
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM counter WHERE i < {rows}) "
            f"INSERT INTO {table} SELECT {', '.join(columns.values())} FROM counter"
        )
    database.commit()
    database.close()
