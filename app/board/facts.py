"""Facts: what the scale asks about, counted for all districts at once.

The number of queries is fixed, whatever the number of districts and centres; what one query reads
is bounded by centres, not by visits or photos.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, extract, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.activities.models import Activity
from app.board.due import Calendar
from app.board.grades import CentreGrade, grades_of
from app.board.queries import UnitQuarter
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.findings.models import PhotoFinding
from app.networks.models import NetworkOrder
from app.photos.models import Photo
from app.plans.models import PlanItem
from app.publicity.models import Post
from app.records.queries import in_scope
from app.rounds.programme import Programme
from app.shared.clock import Quarter

SHOWN_PHOTOS = ("received", "processed")  # its bytes are here and no fault was found in them


@dataclass(frozen=True, slots=True)
class DistrictFacts:
    """What is there for one district: open centres, their newest grades, and what was recorded."""

    code: str
    centres: int = 0
    orders: int = 0
    sectors: frozenset[str] = frozenset()  # of the newest order
    grades: Mapping[str, int] = field(default_factory=dict)  # centres by their newest grade
    confirmed: int = 0  # centres whose newest grade the reviewer has confirmed
    raisable: int = 0  # centres that were below the best grade
    raised: int = 0  # of these, how many have a better one now
    active: Mapping[str, int] = field(
        default_factory=dict
    )  # by grade: with a photographed activity
    plan_items: int = 0
    visits: int = 0
    followups: int = 0
    months_posted: frozenset[tuple[int, int]] = frozenset()  # year and month of the quarter

    @property
    def assessed(self) -> int:
        """Open centres with an assessment in the fiscal year."""
        return sum(self.grades.values())


def facts_by_district(
    session: Session,
    actor: Actor,
    calendar: Calendar,
    programme: Programme,
    codes: Sequence[str],
    units: Sequence[UnitQuarter],
) -> dict[str, DistrictFacts]:
    """The facts of each of `codes`, as of the calendar's last counted day.  Six queries.

    `units` are the districts' figures of the quarter (`quarter_by_unit`): read once by the page.
    """
    year, until = programme.fiscal_year, calendar.counted_until
    centres = _open_centres(session, actor)
    grades = grades_of(session, actor, programme, until, centres)
    active = _active_centres(session, actor, Quarter(year, 1).first_day, until)
    orders = _orders(session, actor, year, until)
    items = _plan_items(session, actor, year)
    months = _months_posted(session, actor, calendar.quarter)
    figures = {unit.code: unit for unit in units}
    return {
        code: DistrictFacts(
            code,
            centres=sum(district == code for district in centres.values()),
            orders=orders[code][0],
            sectors=orders[code][1],
            plan_items=items.get(code, 0),
            visits=figures[code].visits if code in figures else 0,
            followups=figures[code].followups if code in figures else 0,
            months_posted=frozenset(months[code]),
            **_of_grades([one for one in grades if centres[one.centre_id] == code], active),
        )
        for code in codes
    }


def _of_grades(grades: Sequence[CentreGrade], active: frozenset[UUID]) -> dict[str, Any]:
    return {
        "grades": Counter(one.grade for one in grades),
        "confirmed": sum(one.confirmed for one in grades),
        "raisable": sum(one.raisable for one in grades),
        "raised": sum(one.raised for one in grades),
        "active": Counter(one.grade for one in grades if one.centre_id in active),
    }


def _open_centres(session: Session, actor: Actor) -> dict[UUID, str]:
    rows = session.execute(
        select(Centre.id, Centre.subdistrict_code).where(
            centres_in_scope(actor), Centre.status == "active"
        )
    )
    return {centre_id: code[:4] for centre_id, code in rows}


def _active_centres(session: Session, actor: Actor, first: date, last: date) -> frozenset[UUID]:
    """Centres with an activity in these days that has a photo nobody doubts."""
    doubted = select(PhotoFinding.photo_id).where(PhotoFinding.decision == "doubtful")
    rows = session.scalars(
        select(Activity.centre_id)
        .join(Photo, (Photo.subject_kind == "activity") & (Photo.subject_id == Activity.id))
        .where(
            in_scope(Activity, actor),
            Activity.deleted_at.is_(None),
            Activity.held_on.between(first, last),
            Photo.deleted_at.is_(None),
            Photo.state.in_(SHOWN_PHOTOS),
            Photo.id.not_in(doubted),
        )
        .distinct()
    )
    return frozenset(centre_id for centre_id in rows if centre_id)


def _orders(
    session: Session, actor: Actor, year: int, until: date
) -> dict[str, tuple[int, frozenset[str]]]:
    """How many orders, and the sectors of the newest, by district."""
    found: dict[str, tuple[int, frozenset[str]]] = defaultdict(lambda: (0, frozenset()))
    rows = session.execute(
        _kept(NetworkOrder, actor, NetworkOrder.district_code, NetworkOrder.sectors)
        .where(NetworkOrder.fiscal_year == year, NetworkOrder.dated_on <= until)
        .order_by(NetworkOrder.dated_on, NetworkOrder.captured_at, NetworkOrder.id)
    )
    for code, sectors in rows:
        found[code] = (found[code][0] + 1, frozenset(sectors))
    return found


def _plan_items(session: Session, actor: Actor, year: int) -> dict[str, int]:
    rows = session.execute(
        _kept(PlanItem, actor, PlanItem.district_code, func.count())
        .where(PlanItem.fiscal_year == year, PlanItem.dropped_reason.is_(None))
        .group_by(PlanItem.district_code)
    )
    return {code: int(count) for code, count in rows}


def _months_posted(
    session: Session, actor: Actor, quarter: Quarter
) -> dict[str, set[tuple[int, int]]]:
    year, month = extract("year", Post.posted_on), extract("month", Post.posted_on)
    found: dict[str, set[tuple[int, int]]] = defaultdict(set)
    rows = session.execute(
        _kept(Post, actor, Post.district_code, year, month)
        .where(Post.posted_on.between(quarter.first_day, quarter.last_day))
        .distinct()
    )
    for code, of_year, of_month in rows:
        found[code].add((int(of_year), int(of_month)))
    return found


def _kept(model: Any, actor: Actor, *columns: Any) -> Select[Any]:
    return select(*columns).where(in_scope(model, actor), model.deleted_at.is_(None))
