"""What is due, as the board asks for it: by quarter, by fiscal year, and from today on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.rounds.calendar import Occurrence, occurrences
from app.rounds.programme import (
    Programme,
    programme_key,
    programme_of_year,
    programmes_in_force,
)
from app.shared.clock import Quarter


@dataclass(frozen=True, slots=True)
class Calendar:
    """A quarter with the programme it falls under, if there is one, and what is due."""

    quarter: Quarter
    programme: Programme | None

    @property
    def key(self) -> str:
        """What submissions call the programme; empty without one."""
        return programme_key(self.programme) if self.programme else ""

    @property
    def year(self) -> tuple[Occurrence, ...]:
        """Everything due under the programme, by due day."""
        return occurrences(self.programme) if self.programme else ()

    @property
    def of_quarter(self) -> tuple[Occurrence, ...]:
        """What counts for the quarter, by due day."""
        return tuple(one for one in self.year if one.quarter == self.quarter)

    @property
    def to_date(self) -> tuple[Occurrence, ...]:
        """What counts for the fiscal year up to the quarter, by due day."""
        return tuple(one for one in self.year if one.quarter <= self.quarter)

    @property
    def counted_until(self) -> date:
        """The last day that can still tell of the quarter: its reports are due after its end."""
        return max([self.quarter.last_day, *(one.due_by for one in self.of_quarter)])


def calendar_of(quarter: Quarter) -> Calendar:
    """The quarter's calendar."""
    return Calendar(quarter, programme_of_year(quarter.fiscal_year))


def usual_quarter(today: date) -> Quarter:
    """The quarter a board opens with: the newest of which anything is open by now.

    A quarter's reports are due after its end and two quarters may run at a time; the later one is
    the one that is still being worked on.  Without a programme, the running quarter.
    """
    opened = [one.quarter for programme in programmes_in_force() for one in occurrences(programme)
              if one.is_open(today)]  # fmt: skip
    running = Quarter.of_day(today)
    return max((quarter for quarter in opened if quarter <= running), default=running)


def everything_due() -> list[tuple[Programme, Occurrence]]:
    """Everything due under all programmes in force, by due day."""
    found = [(one, due) for one in programmes_in_force() for due in occurrences(one)]
    return sorted(found, key=lambda pair: (pair[1].due_by, pair[1].key))


def programme_of(occurrence: Occurrence) -> Programme | None:
    """The programme in force under which something is due."""
    return next((one for one in programmes_in_force() if occurrence in occurrences(one)), None)


def quarters_offered(today: date) -> list[Quarter]:
    """Quarters worth offering, newest first: those of every programme, and the running one."""
    running = Quarter.of_day(today)
    known = {due.quarter for _programme, due in everything_due()} | {running}
    quarter, found = min(known), []
    while quarter <= max(running, min(max(known), running.next())):
        found.append(quarter)
        quarter = quarter.next()
    return found[::-1]
