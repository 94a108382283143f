"""What every step of a submission has in common: its turn, who may, the notes it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import StaleVersion
from app.audit.service import record as note
from app.review.content import Content, sha256_of
from app.review.models import ItemVerdict, Submission, SubmissionEdition, SubmissionStep
from app.review.queries import edition_of, submission_for, verdicts_of
from app.review.refusals import MakerIsChecker, WrongState
from app.review.rules import STEP_OF, Act, leads_to
from app.review.units import Unit
from app.rounds.calendar import Occurrence
from app.rounds.programme import Programme, programme_key
from app.rounds.seals import QuarterSealed, hold_quarter, seal_of
from app.shared.clock import Quarter
from app.shared.errors import Forbidden

REVIEWERS = ("reviewer", "admin")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a key of the programme's list, words, or both."""

    key: str | None = None
    words: str | None = None

    def __bool__(self) -> bool:
        return bool(self.key or self.words)


NO_REASON = Reason()


def in_turn(session: Session, district_code: str, quarter: str) -> None:
    """Let one step about a district's quarter happen at a time.

    Raises:
        QuarterSealed: it is closed.
    """
    held = Quarter.parse(quarter)
    hold_quarter(session, district_code, held)
    if seal_of(session, district_code, held):
        raise QuarterSealed(quarter=quarter)


def new_submission(
    session: Session, programme: Programme, occurrence: Occurrence, unit: Unit
) -> Submission:
    """A row for what was never sent; nothing is decided, nothing is added to the session."""
    return Submission(
        programme=programme_key(programme), occurrence=occurrence.key,
        quarter=str(occurrence.quarter), unit_code=unit.code, district_code=unit.district_code,
        centre_id=unit.centre_id, due_by=occurrence.due_by, edition=0, late=False, version=1,
    )  # fmt: skip


def sent_already(submission: Submission, seen_edition: int, actor: Actor) -> bool:
    """Whether the same person has just sent it: a doubled click."""
    return (
        submission.state == "submitted"
        and submission.edition == seen_edition + 1
        and submission.submitted_by == actor.account_id
    )


def done_already(submission: Submission, state: str, expected_version: int, actor: Actor) -> bool:
    """Whether the very same step was taken by the same person: a doubled click."""
    return (
        submission.state == state
        and submission.version == expected_version + 1
        and submission.decided_by == actor.account_id
    )


def in_hand(session: Session, submission_id: UUID, actor: Actor) -> Submission:
    """The submission, in turn and as it is now, for a reviewer of its district."""
    submission = submission_for(session, actor, submission_id)
    check_reviewer(actor, submission.district_code)
    in_turn(session, submission.district_code, submission.quarter)
    return submission_for(session, actor, submission_id)


def decide(
    session: Session,
    submission: Submission,
    act: Act,
    expected_version: int,
    reason: Reason,
    actor: Actor,
    now: datetime,
) -> Submission:
    """Take a reviewer's step from the version they saw.  Raises StaleVersion, WrongState."""
    if submission.version != expected_version:
        raise StaleVersion(version=submission.version)
    after = leads_to(act, submission.state, submission.edition)
    if after is None:
        raise WrongState(state=submission.state)
    submission.state, submission.version = after, expected_version + 1
    submission.decided_at, submission.decided_by = now, actor.account_id
    submission.reason_key, submission.reason = reason.key, reason.words
    take_step(session, submission, act, reason, actor, now)
    return submission


def check_reviewer(actor: Actor, district_code: str) -> None:
    """Refuse who does not review this district.  Raises Forbidden."""
    if actor.role not in REVIEWERS or not actor.sees_area(district_code):
        raise Forbidden


def check_not_maker(session: Session, submission: Submission, actor: Actor) -> None:
    """Refuse who sent one of its editions.  Raises MakerIsChecker."""
    senders = select(SubmissionEdition.sent_by).where(
        SubmissionEdition.submission_id == submission.id
    )
    if actor.account_id in session.scalars(senders).all():
        raise MakerIsChecker


def to_mend(session: Session, submission: Submission) -> list[ItemVerdict]:
    """The items of the newest edition that are marked to be mended."""
    return [
        one
        for one in verdicts_of(session, submission).values()
        if one.verdict == "return" and one.edition == submission.edition
    ]


def content_of(session: Session, submission: Submission) -> Content:
    """The newest edition's content.  Raises WrongState where nothing was sent."""
    edition = edition_of(session, submission)
    if edition is None:
        raise WrongState(state=submission.state)
    return Content.of(edition.content)


def freeze(
    session: Session,
    submission: Submission,
    content: Content,
    words: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep `content` as the newest edition."""
    frozen = content.plain()
    session.add(
        SubmissionEdition(
            submission_id=submission.id, number=submission.edition, content=frozen,
            content_sha256=sha256_of(frozen), note=words, sent_by=actor.account_id, sent_at=now,
        )
    )  # fmt: skip
    session.flush()


def take_step(
    session: Session, submission: Submission, act: Act, reason: Reason, actor: Actor, now: datetime
) -> None:
    """Keep a step, with its number, and note it in the audit log."""
    number = session.scalar(
        select(func.count()).where(SubmissionStep.submission_id == submission.id)
    )
    session.add(
        SubmissionStep(
            submission_id=submission.id, number=(number or 0) + 1, step=STEP_OF[act],
            edition=submission.edition, made_by=actor.account_id, made_at=now,
            reason_key=reason.key, reason=reason.words,
        )
    )  # fmt: skip
    session.flush()
    facts = {"edition": submission.edition, "version": submission.version, "reason": reason.key}
    audit(session, submission, STEP_OF[act], actor, now, facts)


def audit(
    session: Session,
    submission: Submission,
    action: str,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, object],
) -> None:
    """Note in the audit log what happened: ids, codes and counts."""
    note(
        session, actor_id=actor.account_id, action=f"submission.{action}", kind="submission",
        object_id=submission.id, now=now, facts=facts,
    )  # fmt: skip
