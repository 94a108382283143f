"""Reading held items for those who decide about them, always within their scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.devices.models import Device
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.sync.models import HeldItem

PAGE_SIZE = 10  # each is a table of two versions
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who recorded a held item, and on which phone."""

    name: str
    phone: str


def list_conflicts(session: Session, actor: Actor, *, after: str | None = None) -> Page[HeldItem]:
    """One page of items somebody must decide about, the newest first.  Raises BadCursor."""
    statement = _in_scope(select(HeldItem), actor).where(HeldItem.state == "conflict")
    key = (HeldItem.received_at, HeldItem.id)
    return page_of(session, statement, key, after=after, descending=True, size=PAGE_SIZE)


def held_for(session: Session, actor: Actor, held_id: UUID) -> HeldItem:
    """The item, decided or not, locked until the end of the transaction.

    Raises:
        NotFound: it does not exist, or lies outside the actor's scope.
    """
    wanted = _in_scope(select(HeldItem), actor).where(HeldItem.id == held_id)
    held = session.scalars(
        wanted.with_for_update(of=HeldItem).execution_options(populate_existing=True)
    ).one_or_none()
    if held is None:
        raise NotFound(kind="held_item")
    return held


def conflicts_of(session: Session, actor: Actor, record_id: UUID) -> int:
    """How many of a record's versions wait for a decision by somebody like the actor."""
    statement = _in_scope(select(func.count(HeldItem.id)), actor).where(
        HeldItem.state == "conflict", HeldItem.record_id == record_id
    )
    return session.scalar(statement) or 0


def waiting_count(session: Session, actor: Actor) -> int:
    """How many items of the actor's area wait for the record they belong to."""
    statement = _in_scope(select(func.count(HeldItem.id)), actor).where(HeldItem.state == "pending")
    return session.scalar(statement) or 0


def origin_of(session: Session, held: HeldItem) -> Origin:
    """Whose version it is."""
    name, phone = session.execute(
        select(Account.name, Device.label)
        .join(Device, Device.account_id == Account.id)
        .where(Account.id == held.account_id, Device.id == held.device_id)
    ).one()
    return Origin(name, phone)


def _in_scope(statement: Select[*Columns], actor: Actor) -> Select[*Columns]:
    """Items of centres the actor sees; those without a centre go by their account's area."""
    return (
        statement.outerjoin(Centre, Centre.id == HeldItem.centre_id)
        .join(Account, Account.id == HeldItem.account_id)
        .where(or_(centres_in_scope(actor), and_(HeldItem.centre_id.is_(None), _of_area(actor))))
    )


def _of_area(actor: Actor) -> ColumnElement[bool]:
    if actor.role == "volunteer":
        return Account.id == actor.account_id
    return Account.area_code.startswith(actor.area_code, autoescape=True)
