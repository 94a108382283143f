"""Punctuality: how much of what was due arrived on time.  Pure.

Late is what was first sent after the day it was due (office days); missing is what was not sent
although the day has passed.  What was waived, and what is not due yet, is in no denominator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.board.cells import UNSENT, Cell


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Reports that were due: on time, late, missing."""

    on_time: int = 0
    late: int = 0
    missing: int = 0

    @property
    def due(self) -> int:
        """All of them: the denominator."""
        return self.on_time + self.late + self.missing

    @property
    def percent(self) -> float | None:
        """On time, in percent of what was due; None where nothing was."""
        return 100 * self.on_time / self.due if self.due else None

    def __add__(self, other: Punctuality) -> Punctuality:
        return Punctuality(
            self.on_time + other.on_time, self.late + other.late, self.missing + other.missing
        )


def punctuality_of(cells: Iterable[Cell]) -> Punctuality:
    """Of single units' cells."""
    on_time = late = missing = 0
    for cell in cells:
        if cell.sent and cell.state != "waived":
            late += cell.late
            on_time += not cell.late
        elif cell.state in UNSENT and cell.late:
            missing += 1
    return Punctuality(on_time, late, missing)
