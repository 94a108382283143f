"""Clocks set by law: a request waits for its answer, an incident for the Commission to be told.

What is told names nobody: that something waits, of which district, until when.  Read from the
registers at each run, so what was done meanwhile rings nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.incidents.models import Incident
from app.incidents.rules import clock_of
from app.reminders.due import Told
from app.reminders.models import Reminder
from app.reminders.rules import LATE, LATE_WITHIN_DAYS, Kind, step_reached
from app.shared.clock import bangkok_day
from app.subjects.models import SubjectRequest

REQUESTS, INCIDENTS = "requests", "incidents"  # where a reminder names its programme
REQUEST_DAYS = (10, 3, 0)  # left of thirty: the 20th, 27th and 30th day
INCIDENT_HOURS = (48, 24, 6)  # left of 72: after 24, 48 and 66 hours
URGENT_DAYS = 3  # from then on those above the district hear of it too
RUNNING = ("running", "soon", "overdue")
_DESKS = ("officer", "reviewer", "admin")


def clocks_due(session: Session, people: Sequence[Account], now: datetime) -> list[Told]:
    """Whom to tell at `now` of clocks that run, each the nearest step reached.  Two queries."""
    found: list[Told] = []
    for waiting in session.scalars(select(SubjectRequest).where(SubjectRequest.state == "open")):
        left = (waiting.due_on - bangkok_day(now)).days
        step = step_reached(left, REQUEST_DAYS)
        if step is not None:
            near = step <= URGENT_DAYS
            hearers = _desks(people, waiting.area_code, above=near)
            found += _told(hearers, REQUESTS, waiting.id, waiting.area_code, step, waiting.due_on)
    for incident in session.scalars(select(Incident).where(Incident.closed_at.is_(None))):
        clock = clock_of(incident, now)
        step = _hours_reached(clock.hours_left) if clock.standing in RUNNING else None
        if step is not None:
            day = bangkok_day(clock.due_at)
            hearers = _desks(people, incident.area_code, above=True)
            found += _told(hearers, INCIDENTS, incident.id, incident.area_code, step, day)
    return found


def stopped(session: Session, rows: Iterable[Reminder]) -> set[UUID]:
    """Of these, the reminders whose request was answered, or whose incident needs no telling."""
    asked = [row for row in rows if is_clock(row)]
    if not asked:
        return set()
    ids = [UUID(row.occurrence) for row in asked]
    requests = session.scalars(
        select(SubjectRequest.id).where(SubjectRequest.id.in_(ids), SubjectRequest.state == "open")
    ).all()
    incidents = session.scalars(
        select(Incident.id).where(
            Incident.id.in_(ids), Incident.closed_at.is_(None), Incident.told_office_at.is_(None),
            Incident.risk != "none",
        )
    ).all()  # fmt: skip
    run = {str(one) for one in (*requests, *incidents)}
    return {row.id for row in asked if row.occurrence not in run}


def is_clock(row: Reminder) -> bool:
    """Whether it is of a request or an incident, and not of a report."""
    return row.programme in (REQUESTS, INCIDENTS)


def _hours_reached(hours_left: int) -> int | None:
    if hours_left < 0:
        return LATE if hours_left >= -LATE_WITHIN_DAYS * 24 else None
    return min((step for step in INCIDENT_HOURS if step >= hours_left), default=None)


def _desks(people: Sequence[Account], area_code: str, *, above: bool) -> list[Account]:
    """Officers of the district; `above` its reviewers and administrators too.

    What is a province's own waits for those, there being no officer of it.
    """
    own = [
        one
        for one in people
        if one.role in _DESKS and area_code.startswith(one.area_code or area_code)
    ]
    officers = [one for one in own if one.role == "officer"]
    return own if above or not officers else officers


def _told(
    hearers: Iterable[Account], register: str, record_id: UUID, area: str, step: int, day: date
) -> list[Told]:
    kind: Kind = "late" if step == LATE else "due"
    return [Told(one.id, kind, register, str(record_id), area[:4], step, day) for one in hearers]
