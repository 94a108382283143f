"""The sheet: rounds by units.  Read in a fixed number of queries, however many units there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.board.cells import UNSENT, Cell, Sent, cell_of, together
from app.board.due import Calendar
from app.devices.queries import UnsentSummary, unsent_by_centre, unsent_by_district
from app.review.models import Submission
from app.review.owed import items_to_mend
from app.review.queries import submissions_in_scope
from app.review.units import Unit, units_of
from app.rounds.calendar import Occurrence

CAPTURED = {"visits", "followups", "photos", "activities"}  # written where there is no network
SentOf = Mapping[tuple[str, str], Sent]  # by occurrence and unit


@dataclass(frozen=True, slots=True)
class Units:
    """Who owes something within an actor's scope, and what their phones still hold."""

    districts: Sequence[Unit]
    centres: Sequence[Unit]
    unsent: Mapping[str, UnsentSummary]  # by district code
    unsent_of_centres: Mapping[UUID, UnsentSummary]

    def of_district(self, code: str) -> list[Unit]:
        """The centres of a district that owe something."""
        return [centre for centre in self.centres if centre.district_code == code]

    def on_phones(self, unit: Unit) -> int:
        """How many records and photos the phones of a unit hold unsent."""
        if unit.centre_id:
            found = self.unsent_of_centres.get(unit.centre_id)
        else:
            found = self.unsent.get(unit.code)
        return found.items if found else 0


def units_in(session: Session, actor: Actor) -> Units:
    """Everybody in scope.  Four queries."""
    return Units(
        units_of(session, actor, "district"),
        units_of(session, actor, "centre"),
        unsent_by_district(session, actor),
        unsent_by_centre(session, actor),
    )


def sent_of(
    session: Session, actor: Actor, programme: str, occurrences: Collection[str]
) -> dict[tuple[str, str], Sent]:
    """What was sent for these occurrences of a programme (its key).  Two queries at most."""
    if not occurrences:
        return {}
    wanted = submissions_in_scope(actor).where(
        Submission.programme == programme, Submission.occurrence.in_(occurrences)
    )
    rows = session.execute(
        wanted.with_only_columns(
            Submission.occurrence, Submission.unit_code, Submission.id, Submission.state,
            Submission.late, Submission.edition,
        )
    ).all()  # fmt: skip
    to_mend = items_to_mend(session, [row.id for row in rows if row.state == "returned"])
    return {
        (row.occurrence, row.unit_code): Sent(
            row.id, row.state, row.late, row.edition, to_mend.get(row.id, 0)
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One unit's row: its own cells, and for a district those of its centres one by one."""

    unit: Unit
    cells: Sequence[Cell]
    of_centres: Sequence[Cell] = ()

    @property
    def single(self) -> list[Cell]:
        """Every cell of a single unit."""
        return [*self.cells, *self.of_centres]

    def at(self, occurrence: Occurrence) -> Cell | None:
        """What stands in the occurrence's column; of centres' reports, all together."""
        own = next((one for one in self.cells if one.occurrence.key == occurrence.key), None)
        if own:
            return own
        of_centres = [one for one in self.of_centres if one.occurrence.key == occurrence.key]
        return together(occurrence, self.unit.code, of_centres)


def lines_by_district(
    units: Units, occurrences: Sequence[Occurrence], sent: SentOf, today: date
) -> list[Line]:
    """A line for every district, with its centres' reports behind it."""
    by_level = _by_level(occurrences)
    return [
        Line(
            unit,
            _cells(by_level["district"], [unit], units, sent, today),
            _cells(by_level["centre"], units.of_district(unit.code), units, sent, today),
        )
        for unit in units.districts
    ]


def lines_by_centre(
    units: Units, occurrences: Sequence[Occurrence], sent: SentOf, today: date
) -> list[Line]:
    """A line for every centre, with what centres owe."""
    owed = _by_level(occurrences)["centre"]
    return [Line(unit, _cells(owed, [unit], units, sent, today)) for unit in units.centres]


def still_owed(lines: Iterable[Line], occurrence: Occurrence) -> list[Line]:
    """The lines in which something of this occurrence has not been sent."""
    return [
        line
        for line in lines
        if any(cell.state in UNSENT and cell.occurrence == occurrence for cell in line.single)
    ]


def calendar_sheet(
    session: Session, actor: Actor, calendar: Calendar, units: Units, today: date
) -> list[Line]:
    """Lines by district for the fiscal year up to the calendar's quarter.  Two queries."""
    due = calendar.to_date
    sent = sent_of(session, actor, calendar.key, [one.key for one in due])
    return lines_by_district(units, due, sent, today)


def _by_level(occurrences: Sequence[Occurrence]) -> dict[str, list[Occurrence]]:
    return {
        level: [one for one in occurrences if one.level == level]
        for level in ("district", "centre")
    }


def _cells(
    occurrences: Sequence[Occurrence],
    owing: Sequence[Unit],
    units: Units,
    sent: SentOf,
    today: date,
) -> list[Cell]:
    return [
        cell_of(one, unit.code, sent.get((one.key, unit.code)), _awaited(one, units, unit), today)
        for unit in owing
        for one in occurrences
    ]


def _awaited(occurrence: Occurrence, units: Units, unit: Unit) -> int:
    """What phones hold, where the report is put together from what is captured on phones."""
    from_phones = any(part in CAPTURED for part in occurrence.round.gathers)
    return units.on_phones(unit) if from_phones else 0
