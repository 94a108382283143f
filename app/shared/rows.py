"""Many rows of one table in one statement, in their order: what a phone's batch is written with.

PostgreSQL gets them as one JSON parameter: one statement to plan whatever their number, where a
hundred visits bound value by value would be thousands of parameters.  (None is a null of the
column, also of a JSON column.)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Table, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

Row = Mapping[str, Any]


def insert_all(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Insert `rows`, which name the same columns.  Raises DBAPIError."""
    _insert(session, table, rows, once=False)


def insert_new(session: Session, table: Table, rows: Sequence[Row]) -> bool:
    """Insert those of `rows` whose key is not taken; whether that was every one of them.

    Safe beside others who insert the same, as long as everybody keeps the order of the keys: of
    two one waits for the other's outcome.  Raises DBAPIError.
    """
    return _insert(session, table, rows, once=True) == len(rows)


def _insert(session: Session, table: Table, rows: Sequence[Row], *, once: bool) -> int:
    if not rows:
        return 0
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = _statement(table, tuple(rows[0]), on_postgresql, once)
    given: Any = {"rows": _spelled(rows)} if on_postgresql else list(rows)
    done: Any = session.execute(statement, given, execution_options={"preserve_rowcount": True})
    result: CursorResult[Any] = done
    return result.rowcount


@lru_cache(maxsize=128)
def _statement(table: Table, names: tuple[str, ...], on_postgresql: bool, once: bool) -> Any:
    statement: Any = _from_json(table, names) if on_postgresql else sqlite_insert(table)
    return statement.on_conflict_do_nothing() if once else statement


def _from_json(table: Table, names: tuple[str, ...]) -> Any:
    read = func.json_populate_recordset(
        literal_column(f"NULL::{table.name}"), cast(bindparam("rows", type_=Text), JSON)
    ).table_valued(*names)
    chosen = select(*(read.c[name] for name in names))
    return postgresql_insert(table).from_select(names, chosen)


def _spelled(rows: Sequence[Row]) -> str:
    return json.dumps([dict(row) for row in rows], default=_plain)


def _plain(value: object) -> str:
    match value:
        case datetime():
            if value.tzinfo is None:
                raise ValueError("naive datetime")
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(f"{type(value).__name__} stands in no row")
