"""Keyset paging: "the fifty after this one", never "skip ten thousand".

The cursor in the address is the sort key of the last row shown, as base64 JSON.  It is not
signed: it opens nothing, because every page applies the reader's scope anew.  One that does
not decode to the expected types is answered with 400, never passed to the database.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.shared.errors import DomainError

PAGE_SIZE = 50
_LONGEST_CURSOR = 600  # characters; ours are under 200

T = TypeVar("T")
Key = Sequence[InstrumentedAttribute[Any]]


class BadCursor(DomainError):
    """The page address was cut short or tampered with."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the cursor that asks for those after them (None at the end)."""

    items: Sequence[T]
    next_cursor: str | None


def page_of(
    session: Session,
    statement: Select[T],
    key: Key,
    *,
    after: str | None = None,
    descending: bool = False,
    size: int = PAGE_SIZE,
) -> Page[T]:
    """Read one page of `statement`, a select of one entity, in the order of `key`.

    `key` must be unique and never null: end it with the id.  Raises BadCursor.
    """
    order = [column.desc() if descending else column.asc() for column in key]
    if after:
        statement = statement.where(_beyond(key, decode_cursor(after, key), descending))
    rows = list(session.scalars(statement.order_by(*order).limit(size + 1)))
    more = len(rows) > size
    shown = rows[:size]
    last = [getattr(shown[-1], column.key) for column in key] if more else []
    return Page(shown, encode_cursor(last) if more else None)


def _beyond(key: Key, values: Sequence[object], descending: bool) -> ColumnElement[bool]:
    columns = tuple_(*key)
    mark = tuple_(*(literal(v, c.type) for v, c in zip(values, key, strict=True)))
    return columns < mark if descending else columns > mark


def encode_cursor(values: Sequence[object]) -> str:
    """Write sort-key values as an address-safe cursor."""
    plain = [v.isoformat() if isinstance(v, date) else _plain(v) for v in values]
    packed = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return urlsafe_b64encode(packed).decode().rstrip("=")


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def decode_cursor(cursor: str, key: Key) -> list[object]:
    """Read a cursor back as the values of `key`'s types.  Raises BadCursor."""
    try:
        if len(cursor) > _LONGEST_CURSOR:
            raise BadCursor
        padded = cursor + "=" * (-len(cursor) % 4)
        plain = json.loads(urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(plain, list):
            raise BadCursor
        return [_typed(v, c.type.python_type) for v, c in zip(plain, key, strict=True)]
    except (ValueError, OverflowError, binascii.Error, RecursionError) as error:
        raise BadCursor from error


def _typed(value: object, wanted: type) -> object:
    """Check one value against its column's type; ids and dates travel as text."""
    match value:
        case str() if wanted is UUID:
            return UUID(value)
        case str() if wanted is date:
            return date.fromisoformat(value)
        case str() if wanted is datetime:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise BadCursor
            return moment.astimezone(UTC)  # what lies before year 1 overflows here, not later
        case str() if wanted is str and "\x00" not in value:
            value.encode()  # half a character is no text
            return value
        case int() if wanted is int and not isinstance(value, bool) and abs(value) < 2**63:
            return value
    raise BadCursor
