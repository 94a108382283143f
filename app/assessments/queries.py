"""Reading assessments: which one counts, what came before it, what the reviewer said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Account
from app.assessments.models import Assessment, GradeDecision
from app.records.models import RecordRevision


def newest_of(
    session: Session,
    of: Collection[UUID] | str,
    fiscal_year: int | None = None,
    until: date | None = None,
) -> dict[UUID, Assessment]:
    """The assessment that counts for each centre: the newest day's, and of one day the last made.

    `of`: ids of centres, or the code of a district or province.  `fiscal_year`: of that year only;
    `until`: made on that Bangkok day or before.  A centre without one is left out.
    """
    conditions = [Assessment.deleted_at.is_(None), _of(of)]
    if fiscal_year is not None:
        conditions.append(Assessment.fiscal_year == fiscal_year)
    if until is not None:
        conditions.append(Assessment.assessed_on <= until)
    place = func.row_number().over(
        partition_by=Assessment.centre_id,
        order_by=(Assessment.assessed_on.desc(), Assessment.id.desc()),
    )
    ranked = select(Assessment, place.label("place")).where(*conditions).subquery()
    newest = aliased(Assessment, ranked)
    found = session.scalars(select(newest).where(ranked.c.place == 1))
    return {one.centre_id: one for one in found if one.centre_id is not None}


def history_of_centre(session: Session, centre_id: UUID) -> Sequence[Assessment]:
    """Every assessment of a centre that is not struck out, newest day first."""
    return session.scalars(
        _standing(centre_id).order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
    ).all()


def decisions_of(session: Session, assessment_id: UUID) -> Sequence[tuple[GradeDecision, str]]:
    """What reviewers decided about it, newest first, each with the reviewer's name."""
    rows = session.execute(
        select(GradeDecision, Account.name)
        .join(Account, Account.id == GradeDecision.decided_by)
        .where(GradeDecision.assessment_id == assessment_id)
        .order_by(GradeDecision.decided_at.desc(), GradeDecision.id.desc())
    )
    return [(decision, name) for decision, name in rows]


def makers_of(session: Session, assessment: Assessment) -> set[UUID]:
    """The accounts that recorded or corrected it."""
    made_by = select(RecordRevision.made_by).where(RecordRevision.record_id == assessment.id)
    return {assessment.recorder_id, *session.scalars(made_by)}


def _standing(centre_id: UUID) -> Select[Assessment]:
    return select(Assessment).where(
        Assessment.centre_id == centre_id, Assessment.deleted_at.is_(None)
    )


def _of(of: Collection[UUID] | str) -> ColumnElement[bool]:
    if not isinstance(of, str):
        return Assessment.centre_id.in_(of)
    if len(of) == 4:
        return Assessment.district_code == of
    return Assessment.district_code.startswith(of, autoescape=True)
