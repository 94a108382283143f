"""The database as lines of JSON: one compressed file a table, out of one reading transaction.

Written and read a batch at a time, so memory stays the same whatever the size.  What follows
from the rows (the tallies, which triggers keep) is not written; it is counted anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, select, text

from app.backups.shelf import digest_of, private
from app.backups.values import reader, spell, tag_of
from app.shared.db import Base

DERIVED = frozenset({"visit_tally"})
BATCH = 1_000
_WIDE = {"packet": 4, "submission_edition": 50}  # rows at once: a province's list is megabytes
_BATCH_BYTES = 8 * 1024 * 1024
_LEVEL = 5  # of gzip


@dataclass(frozen=True, slots=True)
class Dumped:
    """One table's file: what columns of what type, how many rows, and the digests.

    `rows_sha256` is over the lines before compression: equal rows, equal digest.
    """

    table: str
    columns: list[tuple[str, str, bool]]  # name, tag, nullable
    rows: int
    sha256: str
    rows_sha256: str

    def plain(self) -> dict[str, Any]:
        """As the manifest holds it."""
        return asdict(self)


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at this moment, and nothing later."""
    moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    options = {} if engine.dialect.name == "sqlite" else moment
    with engine.connect().execution_options(**options) as connection:
        if engine.dialect.name == "sqlite":  # a reader's moment is its first read
            connection.execute(text("SELECT 1 FROM sqlite_schema")).first()
        no_hurry(connection)
        yield connection
        connection.rollback()


def no_hurry(connection: Connection) -> None:
    """A backup or a restore may take longer than pages may (`statement_timeout_s`)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def tables() -> list[Table]:
    """What is written, parents first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in DERIVED]


def write_tables(connection: Connection, folder: Path) -> list[Dumped]:
    """Write every table into `folder`.  Raises OSError."""
    return [_write(connection, table, folder / f"{table.name}.jsonl.gz") for table in tables()]


def _write(connection: Connection, table: Table, path: Path) -> Dumped:
    digest, count = hashlib.sha256(), 0
    with private(path) as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed:
        for line in _lines(connection, table):
            digest.update(line)
            packed.write(line)
            count += 1
    columns = [(c.name, tag_of(c), bool(c.nullable)) for c in table.columns]
    return Dumped(table.name, columns, count, digest_of(path), digest.hexdigest())


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    rows = connection.execute(
        select(table).order_by(*table.primary_key.columns),
        execution_options={"yield_per": _WIDE.get(table.name, BATCH)},
    )
    for row in rows:
        values = [spell(value) for value in row]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_rows(path: Path, dumped: Dumped) -> Iterator[list[dict[str, Any]]]:
    """A table's rows by column, a batch at a time.  Raises OSError, ValueError: it is damaged."""
    columns = [(name, reader(tag)) for name, tag, _ in dumped.columns]
    batch: list[dict[str, Any]] = []
    size_bytes = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            values = json.loads(line)
            pairs = zip(columns, values, strict=True)
            batch.append({name: read(value) for (name, read), value in pairs})
            size_bytes += len(line)
            if len(batch) == BATCH or size_bytes > _BATCH_BYTES:
                yield batch
                batch, size_bytes = [], 0
    if batch:
        yield batch
