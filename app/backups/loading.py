"""The database is emptied, and a backup's rows are written into tables of its own revision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, column, func, insert, select, table, text

from app.accounts.models import Account
from app.backups.checking import expect
from app.backups.dump import Dumped, no_hurry, read_rows
from app.backups.service import dumped_in
from app.backups.values import type_of
from app.shared.db import WRITES
from app.visits.models import Visit


def is_filled(engine: Engine) -> bool:
    """Whether people's records are in the database already."""
    with engine.connect() as connection:
        present = set(_reflected(connection).tables)
        for model in (Account, Visit):
            name = model.__tablename__
            if name in present and connection.execute(select(model.id).limit(1)).first():
                return True
    return False


def empty(engine: Engine, about_to_commit: Callable[[], None]) -> None:
    """Remove every table there is; what fails before `about_to_commit` changed nothing."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        no_hurry(connection)
        _reflected(connection).drop_all(connection)
        about_to_commit()


def load(engine: Engine, folder: Path, manifest: dict[str, Any]) -> int:
    """Write the backup's rows into the empty tables of its revision; returns how many.

    One transaction: all rows or none.  Raises BackupDamaged, OSError.
    """
    rows = 0
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        no_hurry(connection)
        for dumped in dumped_in(manifest):
            rows += _load_table(connection, folder, dumped)
        _advance_sequences(connection)
    return rows


def _load_table(connection: Connection, folder: Path, dumped: Dumped) -> int:
    into = table(
        dumped.table,
        *(column(name, type_of(tag, nullable=null)) for name, tag, null in dumped.columns),
    )
    connection.execute(into.delete())  # what the schema itself comes with
    for batch in read_rows(folder / "tables" / f"{dumped.table}.jsonl.gz", dumped):
        connection.execute(insert(into), batch)
    count = connection.scalar(select(func.count()).select_from(into)) or 0
    expect(count == dumped.rows, dumped.table)
    return count


def _advance_sequences(connection: Connection) -> None:
    """On PostgreSQL the next number of a table comes after those that were loaded."""
    if connection.dialect.name != "postgresql":
        return
    for each in _reflected(connection).tables.values():
        for key in each.primary_key.columns:
            named = {"table": each.name, "key": key.name}
            sequence = text("SELECT pg_get_serial_sequence(:table, :key)")
            if key.type.python_type is int and connection.scalar(sequence, named):
                newest = connection.scalar(select(func.max(key)))
                if newest:
                    advance = text("SELECT setval(pg_get_serial_sequence(:table, :key), :newest)")
                    connection.execute(advance, named | {"newest": newest})


def _reflected(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found
