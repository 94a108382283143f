"""Reading submissions, always within an actor's scope or for units found within it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.review.models import (
    ItemVerdict,
    Submission,
    SubmissionEdition,
    SubmissionState,
    SubmissionStep,
)
from app.rounds.calendar import Occurrence
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of

Standing = Literal[
    "not_open", "missing", "draft", "submitted", "returned", "accepted", "waived"
]  # fmt: skip
QUEUE_SIZE = 40


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a reviewer asked to see."""

    state: SubmissionState = "submitted"
    district: str = ""
    quarter: Quarter | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL conditions on `Submission`; not the state."""
        found: list[ColumnElement[bool]] = []
        if self.district:
            found.append(Submission.district_code == self.district)
        if self.quarter:
            found.append(Submission.quarter == str(self.quarter))
        return found


def state_of(submission: Submission | None, occurrence: Occurrence, today: date) -> Standing:
    """How an occurrence stands for a unit.

    Without a submission: `not_open`; `draft` while there is time; `missing` afterwards.
    """
    if submission is not None:
        return submission.state
    if not occurrence.is_open(today):
        return "not_open"
    return "missing" if occurrence.is_late(today) else "draft"


def submissions_of(
    session: Session, quarter: Quarter, unit_codes: Collection[str]
) -> dict[tuple[str, str], Submission]:
    """What these units sent for the quarter, by occurrence and unit code.  One query."""
    if not unit_codes:
        return {}
    rows = session.scalars(
        select(Submission).where(
            Submission.quarter == str(quarter), Submission.unit_code.in_(unit_codes)
        )
    )
    return {(row.occurrence, row.unit_code): row for row in rows}


def submission_of(
    session: Session, programme: str, occurrence: str, unit_code: str
) -> Submission | None:
    """One unit's answer to one occurrence, as it is now; `programme` is its key."""
    return session.scalars(
        select(Submission)
        .where(
            Submission.programme == programme,
            Submission.occurrence == occurrence,
            Submission.unit_code == unit_code,
        )
        .execution_options(populate_existing=True)
    ).one_or_none()


def submission_for(session: Session, actor: Actor, submission_id: UUID) -> Submission:
    """The submission as it is now.  Raises NotFound: none, or not for this actor."""
    found = session.scalars(
        submissions_in_scope(actor)
        .where(Submission.id == submission_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(kind="submission")
    return found


def submissions_in_scope(actor: Actor) -> Select[Submission]:
    """Every submission the actor may see; a volunteer sees their centre's."""
    return select(Submission).where(_in_scope(actor))


def queue(
    session: Session, actor: Actor, wanted: QueueFilter, *, after: str | None = None
) -> Page[Submission]:
    """One page of submissions of one state, the earliest due first.  Raises BadCursor."""
    statement = submissions_in_scope(actor).where(
        *wanted.conditions(), Submission.state == wanted.state
    )
    key = (Submission.due_by, Submission.id)
    return page_of(session, statement, key, after=after, size=QUEUE_SIZE)


def counts_by_state(session: Session, actor: Actor, wanted: QueueFilter) -> dict[str, int]:
    """How many submissions the filter covers, by state."""
    rows = session.execute(
        select(Submission.state, func.count())
        .where(_in_scope(actor), *wanted.conditions())
        .group_by(Submission.state)
    )
    return {state: int(count) for state, count in rows}


def edition_of(
    session: Session, submission: Submission, number: int | None = None
) -> SubmissionEdition | None:
    """An edition of a submission, the newest unless told; None where nothing was sent."""
    wanted = submission.edition if number is None else number
    return session.get(SubmissionEdition, (submission.id, wanted))


def verdicts_of(session: Session, submission: Submission) -> dict[tuple[str, UUID], ItemVerdict]:
    """What reviewers said of its items, by kind and id, as it is now."""
    rows = session.scalars(
        select(ItemVerdict)
        .where(ItemVerdict.submission_id == submission.id)
        .execution_options(populate_existing=True)
    )
    return {(row.item_kind, row.item_id): row for row in rows}


def steps_of(session: Session, submission: Submission) -> Sequence[tuple[SubmissionStep, str]]:
    """Its steps with the name of who made each, newest first."""
    rows = session.execute(
        select(SubmissionStep, Account.name)
        .join(Account, Account.id == SubmissionStep.made_by)
        .where(SubmissionStep.submission_id == submission.id)
        .order_by(SubmissionStep.number.desc())
    )
    return [(step, name) for step, name in rows]


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "volunteer":
        own = select(Centre.id).where(centres_in_scope(actor))
        return Submission.centre_id.in_(own)
    if not actor.area_code:
        return true()
    return Submission.district_code.startswith(actor.area_code[:4], autoescape=True)
