"""What a quarter holds, unit by unit, counted in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.queries import DISTRICT_DIGITS
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.followups.models import Followup
from app.photos.models import Photo
from app.photos.queries import PhotoFilter, photos_in_scope
from app.shared.clock import Quarter
from app.visits.tallies import VisitTally


@dataclass(frozen=True, slots=True)
class UnitQuarter:
    """One unit's quarter: a district (by code) or a centre (by code), in counts."""

    code: str
    centres: int = 0
    centres_quiet: int = 0  # open centres where nobody wrote in the visitor book
    visits: int = 0
    people: int = 0
    followups: int = 0
    photos: int = 0  # whose bytes are here
    photos_awaited: int = 0  # beside them: still on somebody's phone
    photos_waiting: int = 0
    photos_unreadable: int = 0


def quarter_by_unit(
    session: Session, actor: Actor, quarter: Quarter, *, by: Literal["district", "centre"]
) -> list[UnitQuarter]:
    """Counts of `quarter` for every district or centre in scope, in code order.

    Every unit has a row, also one where nothing happened: that is what a reviewer looks for.
    """
    found: dict[str, dict[str, int]] = {}
    for query in quarter_asked(actor, quarter, by=by):
        for row in session.execute(query).mappings():
            counts = found.setdefault(row["unit"], {})
            counts |= {name: int(n or 0) for name, n in row.items() if name != "unit"}
    return [_unit_quarter(code, found[code]) for code in sorted(found)]


def quarter_asked(
    actor: Actor, quarter: Quarter, *, by: Literal["district", "centre"]
) -> list[Select[*tuple[Any, ...]]]:
    """The questions that `quarter_by_unit` asks, each with a row for every unit it knows of."""
    unit = _unit(by)
    asked = (
        _centres(unit), _visits(unit, quarter), _followups(unit, quarter),
        _photos(unit, actor, quarter),
    )  # fmt: skip
    return [query.where(centres_in_scope(actor)).group_by(unit) for query in asked]


def totals(units: Sequence[UnitQuarter]) -> UnitQuarter:
    """The sum of all units."""
    names = [field.name for field in fields(UnitQuarter) if field.name != "code"]
    return UnitQuarter("", **{name: sum(getattr(u, name) for u in units) for name in names})


def _unit_quarter(code: str, counts: dict[str, int]) -> UnitQuarter:
    open_centres, busy = counts.pop("open_centres", 0), counts.pop("busy_centres", 0)
    return UnitQuarter(code, centres_quiet=max(0, open_centres - busy), **counts)


def _unit(by: str) -> ColumnElement[str]:
    if by == "district":
        return func.substr(Centre.subdistrict_code, 1, DISTRICT_DIGITS).label("unit")
    return Centre.code.label("unit")


def _centres(unit: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    is_open = case((Centre.status == "active", 1), else_=0)
    return select(
        unit, func.count(Centre.id).label("centres"), func.sum(is_open).label("open_centres")
    )


def _visits(unit: ColumnElement[str], quarter: Quarter) -> Select[*tuple[Any, ...]]:
    """From the tallies: the book itself may have millions of entries."""
    kept = (
        select(
            VisitTally.centre_id,
            func.sum(VisitTally.visits).label("visits"),
            func.sum(VisitTally.people).label("people"),
        )
        .where(VisitTally.month.between(quarter.first_day, quarter.last_day))
        .group_by(VisitTally.centre_id)
        .subquery()
    ).c
    busy = case(((Centre.status == "active") & (kept.visits > 0), 1), else_=0)
    return select(
        unit,
        func.sum(kept.visits).label("visits"),
        func.sum(kept.people).label("people"),
        func.sum(busy).label("busy_centres"),
    ).join(Centre, Centre.id == kept.centre_id)


def _followups(unit: ColumnElement[str], quarter: Quarter) -> Select[*tuple[Any, ...]]:
    return (
        select(
            unit,
            func.count(Followup.id).label("followups"),
        )
        .join(Followup, Followup.centre_id == Centre.id)
        .where(
            Followup.deleted_at.is_(None),
            Followup.followed_on.between(quarter.first_day, quarter.last_day),
        )
    )


def _photos(unit: ColumnElement[str], actor: Actor, quarter: Quarter) -> Select[*tuple[Any, ...]]:
    def in_state(state: str) -> ColumnElement[int]:
        return func.sum(case((Photo.state == state, 1), else_=0))

    counted = photos_in_scope(actor).where(*PhotoFilter(quarter=quarter).conditions())
    return counted.with_only_columns(
        unit,
        func.sum(case((Photo.state != "awaited", 1), else_=0)).label("photos"),
        in_state("awaited").label("photos_awaited"),
        in_state("received").label("photos_waiting"),
        in_state("unreadable").label("photos_unreadable"),
    )
