"""Reading plans: a district's items of a year, and what came of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.plans.models import PlanItem, PlanResult
from app.records.queries import in_scope
from app.visits.queries import IdsOrAsked

_NEWEST = (PlanResult.reported_on.desc(), PlanResult.captured_at.desc(), PlanResult.id.desc())


def items_of(session: Session, district_code: str, fiscal_year: int) -> Sequence[PlanItem]:
    """A district's plan of a year: by centre, the district's own items last.  Dropped ones too.

    The caller has checked that the district may be seen.
    """
    return session.scalars(_items(fiscal_year).where(PlanItem.district_code == district_code)).all()


def items_seen(
    session: Session,
    actor: Actor,
    district_code: str,
    fiscal_year: int,
    *,
    centre_id: UUID | None = None,
) -> Sequence[PlanItem]:
    """As `items_of`, but only what the actor sees: a volunteer's own centre; or of one centre."""
    statement = _items(fiscal_year).where(
        in_scope(PlanItem, actor), PlanItem.district_code == district_code
    )
    if centre_id:
        statement = statement.where(PlanItem.centre_id == centre_id)
    return session.scalars(statement).all()


def newest_results(
    session: Session, item_ids: Collection[UUID], until: date
) -> dict[UUID, PlanResult]:
    """The newest report of each item, up to and with the day `until`.  One query."""
    if not item_ids:
        return {}
    found = session.scalars(newest_results_asked(item_ids, until))
    return {result.item_id: result for result in found}


def newest_results_asked(item_ids: IdsOrAsked, until: date) -> Select[PlanResult]:
    """The question that `newest_results` asks."""
    place = func.row_number().over(
        partition_by=PlanResult.item_id,
        order_by=(
            PlanResult.reported_on.desc(),
            PlanResult.captured_at.desc(),
            PlanResult.id.desc(),
        ),
    )
    ranked = (
        select(PlanResult.id, place.label("place"))
        .where(
            PlanResult.item_id.in_(item_ids),
            PlanResult.deleted_at.is_(None),
            PlanResult.reported_on <= until,
        )
        .subquery()
    )
    return select(PlanResult).join(ranked, ranked.c.id == PlanResult.id).where(ranked.c.place == 1)


def results_of(session: Session, item_ids: Collection[UUID]) -> dict[UUID, list[PlanResult]]:
    """Every report of each item, newest first.  One query."""
    found: dict[UUID, list[PlanResult]] = {item_id: [] for item_id in item_ids}
    if not item_ids:
        return found
    for result in session.scalars(
        select(PlanResult)
        .where(PlanResult.item_id.in_(item_ids), PlanResult.deleted_at.is_(None))
        .order_by(*_NEWEST)
    ):
        found[result.item_id].append(result)
    return found


def years_planned(session: Session, actor: Actor) -> Sequence[int]:
    """Fiscal years with items that the actor sees, newest first."""
    return session.scalars(
        select(PlanItem.fiscal_year)
        .where(in_scope(PlanItem, actor), PlanItem.deleted_at.is_(None))
        .distinct()
        .order_by(PlanItem.fiscal_year.desc())
    ).all()


def totals_by_district(
    session: Session, actor: Actor, fiscal_year: int
) -> dict[str, tuple[int, int]]:
    """Number of items and their budget (baht) of each district; dropped items do not count."""
    rows = session.execute(
        select(PlanItem.district_code, func.count(PlanItem.id), func.sum(PlanItem.budget_baht))
        .where(
            in_scope(PlanItem, actor),
            PlanItem.fiscal_year == fiscal_year,
            PlanItem.deleted_at.is_(None),
            PlanItem.dropped_reason.is_(None),
        )
        .group_by(PlanItem.district_code)
    )
    return {code: (count, int(baht)) for code, count, baht in rows}


def _items(fiscal_year: int) -> Select[PlanItem]:
    return (
        select(PlanItem)
        .outerjoin(Centre, Centre.id == PlanItem.centre_id)
        .options(joinedload(PlanItem.centre))
        .where(PlanItem.fiscal_year == fiscal_year, PlanItem.deleted_at.is_(None))
        .order_by(
            PlanItem.centre_id.is_(None), Centre.code, PlanItem.starts_on, PlanItem.captured_at,
            PlanItem.id,
        )
    )  # fmt: skip
