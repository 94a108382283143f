"""Assessments of centres, with their scores in the programme's words and the reviewer's decision.

What counts for a centre is the newest of the fiscal year; the grade before is the one that counted
when the quarter before was over, of whichever year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.accounts.models import Account
from app.assessments.models import Assessment, GradeDecision
from app.documents.models import Document
from app.packets.frozen.asked import Asked, by_many, ids_of, sound
from app.packets.frozen.content import AssessmentItem, ScoreItem, SideShare
from app.photos.models import Photo
from app.photos.queries import with_record
from app.rounds.programme import Programme, programme_named


def newest_assessments(asked: Asked) -> list[Assessment]:
    """The assessment that counts for each centre, in the centres' order."""
    newest = _newest(asked, Assessment, _counted(asked))
    return sorted(
        (row for row in newest if row.centre_id in asked.order),
        key=lambda row: asked.order[row.centre_id],
    )


def assessments(asked: Asked, rows: Sequence[Assessment]) -> tuple[AssessmentItem, ...]:
    """The assessments as the list holds them."""
    before = _grades_before(asked)
    decided = _decisions(asked)
    there = _standing(asked, evidence_named(rows))
    return tuple(
        _item(asked, row, decided.get(row.id), before.get(row.centre_id), there) for row in rows
    )


def evidence_named(rows: Sequence[Assessment]) -> set[UUID]:
    """Ids of the photos and documents that the scores name."""
    return ids_of(one for row in rows for score in row.scores for one in score["evidence"] or ())


def _counted(asked: Asked) -> tuple[Any, ...]:
    return (
        asked.holds(Assessment),
        Assessment.fiscal_year == asked.quarter.fiscal_year,
        Assessment.assessed_on <= asked.until("assessments"),
    )


def _newest(asked: Asked, wanted: Any, conditions: tuple[Any, ...]) -> Sequence[Any]:
    """As `app.assessments.queries.newest_of`: of one day the one that was made last."""
    place = func.row_number().over(
        partition_by=Assessment.centre_id,
        order_by=(Assessment.assessed_on.desc(), Assessment.id.desc()),
    )
    ranked = select(Assessment.id, place.label("place")).where(*conditions).subquery()
    newest = select(ranked.c.id).where(ranked.c.place == 1)
    return asked.session.scalars(select(wanted).where(Assessment.id.in_(newest))).all()


def _grades_before(asked: Asked) -> dict[UUID | None, str]:
    until = asked.until_before("assessments")
    rows = _newest(asked, Assessment, (asked.holds(Assessment), Assessment.assessed_on <= until))
    return {row.centre_id: row.grade for row in rows}


def _decisions(asked: Asked) -> dict[UUID, tuple[str, str | None, int]]:
    """Who decided on each assessment last, why, and about which version."""
    rows = asked.session.execute(
        select(
            GradeDecision.assessment_id, Account.name, GradeDecision.reason,
            GradeDecision.assessment_version,
        )
        .join(Account, Account.id == GradeDecision.decided_by)
        .join(Assessment, Assessment.id == GradeDecision.assessment_id)
        .where(*_counted(asked))
        .order_by(GradeDecision.decided_at, GradeDecision.id)
    )  # fmt: skip
    return {assessment: (name, reason, version) for assessment, name, reason, version in rows}


def _standing(asked: Asked, ids: Set[UUID]) -> set[str]:
    """Those of the ids that are photos or documents and are not struck out."""
    found: set[str] = set()
    for share in by_many(ids):
        pictures = with_record(select(Photo.id)).where(Photo.id.in_(share))
        papers = select(Document.id).where(Document.id.in_(share), Document.deleted_at.is_(None))
        found |= {str(id_) for each in (pictures, papers) for id_ in asked.session.scalars(each)}
    return found


def _item(
    asked: Asked,
    row: Assessment,
    decided: tuple[str, str | None, int] | None,
    before: str | None,
    there: Set[str],
) -> AssessmentItem:
    programme = programme_named(row.programme_version)
    stands = decided is not None and row.decided_grade is not None
    return asked.item(
        AssessmentItem,
        row,
        scores=tuple(_scores(row, programme, there)),
        sides=tuple(_sides(row.sides, programme)),
        percent=float(row.percent),
        decided_by=decided[0] if decided and stands else None,
        decision_reason=decided[1] if decided and stands else None,
        earlier_grade=before,
    )


def _scores(row: Assessment, programme: Programme, there: Set[str]) -> Iterator[ScoreItem]:
    """In the form's order; what the form does not know any more comes last, under its key."""
    form = programme.assessment
    known = {one.key: (place, one) for place, one in enumerate(form.criteria)}
    for score in sorted(row.scores, key=lambda s: known.get(s["criterion"], (len(known), None))[0]):
        key = score["criterion"]
        criterion = known[key][1] if key in known else None
        points = int(score["points"] or 0)
        yield ScoreItem(
            criterion=sound(key),
            label=criterion.th if criterion else sound(key),
            side=criterion.side if criterion else "",
            points=points,
            most=form.most_points(criterion) if criterion else points,
            note=sound(score.get("note") or "") or None,
            evidence=sum(one in there for one in {str(each) for each in score["evidence"] or ()}),
        )


def _sides(told: Mapping[str, float], programme: Programme) -> Iterator[SideShare]:
    order = [side.key for side in programme.five_p]
    for key in sorted(told, key=lambda k: (order.index(k) if k in order else len(order), k)):
        yield SideShare(sound(key), float(told[key]))
