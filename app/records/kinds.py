"""Kinds of records: what each one is, where it is kept, who writes it.

A slice registers its kinds when it is imported; the sync API, the phone's forms, the review and the
packets go through `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.accounts.rules import Role
from app.records.draft import Draft
from app.records.fields import Field
from app.rounds.programme import Programme
from app.shared.errors import Problem

Check = Callable[[Draft, Programme], list[Problem]]
Derive = Callable[[Draft, Programme], Mapping[str, object]]
Level = Literal["centre", "district", "either"]  # what a record is about


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind.  `name` is also its table and what phones call it."""

    name: str
    model: Any  # a table with the columns of `Entry`
    fields: tuple[Field, ...]
    day: str  # the field whose day says when it was
    level: Level
    writers: tuple[Role, ...]
    searched: tuple[str, ...] = ()
    check: Check = lambda _draft, _programme: []
    derive: Derive = lambda _draft, _programme: {}  # columns that follow from the fields

    def field(self, name: str) -> Field:
        """The field of this name.  Raises KeyError."""
        found = next((field for field in self.fields if field.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    @property
    def personal(self) -> frozenset[str]:
        """Fields whose values no history keeps."""
        return frozenset(field.name for field in self.fields if field.personal)


KINDS: dict[str, RecordKind] = {}


def register_kind(kind: RecordKind) -> RecordKind:
    """Make the kind known.  Twice is harmless."""
    KINDS[kind.name] = kind
    return kind
