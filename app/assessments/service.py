"""The reviewer's grade.  Assessments themselves are written through `app.records.service`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.assessments.kinds import ASSESSMENT
from app.assessments.models import Assessment, GradeDecision
from app.assessments.queries import decisions_of, makers_of
from app.audit.history import StaleVersion
from app.audit.service import record as note
from app.records.queries import entry_for
from app.rounds.programme import programme_named
from app.rounds.seals import check_open
from app.shared.errors import DomainError, Forbidden

REVIEWERS = ("reviewer", "admin")


class OwnAssessment(DomainError):
    """Who recorded or corrected an assessment does not decide its grade."""

    code = "own_assessment"


class ReasonNeeded(DomainError):
    """The grade decided is not the one proposed, and no reason is given."""

    code = "reason_needed"


class UnknownGrade(DomainError):
    """The programme has no such grade."""

    code = "unknown_choice"


def decide_grade(
    session: Session,
    assessment_id: UUID,
    grade: str,
    reason: str | None,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
) -> Assessment:
    """Decide the grade of one version of an assessment.  Flushes; the caller commits.

    Decisions are appended; the newest counts until the assessment is corrected.  The same decision
    by the same reviewer again makes none, so a doubled click is harmless.  `reason` should have
    passed `app.visits.rules.check_text`.

    Raises:
        Forbidden: the actor is no reviewer.
        NotFound: no such assessment for this actor.
        OwnAssessment: the actor recorded or corrected it.
        QuarterSealed: the quarter it counts for is closed.
        UnknownGrade, ReasonNeeded: the decision itself.
        StaleVersion: it was corrected since `expected_version`.
    """
    if actor.role not in REVIEWERS:
        raise Forbidden
    assessment: Assessment = entry_for(session, ASSESSMENT, actor, assessment_id)
    programme = programme_named(assessment.programme_version)
    _check_reviewer(session, assessment, actor)
    check_open(session, assessment.district_code, assessment.assessed_on)
    if grade not in {one.key for one in programme.grades}:
        raise UnknownGrade(grade=grade[:20])
    if grade != assessment.proposed_grade and not reason:
        raise ReasonNeeded
    if _said_already(session, assessment, expected_version, grade, reason, actor):
        return assessment
    _set_grade(session, assessment, grade, expected_version)
    session.add(
        GradeDecision(
            assessment_id=assessment_id, assessment_version=expected_version, grade=grade,
            reason=reason, decided_by=actor.account_id, decided_at=now,
        )
    )  # fmt: skip
    session.flush()
    note(
        session, actor_id=actor.account_id, action="assessment.grade_decided", kind="assessment",
        object_id=assessment_id, now=now,
        facts={"grade": grade, "proposed": assessment.proposed_grade, "version": expected_version},
    )  # fmt: skip
    return assessment


def _check_reviewer(session: Session, assessment: Assessment, actor: Actor) -> None:
    if actor.account_id in makers_of(session, assessment):
        raise OwnAssessment


def _said_already(
    session: Session, assessment: Assessment, version: int, grade: str, reason: str | None,
    actor: Actor,
) -> bool:  # fmt: skip
    newest = next(iter(decisions_of(session, assessment.id)), None)
    if newest is None or assessment.version != version:
        return False
    said = newest[0]
    told = (said.assessment_version, said.grade, said.reason, said.decided_by)
    return told == (version, grade, reason, actor.account_id)


def _set_grade(session: Session, assessment: Assessment, grade: str, expected_version: int) -> None:
    """Set it on the version that was seen; the database decides, not the reading."""
    touched = session.scalar(
        update(Assessment)
        .where(Assessment.id == assessment.id, Assessment.version == expected_version)
        .values(decided_grade=grade)
        .returning(Assessment.version)
        .execution_options(synchronize_session=False)
    ) if assessment.version == expected_version else None  # fmt: skip
    if touched is None:
        session.refresh(assessment)
        raise StaleVersion(version=assessment.version)
    session.refresh(assessment)
