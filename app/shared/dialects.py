"""Where the two databases differ in what our statements say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, any_, bindparam
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session


def is_postgresql(asked: Session | Connection) -> bool:
    """Whether the database behind it is one; else it is SQLite."""
    bind = asked.get_bind() if isinstance(asked, Session) else asked
    return bind.dialect.name == "postgresql"


def insert_into(session: Session, table: Any) -> Any:
    """An INSERT into a table or a model's that can say what to do where a key is taken
    (`on_conflict_do_nothing`, `on_conflict_do_update`).
    """
    return postgresql_insert(table) if is_postgresql(session) else sqlite_insert(table)


def among(column: Any, name: str, on_postgresql: bool) -> ColumnElement[bool]:
    """Whether `column` is one of the values that a statement is given as `name`, a list.

    On PostgreSQL they are one parameter: a statement with some hundred of them costs more to spell
    and to read than to answer.
    """
    if on_postgresql:
        condition: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(column.type)))
        return condition
    listed: ColumnElement[bool] = column.in_(bindparam(name, expanding=True))
    return listed
