"""Activities, network orders, plans, results and posts, as the list holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.activities.models import Activity
from app.networks.models import NetworkOrder
from app.packets.frozen.asked import Asked, sound
from app.packets.frozen.content import (
    ActivityItem,
    MemberItem,
    NetworkOrderItem,
    PlanRow,
    PostItem,
    ResultRow,
)
from app.plans.models import PlanItem, PlanResult
from app.publicity.models import Post


def activities(asked: Asked) -> tuple[ActivityItem, ...]:
    """What was held in the quarter; it counts for the day it began."""
    rows = asked.session.scalars(
        select(Activity).where(asked.holds(Activity), asked.in_quarter(Activity.held_on))
    )
    return tuple(asked.item(ActivityItem, row) for row in asked.in_order(rows, "held_on"))


def posts(asked: Asked) -> tuple[PostItem, ...]:
    """What was published in the quarter."""
    rows = asked.session.scalars(
        select(Post).where(asked.holds(Post), asked.in_quarter(Post.posted_on))
    )
    return tuple(asked.item(PostItem, row) for row in asked.in_order(rows, "posted_on"))


def network_orders(asked: Asked) -> tuple[NetworkOrderItem, ...]:
    """The order in force in each district at the end of the days that count."""
    rows = asked.session.scalars(
        select(NetworkOrder)
        .where(
            asked.holds(NetworkOrder),
            NetworkOrder.fiscal_year == asked.quarter.fiscal_year,
            NetworkOrder.dated_on <= asked.until("networks"),
        )
        # As `app.networks.queries.orders_in_force`: of two orders of one day the later written.
        .order_by(
            NetworkOrder.dated_on.desc(), NetworkOrder.captured_at.desc(), NetworkOrder.id.desc()
        )
    )
    newest: dict[str, NetworkOrder] = {}
    for row in rows:
        newest.setdefault(row.district_code, row)
    return tuple(
        asked.item(NetworkOrderItem, row, members=tuple(_member(one) for one in row.members))
        for row in asked.in_order(newest.values(), "dated_on")
    )


def plan_rows(asked: Asked) -> tuple[PlanRow, ...]:
    """The plan of the fiscal year, with what was dropped since."""
    rows = asked.session.scalars(
        select(PlanItem).where(
            asked.holds(PlanItem), PlanItem.fiscal_year == asked.quarter.fiscal_year
        )
    )
    return tuple(asked.item(PlanRow, row) for row in asked.in_order(rows, "starts_on"))


def result_rows(asked: Asked, plan: tuple[PlanRow, ...]) -> tuple[ResultRow, ...]:
    """The newest result of each line of the plan, in the plan's order.

    As `app.plans.queries.newest_results`, but the lines are told by a query and not by their ids:
    a province has more of them than one statement takes.
    """
    place = func.row_number().over(
        partition_by=PlanResult.item_id,
        order_by=(
            PlanResult.reported_on.desc(), PlanResult.captured_at.desc(), PlanResult.id.desc(),
        ),
    )  # fmt: skip
    ranked = (
        select(PlanResult.id, place.label("place"))
        .join(PlanItem, PlanItem.id == PlanResult.item_id)
        .where(
            asked.holds(PlanItem),
            PlanItem.fiscal_year == asked.quarter.fiscal_year,
            PlanResult.deleted_at.is_(None),
            PlanResult.reported_on <= asked.until("plan_results"),
        )
        .subquery()
    )
    rows = asked.session.scalars(
        select(PlanResult).join(ranked, ranked.c.id == PlanResult.id).where(ranked.c.place == 1)
    )
    newest: dict[UUID, PlanResult] = {row.item_id: row for row in rows}
    found = (newest.get(UUID(line.id)) for line in plan)
    return tuple(asked.item(ResultRow, row) for row in found if row)


def _member(told: Mapping[str, Any]) -> MemberItem:
    name, organisation, sector, role = (
        sound(str(told.get(key) or "")) for key in ("name", "organisation", "sector", "role")
    )
    return MemberItem(name, organisation or None, sector, role or None)
