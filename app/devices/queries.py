"""Reading devices, always within an actor's scope."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, bindparam, func, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.areas.queries import DISTRICT_DIGITS
from app.devices.models import Device
from app.devices.rules import PHONE_ROLES, PhoneFacts, may_get_code
from app.shared.errors import NotFound

_FACTS = tuple(PhoneFacts.__annotations__)
_HOLDER = (  # made once, and no more than is needed: every request of a phone begins with it
    select(
        Device.id, Device.revoked_at, Device.last_contact_at, Account.id.label("account_id"),
        Account.role, Account.area_code, Account.centre_id, Account.name, Account.disabled_at,
    )
    .join(Account, Account.id == Device.account_id)
    .where(Device.token_sha256 == bindparam("digest"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnsentSummary:
    """What lies on phones and has not been sent, by their last heartbeats."""

    records: int
    photos: int
    phones: int
    since: datetime | None = None  # when the oldest of it was written down

    @property
    def items(self) -> int:
        """Records and photos together."""
        return self.records + self.photos


def token_digest(token: str) -> str:
    """What the table keeps of a token.  256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Holder:
    """A phone that holds a token, and whom it acts for; whether they may, rules decide."""

    device_id: UUID
    revoked_at: datetime | None
    last_contact_at: datetime
    actor: Actor
    disabled_at: datetime | None


def holder_of(session: Session, token: str) -> Holder | None:
    """Whose token it is, if it is anybody's."""
    found = session.execute(_HOLDER, {"digest": token_digest(token)}).one_or_none()
    if found is None:
        return None
    actor = Actor(found.account_id, found.role, found.area_code, found.centre_id, found.name)
    return Holder(found.id, found.revoked_at, found.last_contact_at, actor, found.disabled_at)


def devices_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition that keeps a query on `Device` joined to `Account` inside the actor's area."""
    if actor.role == "volunteer":
        return Account.id == actor.account_id
    if not actor.area_code:
        return true()
    return Account.area_code.startswith(actor.area_code, autoescape=True)


def device_for(session: Session, actor: Actor, device_id: UUID) -> Device:
    """The device, if it lies in the actor's area.

    Raises:
        NotFound: it does not exist, or lies outside.
    """
    device = session.scalars(
        select(Device)
        .join(Account, Account.id == Device.account_id)
        .where(Device.id == device_id, devices_in_scope(actor))
    ).one_or_none()
    if device is None:
        raise NotFound(kind="device")
    return device


def signed_in_phones(session: Session, account_id: UUID) -> Sequence[Device]:
    """The account's phones that hold a token, the last heard from first."""
    return session.scalars(
        select(Device)
        .where(
            Device.account_id == account_id,
            Device.token_sha256.is_not(None),
            Device.revoked_at.is_(None),
        )
        .order_by(Device.last_contact_at.desc())
    ).all()


def list_phones(session: Session, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """Phones in scope by their owners' names, as `id`, `revoked_at` and PhoneFacts.

    All of them, because only their facts together say which to look at first; a province has some
    hundreds.
    """
    return session.execute(
        select(Device.id, Device.revoked_at, *(getattr(Device, name) for name in _FACTS))
        .join(Account, Account.id == Device.account_id)
        .where(devices_in_scope(actor))
        .order_by(Account.name, Device.enrolled_at, Device.id)
    ).all()


def with_owners(
    session: Session, device_ids: Collection[UUID]
) -> dict[UUID, tuple[Device, Account]]:
    """These phones, which lie in scope, by their ids with whose they are."""
    rows = session.execute(
        select(Device, Account)
        .join(Account, Account.id == Device.account_id)
        .where(Device.id.in_(device_ids))
    )
    return {device.id: (device, account) for device, account in rows}


def earlier_with_unsent(session: Session, device: Device) -> Sequence[Device]:
    """The account's other phones in use that said they hold something not sent."""
    return session.scalars(
        select(Device)
        .where(
            Device.account_id == device.account_id,
            Device.id != device.id,
            *_holds_unsent(),
        )
        .order_by(Device.last_contact_at.desc())
    ).all()


def unsent_summary(session: Session, actor: Actor) -> UnsentSummary:
    """How much lies unsent on the phones of the actor's area."""
    records, photos, phones = session.execute(
        select(
            func.coalesce(func.sum(Device.unsent_records), 0),
            func.coalesce(func.sum(Device.unsent_photos), 0),
            func.count(Device.id),
        )
        .join(Account, Account.id == Device.account_id)
        .where(devices_in_scope(actor), *_holds_unsent())
    ).one()
    return UnsentSummary(int(records), int(photos), int(phones))


def unsent_by_district(session: Session, actor: Actor) -> dict[str, UnsentSummary]:
    """The same for each district (by code) of the actor's area that has any."""
    return _unsent_by(session, actor, func.substr(Account.area_code, 1, DISTRICT_DIGITS))


def unsent_by_centre(session: Session, actor: Actor) -> dict[UUID, UnsentSummary]:
    """The same for each centre whose own people's phones hold any."""
    return _unsent_by(session, actor, Account.centre_id)


def _unsent_by(
    session: Session, actor: Actor, unit: SQLColumnExpression[Any]
) -> dict[Any, UnsentSummary]:
    rows = session.execute(
        select(
            unit,
            func.sum(Device.unsent_records),
            func.sum(Device.unsent_photos),
            func.count(Device.id),
            func.min(Device.oldest_unsent_at),
        )
        .join(Account, Account.id == Device.account_id)
        .where(devices_in_scope(actor), *_holds_unsent())
        .group_by(unit)
    )
    return {
        key: UnsentSummary(int(records), int(photos), int(phones), since)
        for key, records, photos, phones, since in rows
        if key
    }


def people_to_enrol(session: Session, actor: Actor) -> Sequence[Account]:
    """Whom the actor may make a code for, themselves first."""
    found = session.scalars(
        select(Account)
        .where(
            Account.role.in_(PHONE_ROLES),
            Account.disabled_at.is_(None),
            (Account.id == actor.account_id)
            | Account.area_code.startswith(actor.area_code, autoescape=True),
        )
        .order_by(Account.id != actor.account_id, Account.area_code, Account.name)
    )
    return [a for a in found if may_get_code(actor, a.id, a.role, a.area_code)]


def _holds_unsent() -> tuple[ColumnElement[bool], ...]:
    return (
        Device.revoked_at.is_(None),
        Device.lost_at.is_(None),
        Device.unsent_records + Device.unsent_photos > 0,
    )
