"""What a follow-up may be, and when the next one is due.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.followups.draft import FollowupDraft
from app.rounds.programme import Programme
from app.shared.errors import Problem
from app.visits.models import Visit
from app.visits.rules import (
    check_choice,
    check_choices,
    check_day,
    check_position,
    check_text,
    months_after,
)

MOST_BAHT = 10_000_000  # a month; more is a typing slip
MOST_RAI = 10_000
MOST_PEOPLE = 10_000
TEXT_MAX = 2_000  # code points
MET = "activity"  # the one method that needs no contact details, hence no consent to be called
USED, NOT_YET, UNREACHABLE = "used", "not_yet", "unreachable"


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What the rules need to know of the visit that is followed up."""

    visit_date: date
    n_total: int
    consent_followup: bool

    @classmethod
    def of(cls, visit: Visit) -> VisitFacts:
        """The facts of a stored visit."""
        return cls(visit.visit_date, visit.n_total, visit.consent_followup)


def check_followup(
    draft: FollowupDraft, *, visit: VisitFacts, now: datetime, programme: Programme
) -> list[Problem]:
    """List every reason to refuse `draft`, in form order.  Empty means acceptable."""
    return [
        *_check_step(draft, programme),
        *_check_followed_on(draft, visit, now),
        *check_choice("method", draft.method, programme.followup_methods),
        *_check_consent(draft, visit),
        *check_choice("used", draft.used, programme.followup_uses),
        *_check_people(draft, visit),
        *check_choices("topics", draft.topics, programme.topics),
        *check_choices("outcomes", draft.outcomes, programme.outcomes),
        *_check_amount("plot_rai", draft.plot_rai, MOST_RAI),
        *_check_amount("baht_saved_month", draft.baht_saved_month, MOST_BAHT),
        *_check_amount("baht_earned_month", draft.baht_earned_month, MOST_BAHT),
        *_check_amount("passed_on_to", draft.passed_on_to, MOST_PEOPLE),
        *_check_reason(draft),
        *check_text("next_step", draft.next_step, TEXT_MAX),
        *_check_next_due(draft),
        *check_position(draft.capture.position),
    ]


def next_due(
    visit_date: date,
    *,
    followed_on: date,
    step_months: int | None,
    asked_for: date | None,
    months: tuple[int, ...],
) -> date | None:
    """When to follow up next: the day asked for, else the programme's next step, else never.

    A check without a step counts as the latest step whose day has come.
    """
    if asked_for:
        return asked_for
    for step in months:
        due_on = months_after(visit_date, step)
        passed = step <= step_months if step_months is not None else due_on <= followed_on
        if not passed:
            return due_on
    return None


def current_step(visit_date: date, due_on: date | None, months: tuple[int, ...]) -> int | None:
    """Which of the programme's steps is due on `due_on`; None for a day set by hand."""
    steps = (step for step in months if months_after(visit_date, step) == due_on)
    return next(steps, None)


def _check_step(draft: FollowupDraft, programme: Programme) -> list[Problem]:
    if draft.step_months is None or draft.step_months in programme.followup_months:
        return []
    return [Problem("step_months", "not_a_choice")]


def _check_followed_on(draft: FollowupDraft, visit: VisitFacts, now: datetime) -> list[Problem]:
    if problems := check_day("followed_on", draft.followed_on, now=now):
        return problems
    if draft.followed_on < visit.visit_date:
        return [Problem("followed_on", "before_visit", {"visit": visit.visit_date.isoformat()})]
    return []


def _check_consent(draft: FollowupDraft, visit: VisitFacts) -> list[Problem]:
    """Calling people who did not agree to it is refused (PDPA 19); being told by them is not."""
    if visit.consent_followup or draft.method == MET:
        return []
    return [Problem("method", "consent_needed")]


def _check_people(draft: FollowupDraft, visit: VisitFacts) -> list[Problem]:
    followed, used = draft.n_followed, draft.n_used
    if negative := [f for f in ("n_followed", "n_used") if getattr(draft, f) < 0]:
        return [Problem(field, "negative") for field in negative]
    if followed > visit.n_total:
        return [Problem("n_followed", "more_than_total", {"total": visit.n_total})]
    if (draft.used == UNREACHABLE) != (followed == 0):
        return [Problem("n_followed", "nobody" if followed == 0 else "not_reached")]
    if used > followed:
        return [Problem("n_used", "more_than_total", {"total": followed})]
    if (draft.used == USED and used == 0) or (draft.used == NOT_YET and used > 0):
        return [Problem("n_used", "contradicts_answer")]
    return []


def _check_amount(field: str, amount: int | Decimal | None, most: int) -> list[Problem]:
    if amount is None or 0 <= amount <= most:
        return []
    return [Problem(field, "out_of_range", {"min": 0, "max": most})]


def _check_reason(draft: FollowupDraft) -> list[Problem]:
    if draft.used == NOT_YET and not draft.reason:
        return [Problem("reason", "required")]
    return check_text("reason", draft.reason, TEXT_MAX)


def _check_next_due(draft: FollowupDraft) -> list[Problem]:
    if draft.next_due_on is None:
        return []
    if draft.next_due_on <= draft.followed_on:
        return [Problem("next_due_on", "not_after")]
    if draft.next_due_on > months_after(draft.followed_on, 36):
        return [Problem("next_due_on", "too_far_ahead")]
    return []
