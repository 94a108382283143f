"""The 72-hour clock of section 37(4), and what an entry of the register must say.  Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from typing import Literal, Protocol

from app.incidents.models import IncidentKind
from app.shared.clock import BANGKOK
from app.shared.errors import Problem
from app.shared.personal import holds_id_number

CLOCK = timedelta(hours=72)  # section 37(4): from awareness to the Commission
LATEST = timedelta(days=15)  # PDPC notification B.E. 2565: later than 72 h, but never than this
WARN_HOURS = (6, 24, 48)  # when the clock's words grow louder
CLOCK_SKEW = timedelta(minutes=10)
WORDS_MAX = 4_000
REASON_MIN, REASON_MAX = 10, 500
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")

Standing = Literal["running", "soon", "overdue", "told", "not_needed", "closed"]


class Facts(Protocol):
    """What the clock is read from (an `Incident` has it)."""

    aware_at: datetime
    told_office_at: datetime | None
    told_people_at: datetime | None
    closed_at: datetime | None

    @property
    def risk(self) -> str:
        """One of `models.RISKS`."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How an incident stands: hours left until the Commission must know, below zero once past."""

    standing: Standing
    hours_left: int
    due_at: datetime
    people_wait: bool  # the risk is high, and those concerned have not been told
    late: bool  # told, or still to be told, after the 72 hours

    @property
    def level(self) -> int | None:
        """The nearest of `WARN_HOURS` that is reached, 0 when overdue, else None."""
        if self.standing == "overdue":
            return 0
        if self.standing not in ("running", "soon"):
            return None
        return min((step for step in WARN_HOURS if self.hours_left <= step), default=None)


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """An incident's facts as somebody wrote them, before they are judged."""

    kind: IncidentKind
    area_code: str
    what: str
    happened_at: datetime | None
    aware_at: datetime
    data_kinds: tuple[str, ...] = ()
    n_people: int | None = None
    n_records: int | None = None
    consequences: str | None = None
    measures: str | None = None


def clock_of(incident: Facts, now: datetime) -> Clock:
    """How the incident stands at `now`."""
    due_at = incident.aware_at + CLOCK
    left = (due_at - now) / timedelta(hours=1)
    people_wait = incident.risk == "high" and incident.told_people_at is None
    late = (incident.told_office_at or now) > due_at
    return Clock(
        _standing(incident, left), floor(left) if left >= 0 else -ceil(-left), due_at,
        people_wait and incident.closed_at is None, late,
    )  # fmt: skip


def _standing(incident: Facts, hours_left: float) -> Standing:
    if incident.closed_at:
        return "closed"
    if incident.told_office_at:
        return "told"
    if incident.risk == "none":
        return "not_needed"  # the judgement and its reason stand in the steps
    if hours_left < 0:
        return "overdue"
    return "soon" if hours_left <= WARN_HOURS[1] else "running"


def check_incident(draft: IncidentDraft, *, now: datetime) -> list[Problem]:
    """List every reason to refuse the facts, in form order."""
    problems = _check_words("what", draft.what)
    if draft.happened_at and draft.happened_at > draft.aware_at:
        problems.append(Problem("happened_on", "happened_after_aware"))
    if draft.aware_at > now + CLOCK_SKEW:
        problems.append(Problem("aware_on", "in_future"))
    for field, number in (("n_people", draft.n_people), ("n_records", draft.n_records)):
        if number is not None and not 0 <= number <= 10_000_000:
            problems.append(Problem(field, "out_of_range", {"min": 0, "max": 10_000_000}))
    for field, words in (("consequences", draft.consequences), ("measures", draft.measures)):
        problems += _check_words(field, words or "")
    return problems


def check_reason(field: str, reason: str | None) -> list[Problem]:
    """A reason that somebody else can follow: not empty, not a novel, no ID number."""
    words = (reason or "").strip()
    if len(words) < REASON_MIN:
        return [Problem(field, "too_short", {"min": REASON_MIN})]
    if len(words) > REASON_MAX:
        return [Problem(field, "too_long", {"max": REASON_MAX})]
    return _check_words(field, words)


def moment(day: date | None, clock_time: str | None) -> datetime | None:
    """A Bangkok day and a time as typed (`14:30`, `14.30`), as an instant; None where unreadable.

    No time is noon: nobody knew it, and the middle of the day errs least.
    """
    if day is None:
        return None
    if not clock_time:
        return datetime.combine(day, time(12), BANGKOK)
    read = _TIME.fullmatch(clock_time.strip())
    return datetime.combine(day, time(int(read[1]), int(read[2])), BANGKOK) if read else None


def _check_words(field: str, words: str) -> list[Problem]:
    if len(words) > WORDS_MAX:
        return [Problem(field, "too_long", {"max": WORDS_MAX})]
    return [Problem(field, "national_id_refused")] if holds_id_number(words) else []
