"""The strip of sectors: which have members in an order, how many, and which are missing.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.rounds.programme import Choice


@dataclass(frozen=True, slots=True)
class Cell:
    """One sector of the strip and how many members it has."""

    key: str
    words: str
    members: int


def strip_of(
    members: Iterable[Mapping[str, Any]], sectors: Sequence[Choice], locale: str
) -> list[Cell]:
    """A cell for every sector of the programme, in its order; empty ones are what is missing.

    A sector that the programme no longer lists is left out: it fills nobody's place.
    """
    named = [member.get("sector") for member in members]
    return [Cell(one.key, one.in_(locale), named.count(one.key)) for one in sectors]


def missing(strip: Iterable[Cell]) -> list[Cell]:
    """The sectors without a member."""
    return [cell for cell in strip if not cell.members]
