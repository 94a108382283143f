"""Reading network orders: of a year, and the one in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.networks.models import NetworkOrder
from app.records.queries import in_scope
from app.shared.thai import fold
from app.shared.traces import HIDDEN

# Newest first: of two orders of one day the one written down later.
_NEWEST = (NetworkOrder.dated_on.desc(), NetworkOrder.captured_at.desc(), NetworkOrder.id.desc())


def order_in_force(
    session: Session, district_code: str, fiscal_year: int, until: date | None = None
) -> NetworkOrder | None:
    """The newest order of a district's fiscal year, dated `until` at the latest.

    The caller has checked that the district may be seen.
    """
    return session.scalars(
        _until(until)
        .where(NetworkOrder.district_code == district_code, NetworkOrder.fiscal_year == fiscal_year)
        .order_by(*_NEWEST)
        .limit(1)
    ).first()


def orders_in_force(
    session: Session, actor: Actor, fiscal_year: int, until: date | None = None
) -> dict[str, NetworkOrder]:
    """The order in force of every district the actor sees, by district code.  One query."""
    found: dict[str, NetworkOrder] = {}
    for order in session.scalars(orders_asked(actor, fiscal_year, until)):
        found.setdefault(order.district_code, order)
    return found


def orders_asked(actor: Actor, fiscal_year: int, until: date | None = None) -> Select[NetworkOrder]:
    """The question that `orders_in_force` asks: every order of the year, newest first."""
    return (
        _until(until)
        .where(in_scope(NetworkOrder, actor), NetworkOrder.fiscal_year == fiscal_year)
        .order_by(*_NEWEST)
    )


def orders_of(session: Session, actor: Actor, district_code: str) -> Sequence[NetworkOrder]:
    """Every order of a district, newest fiscal year and newest day first."""
    return session.scalars(
        _until(None)
        .where(in_scope(NetworkOrder, actor), NetworkOrder.district_code == district_code)
        .order_by(NetworkOrder.fiscal_year.desc(), *_NEWEST)
    ).all()


def members_named(
    session: Session, actor: Actor, district_code: str
) -> list[tuple[NetworkOrder, int, str]]:
    """Whom the orders of a district name, each once with the newest order and the place in it."""
    found: dict[str, tuple[NetworkOrder, int, str]] = {}
    for order in orders_of(session, actor, district_code):
        for place, one in enumerate(order.members):
            name = str(one["name"])
            if name != HIDDEN:
                found.setdefault(fold(name), (order, place, name))
    return sorted(found.values(), key=lambda one: one[2])


def years_with_orders(session: Session, actor: Actor) -> Sequence[int]:
    """Fiscal years with an order that the actor sees, newest first."""
    return session.scalars(
        select(NetworkOrder.fiscal_year)
        .where(in_scope(NetworkOrder, actor), NetworkOrder.deleted_at.is_(None))
        .distinct()
        .order_by(NetworkOrder.fiscal_year.desc())
    ).all()


def in_force_ids(orders: Sequence[NetworkOrder]) -> set[UUID]:
    """Which of `orders`, newest first, is in force in its district and year."""
    first: dict[tuple[str, int], UUID] = {}
    for order in orders:
        first.setdefault((order.district_code, order.fiscal_year), order.id)
    return set(first.values())


def _until(until: date | None) -> Select[NetworkOrder]:
    statement = select(NetworkOrder).where(NetworkOrder.deleted_at.is_(None))
    return statement if until is None else statement.where(NetworkOrder.dated_on <= until)
