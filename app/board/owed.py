"""What is owed: who has not sent what, what one's own unit has to do, what waits to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.board.cells import UNSENT, Cell
from app.board.due import everything_due
from app.board.sheet import (
    Line,
    Units,
    lines_by_centre,
    lines_by_district,
    sent_of,
    still_owed,
)
from app.review.models import Submission
from app.review.queries import QueueFilter, counts_by_state, queue
from app.review.units import Unit
from app.rounds.calendar import Occurrence
from app.rounds.programme import programme_key
from app.rounds.queries import occurrence_for

AHEAD_DAYS = 31  # what a landing page tells of; the board tells the rest
SOON_DAYS = 7
LATE_AT_MOST_DAYS = 3 * 366  # what is older stays on the board, but calls nobody any more


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is open, with the districts that have not sent it."""

    occurrence: Occurrence
    owing: Sequence[Line]
    of: int  # districts that owe it at all


def owed_now(
    session: Session, actor: Actor, units: Units, today: date, *, late_days: int = LATE_AT_MOST_DAYS
) -> list[Owed]:
    """What has not been sent and is late (by `late_days` at most), or due before long; by due day.

    Of all programmes in force: a quarter's reports fall due in the next one.
    """
    found = []
    for key, occurrences in _near(today, late_days, AHEAD_DAYS).items():
        sent = sent_of(session, actor, key, [one.key for one in occurrences])
        lines = lines_by_district(units, occurrences, sent, today)
        found += [
            Owed(one, owing, sum(any(c.occurrence == one for c in line.single) for line in lines))
            for one in occurrences
            if (owing := still_owed(lines, one))
        ]
    return sorted(found, key=lambda owed: (owed.occurrence.due_by, owed.occurrence.key))


def _near(today: date, late_days: int, ahead_days: int) -> dict[str, list[Occurrence]]:
    found: dict[str, list[Occurrence]] = {}
    for programme, occurrence in everything_due():
        days = occurrence.days_left(today)
        if occurrence.is_open(today) and -late_days <= days <= ahead_days:
            found.setdefault(programme_key(programme), []).append(occurrence)
    return found


def to_do(session: Session, actor: Actor, units: Units, today: date) -> list[Cell]:
    """What the actor's own unit has to send or to mend, as cells, the most urgent first.

    For an officer the district, its centres' reports together; for a volunteer the centre.
    """
    found = []
    for key, occurrences in _near(today, LATE_AT_MOST_DAYS, AHEAD_DAYS).items():
        sent = sent_of(session, actor, key, [one.key for one in occurrences])
        by = lines_by_centre if actor.role == "volunteer" else lines_by_district
        lines = by(units, occurrences, sent, today)
        cells = (line.at(one) for line in lines for one in occurrences)
        found += [cell for cell in cells if cell and cell.state in {*UNSENT, "returned"}]
    return sorted(found, key=lambda cell: _urgency(cell, today))


def _urgency(cell: Cell, today: date) -> tuple[int, int]:
    """Returned; due this week; late, newest first; then what has time."""
    days = cell.occurrence.days_left(today)
    if cell.state == "returned":
        return 0, days
    if days < 0:
        return 2, -days
    return (1 if days <= SOON_DAYS else 3), days


@dataclass(frozen=True, slots=True)
class ToCheck:
    """One report that waits for its reviewer."""

    submission: Submission
    unit: Unit | None  # None: it is closed by now
    occurrence: Occurrence | None  # None: no programme in force knows it any more


def to_check(session: Session, actor: Actor, units: Units) -> tuple[list[ToCheck], int]:
    """The reports that wait to be checked, the earliest due first, and how many there are."""
    wanted = QueueFilter(state="submitted")
    total = counts_by_state(session, actor, wanted).get("submitted", 0)
    known = {unit.code: unit for unit in (*units.districts, *units.centres)}
    found = []
    for submission in queue(session, actor, wanted).items:
        pair = occurrence_for(submission.programme, submission.occurrence)
        occurrence = pair[1] if pair else None
        found.append(ToCheck(submission, known.get(submission.unit_code), occurrence))
    return found, total
