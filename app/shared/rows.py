"""Many rows in one statement, in their order: what phones bring is written with.

PostgreSQL gets the rows of a table as one JSON parameter: one statement to plan whatever their
number, where a hundred visits bound value by value would be thousands of parameters.  (None is a
null of the column, also of a JSON column.)  Rows of several tables go there in one statement, too
(`Stroke`): a round trip costs as much as many rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Dialect, Table, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.shared.dialects import is_postgresql

Row = Mapping[str, Any]


class Stroke:
    """New rows of several tables, gathered to be written at one stroke: all of them, or none."""

    def __init__(self) -> None:
        self._rows: list[tuple[Table, Sequence[Row]]] = []

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Write `rows` of this table, too; a row that another needs is added before that one."""
        if rows:
            self._rows.append((table, rows))

    def write(self, session: Session) -> None:
        """Insert everything.  Raises DBAPIError where a key is taken: nothing is written then, or
        (on SQLite) the caller rolls back.
        """
        if not is_postgresql(session):
            for table, rows in self._rows:
                insert_all(session, table, rows)
            return
        tables = tuple((table, tuple(rows[0])) for table, rows in self._rows)
        given = {f"rows_{at}": _spelled(rows) for at, (_, rows) in enumerate(self._rows)}
        connection = session.connection()
        connection.exec_driver_sql(_at_one_stroke(tables, connection.dialect), given)


Into = Session | Stroke  # where rows go: written now, or with others later


def insert_all(into: Into, table: Table, rows: Sequence[Row]) -> None:
    """Insert `rows`, which name the same columns.  Raises DBAPIError."""
    if isinstance(into, Stroke):
        into.add(table, rows)
    elif rows and is_postgresql(into):
        into.execute(_from_json(table, tuple(rows[0])), {"rows": _spelled(rows)})
    elif rows:
        into.execute(sqlite_insert(table), list(rows))


@lru_cache(maxsize=128)
def _at_one_stroke(tables: tuple[tuple[Table, tuple[str, ...]], ...], dialect: Dialect) -> str:
    """Its text: SQLAlchemy would look so long a statement up anew each time it is used."""
    written = [
        _from_json(table, names, f"rows_{at}").cte(f"written_{at}")
        for at, (table, names) in enumerate(tables)
    ]
    return str(select(literal_column("1")).add_cte(*written).compile(dialect=dialect))


@lru_cache(maxsize=128)
def _from_json(table: Table, names: tuple[str, ...], parameter: str = "rows") -> Any:
    read = func.json_populate_recordset(
        literal_column(f"NULL::{table.name}"), cast(bindparam(parameter, type_=Text), JSON)
    ).table_valued(*names)
    chosen = select(*(read.c[name] for name in names))
    return postgresql_insert(table).from_select(names, chosen)


def _spelled(rows: Sequence[Row]) -> str:
    return json.dumps([dict(row) for row in rows], default=_plain)


def _plain(value: object) -> str:
    spell = _SPELLINGS.get(type(value))
    if spell is None:
        raise TypeError(f"{type(value).__name__} stands in no row")
    return spell(value)


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("naive datetime")
    return value.astimezone(UTC).isoformat()


_SPELLINGS: Mapping[type, Callable[[Any], str]] = {  # by exact type: a batch asks for thousands
    UUID: str, datetime: _instant, date: date.isoformat,
}  # fmt: skip
