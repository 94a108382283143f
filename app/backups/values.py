"""One value of a row as JSON, and back: the same text whichever database it came from.

UUID and dates as their standard spelling, instants in UTC, decimals as text so that no digit is
lost, bytes as base64.  Pure.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from app.shared.db import UtcDateTime


class UnknownType(Exception):
    """A column of a type that a backup cannot spell: a change of `values.py` is due."""


_TAGS: tuple[tuple[type[Any], str], ...] = (  # the first that fits, subclasses first
    (UtcDateTime, "instant"), (Uuid, "uuid"), (Boolean, "bool"), (Date, "day"), (JSON, "json"),
    (Float, "float"), (Numeric, "decimal"), (Integer, "int"), (LargeBinary, "bytes"),
    (String, "text"),
)  # fmt: skip


def tag_of(column: Column[Any]) -> str:
    """The word for the column's type in a backup.  Raises UnknownType."""
    for kind, tag in _TAGS:
        if isinstance(column.type, kind):
            return tag
    raise UnknownType(f"{column.table.name}.{column.name}: {column.type!r}")


def type_of(tag: str, *, nullable: bool) -> TypeEngine[Any]:
    """The type to write a column of this tag with.  Raises KeyError."""
    made: dict[str, TypeEngine[Any]] = {
        "instant": UtcDateTime(), "uuid": Uuid(), "bool": Boolean(), "day": Date(),
        "json": JSON(none_as_null=nullable), "float": Float(), "decimal": Numeric(),
        "int": BigInteger(), "bytes": LargeBinary(), "text": String(),
    }  # fmt: skip
    return made[tag]


def spell(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    return value


_READ: dict[str, Callable[[Any], Any]] = {
    "instant": datetime.fromisoformat,
    "uuid": UUID,
    "day": date.fromisoformat,
    "decimal": Decimal,
    "bytes": b64decode,
}


def reader(tag: str) -> Callable[[Any], Any]:
    """What turns a value of this tag back; None stays None."""
    read = _READ.get(tag)
    if read is None:
        return lambda value: value
    return lambda value: None if value is None else read(value)
