"""Gathering a centre's evidence for its assessment: what can be attached, what counts by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.activities.models import Activity
from app.assessments.evidence_rules import Found, Missing, grade_with_evidence, missing_evidence
from app.assessments.models import Assessment
from app.assessments.rules import Scores
from app.centres.models import Centre
from app.documents.models import Document
from app.followups.models import Followup
from app.photos.models import Photo
from app.photos.queries import with_record
from app.records.kinds import KINDS
from app.rounds.schema import Programme
from app.shared.clock import Quarter
from app.visits.models import Visit

MOST_OFFERED = 24  # of each; a criterion needs two or three, and a form has twenty criteria


@dataclass(frozen=True, slots=True)
class Evidence:
    """Photos and documents of a centre, newest first, and its year's counts."""

    photos: Sequence[Photo]
    documents: Sequence[Document]
    counts: dict[str, int]

    @property
    def found(self) -> Found:
        """As the rules read it."""
        photos, documents = (
            {str(one.id) for one in held} for held in (self.photos, self.documents)
        )
        return Found(photos, documents, self.counts)


def offered_evidence(
    session: Session, centre: Centre, fiscal_year: int, kept: Scores = ()
) -> Evidence:
    """What can be attached: the newest of the year, and whatever `kept` scores name already."""
    first, last = _year(fiscal_year)
    photos = _photos(session, centre.id, named(kept), Photo.day.between(first, last))
    days = Document.dated_on.between(first, last)
    documents = _documents(session, centre, named(kept), days)
    return Evidence(photos, documents, year_counts(session, centre, fiscal_year))


def evidence_of(session: Session, assessment: Assessment, centre: Centre) -> Evidence:
    """What an assessment's scores name and is here, with the counts of its year."""
    ids = named(assessment.scores)
    return Evidence(
        _photos(session, centre.id, ids),
        _documents(session, centre, ids),
        year_counts(session, centre, assessment.fiscal_year),
    )


def judged(
    session: Session, assessment: Assessment, centre: Centre, programme: Programme
) -> tuple[Evidence, list[Missing], str]:
    """The evidence, what is missing, and the grade that the points then give."""
    evidence = evidence_of(session, assessment, centre)
    missing = missing_evidence(assessment.scores, programme, evidence.found)
    grade = grade_with_evidence(assessment.computed_grade, missing, programme)
    return evidence, missing, grade


def named(scores: Scores) -> set[UUID]:
    """Every id that some score names."""
    return {UUID(one) for row in scores for one in row.get("evidence") or ()}


def year_counts(session: Session, centre: Centre, fiscal_year: int) -> dict[str, int]:
    """Visits, follow-ups, activities and posts of the fiscal year; of posts the district's own too:
    a centre is publicised by its district.
    """
    own: tuple[tuple[str, Any, Any], ...] = (
        ("visits", Visit, Visit.visit_date),
        ("followups", Followup, Followup.followed_on),
        ("activities", Activity, Activity.held_on),
    )
    counts = {
        name: _count(session, model, day, fiscal_year, model.centre_id == centre.id)
        for name, model, day in own
    }
    post = KINDS.get("post")  # a neighbour's table, reached by its name
    if post is None:
        return counts
    table = post.model
    districts = table.centre_id.is_(None) & (table.district_code == centre.district_code)
    whose = or_(table.centre_id == centre.id, districts)
    day = getattr(table, post.day)
    return counts | {"posts": _count(session, table, day, fiscal_year, whose)}


def _count(
    session: Session, model: Any, day: Any, fiscal_year: int, whose: ColumnElement[bool]
) -> int:
    within = day.between(*_year(fiscal_year))
    counted = select(func.count(model.id)).where(whose, model.deleted_at.is_(None), within)
    return session.scalar(counted) or 0


def _photos(
    session: Session, centre_id: UUID, ids: set[UUID], *days: ColumnElement[bool]
) -> Sequence[Photo]:
    """Those named, wherever in time, and with `days` the newest of them besides."""
    mine = with_record(select(Photo)).where(Photo.centre_id == centre_id)
    newest = (Photo.day.desc(), Photo.id.desc())
    found = list(session.scalars(mine.where(Photo.id.in_(ids)).order_by(*newest)))
    if days:
        more = mine.where(*days, Photo.id.not_in(ids), Photo.state != "unreadable")
        found += session.scalars(more.order_by(*newest).limit(MOST_OFFERED))
    return found


def _documents(
    session: Session, centre: Centre, ids: set[UUID], *days: ColumnElement[bool]
) -> Sequence[Document]:
    mine = select(Document).where(
        Document.district_code == centre.district_code,
        or_(Document.centre_id == centre.id, Document.centre_id.is_(None)),
        Document.deleted_at.is_(None),
    )
    newest = (Document.dated_on.desc(), Document.id.desc())
    found = list(session.scalars(mine.where(Document.id.in_(ids)).order_by(*newest)))
    if days:
        more = mine.where(*days, Document.id.not_in(ids))
        found += session.scalars(more.order_by(*newest).limit(MOST_OFFERED))
    return found


def _year(fiscal_year: int) -> tuple[date, date]:
    return Quarter(fiscal_year, 1).first_day, Quarter(fiscal_year, 4).last_day
