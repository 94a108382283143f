"""Which step may follow which, and what a reason needs.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from app.review.models import Step, SubmissionState
from app.rounds.programme import Choice
from app.shared.errors import Problem
from app.visits.rules import check_text

REASON_MAX = 1_000  # code points
SEAL_REASON_MAX = 300
OTHER = "other"  # an answer that says nothing without words
Act = Literal["submit", "return", "accept", "waive", "reopen"]

# From which state a step leads where; None: nothing was sent yet.
_LEADS: dict[Act, dict[SubmissionState | None, SubmissionState]] = {
    "submit": {None: "submitted", "returned": "submitted"},
    "return": {"submitted": "returned"},
    "accept": {"submitted": "accepted"},
    "waive": {None: "waived", "submitted": "waived", "returned": "waived"},
    "reopen": {"accepted": "submitted", "waived": "submitted"},
}
STEP_OF: dict[Act, Step] = {
    "submit": "submitted", "return": "returned", "accept": "accepted", "waive": "waived",
    "reopen": "reopened",
}  # fmt: skip


def leads_to(act: Act, state: SubmissionState | None, edition: int) -> SubmissionState | None:
    """The state after a step, or None where it is not possible.

    What was waived before anything was sent is owed again, once reopened.
    """
    after = _LEADS[act].get(state)
    return "returned" if act == "reopen" and after and edition == 0 else after


def check_reason(
    choices: Sequence[Choice], key: str | None, words: str | None, *, needed: bool = True
) -> list[Problem]:
    """Reasons to refuse a reason: one of the list, with words where it is "other"."""
    problems = []
    if not key and needed:
        problems.append(Problem("reason_key", "required"))
    if key and key not in {choice.key for choice in choices}:
        problems.append(Problem("reason_key", "not_a_choice"))
    return problems + check_words("reason", words, needed=key == OTHER)


def check_words(
    field: str, words: str | None, *, needed: bool, longest: int = REASON_MAX
) -> list[Problem]:
    """Reasons to refuse free words: an empty box where some are needed, length, an ID number."""
    if not words:
        return [Problem(field, "required")] if needed else []
    return check_text(field, words, longest)
