# SPDX-License-Identifier: Apache-2.0
"""Compares what the connector delivers with what Python's sqlite3 reads, value by value.

usage: compare.py BRIDGE CONNECTORS

A corpus of every declared type and every storage class is generated; what each value must become is the
type table of plugins/sqlite/README.md, written down here a second time. pyarrow takes the streams over
through the C data interface and validates every batch in full.
"""

import ctypes
import json
import math
import pathlib
import random
import sqlite3
import sys
import tempfile

import pyarrow as pa

INT, REAL, TEXT, BLOB = pa.int64(), pa.float64(), pa.utf8(), pa.binary()
ROWS = "by the first rows"

DECLARED = {
    "INTEGER": INT, "int": INT, "BIGINT": INT, "SMALLINT": INT, "UNSIGNED BIG INT": INT, "INT8": INT,
    "TEXT": TEXT, "CHARACTER(20)": TEXT, "VARCHAR(255)": TEXT, "nchar(55)": TEXT, "CLOB": TEXT,
    "BLOB": BLOB, "LONGBLOB": BLOB, "REAL": REAL, "DOUBLE": REAL, "DOUBLE PRECISION": REAL,
    "FLOAT": REAL, "NUMERIC": REAL, "DECIMAL(10,5)": REAL, "MONEY": REAL, "BOOLEAN": INT,
    "DATE": ROWS, "DATETIME": ROWS, "TIMESTAMP": ROWS, "JSON": ROWS, "UUID": ROWS, "POINT": ROWS,
    "INTERVAL": ROWS, "": ROWS,
}
CLASSES = ("integer", "real", "text", "blob", "null")


def corpus(randomness):
    """Values of every storage class, the odd ones first."""
    integers = [0, 1, -1, 2**53, 2**53 + 1, -2**53 - 1, 2**63 - 1, -2**63, 2**31, -2**31 - 1]
    reals = [0.1 + 0.2, -0.5, 1e300, 5e-324, math.inf, -math.inf, 1e20, 123456789.123456789, 2.5]
    texts = ["", "a", "grüße", "\U0001f600" * 3, "it's \"quoted\"", "line\nline", "x" * 5000, "1a", "a\0b"]
    blobs = [b"", b"\0", b"\xff\xfe", bytes(range(256)), b"text"]
    for _ in range(60):
        integers.append(randomness.randint(-2**63, 2**63 - 1) >> randomness.randint(0, 63))
        reals.append(randomness.uniform(-1, 1) * 10.0 ** randomness.randint(-300, 300))
        texts.append("".join(chr(randomness.choice((65, 228, 8364, 128512)))
                             for _ in range(randomness.randint(1, 40))))
        blobs.append(randomness.randbytes(randomness.randint(0, 60)))
    return integers + reals + texts + blobs + [None] * 5


def holds(number):
    """Whether a double holds an integer exactly."""
    return int(float(number)) == number and abs(number) <= 2**63


def by_rows(values):
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return INT
    if float in kinds and kinds <= {int, float}:
        return REAL if all(holds(v) for v in values if isinstance(v, int)) else TEXT
    return BLOB if kinds == {bytes} else TEXT


def expected(value, kind):
    """What a value becomes in a column, or LookupError where it does not fit."""
    if value is None:
        return None
    if kind == INT and isinstance(value, int):
        return value
    if kind == REAL and (isinstance(value, float) or isinstance(value, int) and holds(value)):
        return float(value)
    if kind == TEXT and not isinstance(value, bytes):
        return value if isinstance(value, str) else (str(value) if isinstance(value, int) else value)
    if kind == BLOB and isinstance(value, bytes):
        return value
    raise LookupError


def same(found, wanted):
    if isinstance(wanted, float) and isinstance(found, str):
        return float(found) == wanted and (math.isinf(wanted) or "." in found)
    return type(found) is type(wanted) and found == wanted


