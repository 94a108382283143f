"""Cells: how one thing that is due stands for one unit, or for all centres of a district.  Pure.

A state says what is to be done next and by whom; late is a fact beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from app.rounds.calendar import Occurrence

CellState = Literal[
    "not_open",  # its time has not come
    "draft",  # open, not sent, still in time
    "missing",  # not sent, and the day has passed
    "phone",  # not sent, and phones of the unit hold records that did not arrive
    "returned",  # to be mended
    "submitted",  # to be checked
    "accepted",
    "waived",
]
STATES: tuple[CellState, ...] = (
    "returned", "missing", "phone", "draft", "submitted", "not_open", "accepted", "waived",
)  # fmt: skip
"""In the order in which they want attention."""
UNSENT: frozenset[CellState] = frozenset({"draft", "missing", "phone"})


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of one submission."""

    id: UUID
    state: CellState
    late: bool
    edition: int = 0
    to_mend: int = 0  # items its reviewer sent back


@dataclass(frozen=True, slots=True)
class Cell:
    """One occurrence for one unit, or for the `units` centres of a district together."""

    occurrence: Occurrence
    unit_code: str
    state: CellState
    late: bool = False
    sent: Sent | None = None
    on_phones: int = 0
    counts: Mapping[CellState, int] = field(default_factory=dict)

    @property
    def units(self) -> int:
        """How many units it speaks for."""
        return sum(self.counts.values())

    @property
    def arrived(self) -> int:
        """How many of them sent something, or need not."""
        return self.units - sum(self.counts.get(state, 0) for state in (*UNSENT, "not_open"))


def cell_of(
    occurrence: Occurrence, unit_code: str, sent: Sent | None, on_phones: int, today: date
) -> Cell:
    """How `occurrence` stands for one unit on the Bangkok day `today`."""
    late = sent.late if sent else occurrence.is_late(today)
    state: CellState
    if sent:
        state = sent.state
    elif not occurrence.is_open(today):
        state = "not_open"
    elif on_phones:
        state = "phone"
    else:
        state = "missing" if late else "draft"
    return Cell(occurrence, unit_code, state, late, sent, on_phones, {state: 1})


def together(occurrence: Occurrence, unit_code: str, cells: Iterable[Cell]) -> Cell | None:
    """The cells of a district's centres as one; None where it has none."""
    found = list(cells)
    if not found:
        return None
    counts = Counter(cell.state for cell in found)
    state = next(state for state in STATES if counts[state])
    late = any(cell.late and cell.state in UNSENT for cell in found)
    phones = sum(cell.on_phones for cell in found)
    return Cell(occurrence, unit_code, state, late, None, phones, counts)
