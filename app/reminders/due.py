"""Who is told what on a day.  Pure: what is owed and who there is come in, rows to make go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.accounts.models import Account
from app.reminders.rules import LATE, Kind, step_reached
from app.review.models import Submission
from app.review.owed import Owed, by_occurrence


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder to be made; its fields are the row's."""

    account_id: UUID
    kind: Kind
    programme: str
    occurrence: str
    unit_code: str
    days_before: int
    due_by: date
    units: int = 1
    edition: int = 0


def due_on(
    day: date, owing: Sequence[Owed], people: Sequence[Account], steps: Sequence[int]
) -> list[Told]:
    """Whom to tell on the Bangkok day `day` of what is owed, each the nearest step reached.

    `owing` is of one programme.  A centre's report: its volunteers, and the district's officers in
    one line.  A district's: its officers.  Late: the reviewers too, in one line for all.
    """
    found: list[Told] = []
    for rows in by_occurrence(owing):
        programme, occurrence = rows[0].key, rows[0].occurrence
        step = step_reached(occurrence.days_left(day), steps)
        if step is None:
            continue
        for account in people:
            unit_code, units = _concerned(account, rows, late=step == LATE)
            if units:
                kind: Kind = "late" if step == LATE else "due"
                found.append(
                    Told(
                        account.id, kind, programme, occurrence.key, unit_code, step,
                        occurrence.due_by, units,
                    )
                )  # fmt: skip
    return found


def _concerned(account: Account, rows: list[Owed], *, late: bool) -> tuple[str, int]:
    """Under which code an account is told of these rows, and for how many units; 0 for none."""
    if account.role == "volunteer":
        own = [one for one in rows if one.unit.centre_id == account.centre_id]
        return (own[0].unit.code, 1) if own and account.centre_id else ("", 0)
    if account.role == "officer":
        mine = Counter(one.unit.district_code for one in rows)[account.area_code]
        return account.area_code, mine
    if account.role == "reviewer" and late:
        mine = sum(one.unit.district_code.startswith(account.area_code) for one in rows)
        return account.area_code, mine
    return "", 0


def told_of(submission: Submission, people: Sequence[Account]) -> list[Told]:
    """Whom to tell what became of a submission, as it stands now.

    Sent: the reviewers of its province.  Returned or accepted: who sent it, or the district's
    officers where that account is closed.
    """
    if submission.state == "submitted":
        hearers = [
            one
            for one in people
            if one.role == "reviewer" and submission.district_code.startswith(one.area_code)
        ]
    elif submission.state in ("returned", "accepted"):
        hearers = [one for one in people if one.id == submission.submitted_by]
        hearers = hearers or [
            one
            for one in people
            if one.role == "officer" and one.area_code == submission.district_code
        ]
    else:
        return []
    return [
        Told(
            one.id, submission.state, submission.programme, submission.occurrence,
            submission.unit_code, LATE, submission.due_by, edition=submission.edition,
        )
        for one in hearers
        if one.id != submission.submitted_by or submission.state != "submitted"
    ]  # fmt: skip