class Bridge:
    def __init__(self, library, connectors):
        self.library = ctypes.CDLL(library)
        self.connectors = connectors.encode()
        for function in (self.library.bridge_read, self.library.bridge_read_child):
            function.restype = ctypes.c_char_p

    def arguments(self, file, query, options):
        settings = {"connection": {"method": "params", "path": str(file), "mode": "read-only"}, **options}
        return self.connectors, json.dumps(settings).encode(), json.dumps({"query": query}).encode()

    def read(self, file, query, **options):
        """A table, or the error as text."""
        stream = ctypes.create_string_buffer(64)  # an ArrowArrayStream has 40 bytes
        address = ctypes.addressof(stream)
        error = self.library.bridge_read(*self.arguments(file, query, options), ctypes.c_void_p(address))
        if error is not None:
            return error.decode()
        try:
            table = pa.RecordBatchReader._import_from_c(address).read_all()
        except (pa.ArrowException, OSError) as failure:
            return str(failure)
        table.validate(full=True)
        return table

    def read_child(self, file, query, column):
        array, schema = ctypes.create_string_buffer(128), ctypes.create_string_buffer(128)
        error = self.library.bridge_read_child(
            *self.arguments(file, query, {}), ctypes.c_int64(column),
            ctypes.c_void_p(ctypes.addressof(array)), ctypes.c_void_p(ctypes.addressof(schema)))
        if error is not None:
            raise AssertionError(error.decode())
        return pa.Array._import_from_c(ctypes.addressof(array), ctypes.addressof(schema))


def compare(bridge, file, query, values, kind, counts, **options):
    """values: what Python reads for the query, whose one column has the name v."""
    found = bridge.read(file, query, **options)
    wanted, misfit = [], None
    for row, value in enumerate(values, start=1):
        try:
            wanted.append(expected(value, kind))
        except LookupError:
            misfit = row
            break
    if misfit is not None:
        place = f'row {misfit}, column "v": found '
        assert isinstance(found, str) and place in found, f"{query}: {place} not in {found}"
        counts["errors"] += 1
        return
    assert not isinstance(found, str), f"{query}: {found}"
    assert found.schema.field("v").type == kind, f"{query}: {found.schema}, not {kind}"
    column = found.column("v").to_pylist()
    assert len(column) == len(wanted), f"{query}: {len(column)} rows, not {len(wanted)}"
    for row, (one, other) in enumerate(zip(column, wanted)):
        assert same(one, other), f"{query}: row {row}: {one!r}, not {other!r}"
    counts["values"] += len(wanted)


def main():
    bridge = Bridge(*sys.argv[1:3])
    seed = 20240229
    counts = {"values": 0, "errors": 0}
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "corpus.db"
        database = sqlite3.connect(file)
        for number, declared in enumerate(DECLARED):
            database.execute(f"CREATE TABLE t{number} (v {declared})")
            database.executemany(f"INSERT INTO t{number} VALUES (?)",
                                 [(value,) for value in corpus(random.Random(seed))])
        database.commit()
        for number, (declared, kind) in enumerate(DECLARED.items()):
            selections = [f"typeof(v) = '{storage}'" for storage in CLASSES]
            selections += ["1", "typeof(v) IN ('integer', 'real')", "typeof(v) IN ('text', 'null')"]
            for selection in selections:
                query = f"SELECT v FROM t{number} WHERE {selection} ORDER BY rowid"
                values = [row[0] for row in database.execute(query)]
                decided = by_rows(values) if kind == ROWS else kind
                compare(bridge, file, query, values, decided, counts)
                undeclared = TEXT if kind == ROWS else kind
                compare(bridge, file, query, values, undeclared, counts,
                        column_types="text-if-undeclared")
                compare(bridge, file, query, values, BLOB if kind == BLOB else TEXT, counts,
                        column_types="text")
        text = "SELECT v FROM t6 WHERE typeof(v) = 'text' ORDER BY rowid"
        child = bridge.read_child(file, text, 0)
        child.validate(full=True)
        assert child.to_pylist() == [row[0] for row in database.execute(text)]
        database.close()
    assert counts["values"] > 20_000 and counts["errors"] > 100, counts
    print(f"equal: {counts['values']} values; refused with their row: {counts['errors']} columns; "
          f"seed {seed}")


main()
