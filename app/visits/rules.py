"""What an entry of the visitor book may be.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from app.rounds.programme import Choice, Programme
from app.shared.clock import bangkok_day
from app.shared.errors import Problem
from app.shared.geo import Position, is_place
from app.shared.personal import holds_id_number, normal_phone
from app.visits.draft import VisitDraft

CLOCK_SKEW = timedelta(minutes=10)  # cheap phones drift; more than this is a wrong date
FIRST_DAY = date(2019, 10, 1)  # fiscal year 2563, when the first plots were dug (domain brief 5)
MOST_PEOPLE = 10_000  # events bring 50-150 people (domain brief 5); more than this is a typing slip
TEXT_MAX = {
    "group_name": 200,
    "origin_text": 120,
    "trainer": 120,
    "suggestion": 2_000,
    "leader_name": 120,
    "reason": 300,  # why something was struck out or forgotten
}  # code points
PERSONAL_FIELDS = ("leader_name", "phone")  # in form order
_CLOCK_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_COUNTS = ("n_male", "n_female", "n_other", "n_child")


def check_visit(draft: VisitDraft, *, now: datetime, programme: Programme) -> list[Problem]:
    """List every reason to refuse `draft`, in form order.  Empty means acceptable."""
    return [
        *check_day("visit_date", draft.visit_date, now=now),
        *_check_times(draft),
        *check_choice("kind", draft.kind, programme.visit_kinds),
        *check_text("group_name", draft.group_name),
        *check_choice("sector", draft.sector, programme.visitor_sectors),
        *check_text("origin_text", draft.origin_text),
        *_check_counts(draft),
        *check_choices("topics", draft.topics, programme.topics),
        *check_text("trainer", draft.trainer),
        *_check_satisfaction(draft),
        *check_text("suggestion", draft.suggestion),
        *_check_contact(draft),
        *check_position(draft.capture.position),
    ]


def first_followup(draft: VisitDraft, programme: Programme) -> date | None:
    """The day the first follow-up is due; None without consent."""
    if not draft.consent_followup or not programme.followup_months:
        return None
    return months_after(draft.visit_date, min(programme.followup_months))


def moved_followup(
    due_on: date | None, *, before: date, after: date, programme: Programme
) -> date | None:
    """A due day counted from visit day `before`, counted from `after` instead.

    A day someone set by hand stays.
    """
    for months in programme.followup_months:
        if due_on == months_after(before, months):
            return months_after(after, months)
    return due_on


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    return day + relativedelta(months=months)


def check_day(field: str, day: date, *, now: datetime) -> list[Problem]:
    """Refuse Bangkok days to come (a phone may run ahead a little) and days before the centres."""
    if day > bangkok_day(now + CLOCK_SKEW):
        return [Problem(field, "in_future")]
    if day < FIRST_DAY:
        return [Problem(field, "too_old", {"first": FIRST_DAY.isoformat()})]
    return []


def check_choice(field: str, key: str | None, choices: Iterable[Choice]) -> list[Problem]:
    """Refuse a key the programme does not know; None is left to the caller."""
    if key is None or key in {choice.key for choice in choices}:
        return []
    return [Problem(field, "not_a_choice")]


def check_choices(field: str, keys: tuple[str, ...], choices: Iterable[Choice]) -> list[Problem]:
    """Refuse unknown keys, and one key named twice."""
    if set(keys) - {choice.key for choice in choices}:
        return [Problem(field, "not_a_choice")]
    return [Problem(field, "repeated")] if len(set(keys)) < len(keys) else []


def check_text(field: str, text: str | None, longest: int | None = None) -> list[Problem]:
    """Refuse text that is too long (code points) or holds a national ID number."""
    limit = longest or TEXT_MAX[field]
    if text and len(text) > limit:
        return [Problem(field, "too_long", {"max": limit})]
    return [Problem(field, "national_id_refused")] if text and holds_id_number(text) else []


def check_reason(reason: str | None) -> list[Problem]:
    """Refuse a reason for striking out or forgetting that is too long or holds an ID number."""
    return check_text("reason", reason)


def check_position(position: Position | None) -> list[Problem]:
    """Refuse coordinates that are no place on earth."""
    if position is None:
        return []
    worth = (position.accuracy_m or 0, position.fix_age_s or 0)
    if not is_place(position.lat, position.lon) or min(worth) < 0:
        return [Problem("position", "bad_position")]
    return []


def _check_times(draft: VisitDraft) -> list[Problem]:
    times = (("time_in", draft.time_in), ("time_out", draft.time_out))
    bad = [Problem(f, "bad_time") for f, t in times if t and not _CLOCK_TIME.fullmatch(t)]
    if bad or not draft.time_in or not draft.time_out or draft.time_in <= draft.time_out:
        return bad
    return [Problem("time_out", "ends_before_start")]


def _check_counts(draft: VisitDraft) -> list[Problem]:
    counts = {field: getattr(draft, field) for field in _COUNTS}
    bad = [Problem(field, "negative") for field, n in counts.items() if n < 0]
    bad += [
        Problem(field, "too_many", {"max": MOST_PEOPLE})
        for field, n in counts.items()
        if n > MOST_PEOPLE
    ]
    if bad:
        return bad
    if draft.n_total == 0:
        return [Problem("n_male", "nobody")]
    if draft.n_child > draft.n_total:
        return [Problem("n_child", "more_than_total", {"total": draft.n_total})]
    return []


def _check_satisfaction(draft: VisitDraft) -> list[Problem]:
    if draft.satisfaction is None or 1 <= draft.satisfaction <= 5:
        return []
    return [Problem("satisfaction", "out_of_range", {"min": 1, "max": 5})]


def _check_contact(draft: VisitDraft) -> list[Problem]:
    """Contact details need consent (PDPA 19, 22); consent to be followed up needs somebody."""
    if not draft.consent_followup:
        given = [field for field in PERSONAL_FIELDS if getattr(draft, field)]
        return [Problem(field, "consent_needed") for field in given]
    if not (draft.leader_name or draft.phone or draft.group_name):
        return [Problem("leader_name", "nobody_to_contact")]
    return check_text("leader_name", draft.leader_name) + _check_phone(draft.phone)


def _check_phone(phone: str | None) -> list[Problem]:
    if not phone or normal_phone(phone):
        return []
    return [Problem("phone", "national_id_refused" if holds_id_number(phone) else "phone_invalid")]
