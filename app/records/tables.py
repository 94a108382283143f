"""Records of a kind as a table to take away: nothing personal, no ids of other records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from app.areas.words import place_words
from app.records.fields import Field
from app.records.kinds import RecordKind
from app.records.words import value_words
from app.shared.tables import Cell, Column, Row, write_csv


def csv_of(kind: RecordKind, labels: Mapping[str, LazyString], rows: Iterator[Any]) -> IO[bytes]:
    """The records as CSV; the open file stands at its beginning."""
    fields = [f for f in kind.fields if not f.personal and f.type not in ("ref", "refs")]
    columns = [
        Column(_("Centre code"), 10), Column(_("Centre"), 30), Column(_("District"), 20),
        *(Column(str(labels.get(f.name, f.name)), 24) for f in fields),
        Column(_("Record"), 38),
    ]  # fmt: skip
    return write_csv(columns, _lines(kind, fields, rows))


def _lines(kind: RecordKind, fields: list[Field], rows: Iterator[Any]) -> Iterator[Row]:
    value, place = value_words(kind), place_words()
    for row in rows:
        centre = (row.centre.code, row.centre.name) if row.centre else (None, None)
        cells = [_cell(field, getattr(row, field.name), value) for field in fields]
        yield *centre, place(row.district_code), *cells, str(row.id)


def _cell(field: Field, fact: Any, value: Callable[[str, object], str]) -> Cell:
    """A field in a table: days and numbers as such, the rest in words."""
    if field.type in ("day", "whole"):
        cell: Cell = fact
        return cell
    return value(field.name, fact) if fact else None
