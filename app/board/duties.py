"""Duties: what one district's centres have of everything the letter asks for, side by side.

A fixed number of queries, however many centres; the visitor book comes from its tallies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.activities.models import Activity
from app.assessments.models import Assessment
from app.assessments.queries import newest_of
from app.board.due import Calendar
from app.board.queries import UnitQuarter, quarter_by_unit
from app.centres.models import Centre
from app.centres.queries import centres_in_scope, list_centres
from app.devices.queries import UnsentSummary, unsent_by_centre
from app.findings.models import PhotoFinding
from app.photos.models import Photo
from app.photos.queries import with_record
from app.plans.models import PlanItem, PlanResult
from app.plans.queries import newest_results
from app.publicity.models import Post
from app.records.queries import in_scope
from app.shared.clock import Quarter
from app.visits.models import Visit

Counts = Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class CentreDuties:
    """One centre's quarter."""

    centre: Centre
    figures: UnitQuarter
    assessment: Assessment | None  # the newest of the fiscal year
    followups_late: int
    activities: int
    open_findings: int
    posts: int
    plan_items: int
    plan_done: int | None  # percent, the mean of the items' newest reports; an unreported one is 0
    unsent: UnsentSummary | None


def duties_of(
    session: Session, actor: Actor, calendar: Calendar, today: date
) -> list[CentreDuties]:
    """Every centre in scope that is not closed, by code.  Eleven queries."""
    quarter = calendar.quarter
    figures = {unit.code: unit for unit in quarter_by_unit(session, actor, quarter, by="centre")}
    centres = [one for one in list_centres(session, actor) if one.status != "closed"]
    year, until = quarter.fiscal_year, calendar.counted_until
    grades = newest_of(session, [one.id for one in centres], year, until)
    late = _followups_late(session, actor, today)
    activities = _in_quarter(session, actor, Activity, Activity.held_on, quarter)
    posts = _in_quarter(session, actor, Post, Post.posted_on, quarter)
    findings = _open_findings(session, actor)
    plan = _plan(session, actor, year, until)
    unsent = unsent_by_centre(session, actor)
    return [
        CentreDuties(
            centre,
            figures.get(centre.code, UnitQuarter(centre.code)),
            grades.get(centre.id),
            late.get(centre.id, 0),
            activities.get(centre.id, 0),
            findings.get(centre.id, 0),
            posts.get(centre.id, 0),
            *plan.get(centre.id, (0, None)),
            unsent.get(centre.id),
        )
        for centre in centres
    ]


def _followups_late(session: Session, actor: Actor, today: date) -> Counts:
    rows = session.execute(
        select(Visit.centre_id, func.count())
        .join(Centre, Centre.id == Visit.centre_id)
        .where(centres_in_scope(actor), Visit.deleted_at.is_(None), Visit.next_followup_on < today)
        .group_by(Visit.centre_id)
    )
    return _counts(rows)


def _in_quarter(session: Session, actor: Actor, model: Any, day: Any, quarter: Quarter) -> Counts:
    rows = session.execute(
        select(model.centre_id, func.count())
        .where(
            in_scope(model, actor),
            model.deleted_at.is_(None),
            model.centre_id.is_not(None),
            day.between(quarter.first_day, quarter.last_day),
        )
        .group_by(model.centre_id)
    )
    return _counts(rows)


def _open_findings(session: Session, actor: Actor) -> Counts:
    joined = select(Photo.centre_id, func.count()).join(
        PhotoFinding, PhotoFinding.photo_id == Photo.id
    )
    rows = session.execute(
        with_record(joined)
        .where(
            centres_in_scope(actor),
            PhotoFinding.decision.is_(None),
            PhotoFinding.withdrawn_at.is_(None),
        )
        .group_by(Photo.centre_id)
    )
    return _counts(rows)


def _plan(
    session: Session, actor: Actor, year: int, until: date
) -> Mapping[UUID | None, tuple[int, int | None]]:
    rows = session.execute(
        select(PlanItem.id, PlanItem.centre_id).where(
            in_scope(PlanItem, actor),
            PlanItem.deleted_at.is_(None),
            PlanItem.dropped_reason.is_(None),
            PlanItem.centre_id.is_not(None),
            PlanItem.fiscal_year == year,
        )
    ).all()
    results = newest_results(session, [row.id for row in rows], until)
    by_centre: dict[UUID | None, list[PlanResult | None]] = {}
    for item_id, centre_id in rows:
        by_centre.setdefault(centre_id, []).append(results.get(item_id))
    return {centre_id: (len(found), _mean(found)) for centre_id, found in by_centre.items()}


def _mean(results: Sequence[PlanResult | None]) -> int | None:
    if not any(results):
        return None
    return round(sum(one.done_percent for one in results if one) / len(results))


def _counts(rows: Any) -> Counts:
    return {centre_id: int(count) for centre_id, count in rows}
