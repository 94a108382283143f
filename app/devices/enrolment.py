"""A phone comes in: by a password, by a code, or by the page session of whoever is signed in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.service import WrongCredentials, may_sign_in
from app.accounts.sessions import actor_of
from app.audit.service import record
from app.devices import queries
from app.devices.codes import CodeInvalid, spend_code
from app.devices.draft import PhoneDraft
from app.devices.locker import new_locker, open_locker, seal_locker
from app.devices.models import Device, DeviceKey, EnrolmentCode
from app.devices.rules import PHONE_ROLES, may_get_code
from app.shared.errors import DomainError, Forbidden
from app.shared.ids import new_id


class RoleWithoutPhone(Forbidden):
    """Only volunteers and officers record on phones."""

    code = "role_without_phone"


class LockerUnreadable(DomainError):
    """The device's key was sealed by another server key.

    Giving it a new one would lock away for good what the phone still holds: so it is refused,
    until the right key is back in the settings.
    """

    code = "locker_unreadable"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A phone that may act now.  The token and the locker are told here and nowhere else."""

    device: Device
    account: Account
    key_id: UUID | None
    token: str
    locker: bytes


def enrol(
    session: Session, phone: PhoneDraft, account_id: UUID, *, seed: str, now: datetime
) -> Enrolled:
    """Give the phone a token for the account.  Flushes.

    The same storage and account again is the same device with the same locker, so what it had
    not sent comes back to light; the token and the signing key are new, and a revoked or lost
    phone counts as found: somebody who may stands before it.

    Raises:
        WrongCredentials: the account was closed since it was checked.
        RoleWithoutPhone: the account's role records nothing in the field.
        LockerUnreadable: the server lost the key to this device's locker.
    """
    account = session.get_one(Account, account_id, populate_existing=True)
    if account.disabled_at:
        raise WrongCredentials
    if account.role not in PHONE_ROLES:
        raise RoleWithoutPhone
    device = _device_of(session, phone, account.id, seed, now)
    locker = open_locker(seed, device.id, device.sealed_locker)
    if locker is None:
        raise LockerUnreadable
    token = secrets.token_urlsafe(32)
    device.token_sha256 = queries.token_digest(token)
    device.label, device.app_version = phone.label, phone.app_version
    device.last_contact_at, device.beat = now, None
    device.revoked_at = device.revoked_by = device.lost_at = None
    device.lost_items = 0
    key_id = _key_of(session, device.id, phone.public_key, now)
    session.flush()
    record(
        session, actor_id=account.id, action="device.enrolled", kind="device",
        object_id=device.id, now=now,
    )  # fmt: skip
    return Enrolled(device, account, key_id, token, locker)


def enrol_by_code(
    session: Session, phone: PhoneDraft, code: str, *, seed: str, now: datetime, allow_demo: bool
) -> Enrolled:
    """Enrol the phone for whom the code was made, and use the code up.  Flushes.

    Raises:
        CodeInvalid: unknown, used, expired, or for an account that is closed here.
        RoleWithoutPhone, LockerUnreadable: as `enrol`.
    """
    entry = spend_code(session, code, seed=seed, now=now)
    account = session.get_one(Account, entry.account_id)
    if not may_sign_in(account, allow_demo=allow_demo) or not _may_still(session, entry, account):
        raise CodeInvalid
    enrolled = enrol(session, phone, account.id, seed=seed, now=now)
    entry.device_id = enrolled.device.id
    return enrolled


def _may_still(session: Session, entry: EnrolmentCode, account: Account) -> bool:
    """Whether who made the code may make one now: both roles may have changed since."""
    maker = session.get_one(Account, entry.made_by, populate_existing=True)
    if maker.disabled_at is not None:
        return False
    return may_get_code(actor_of(maker), account.id, account.role, account.area_code)


def _device_of(
    session: Session, phone: PhoneDraft, account_id: UUID, seed: str, now: datetime
) -> Device:
    """The row of this storage and account, made at most once however many ask at once."""
    same = (
        select(Device)
        .where(Device.install_id == phone.install_id, Device.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if device := session.scalars(same).one_or_none():
        return device
    device_id = new_id()
    device = Device(
        id=device_id,
        install_id=phone.install_id,
        account_id=account_id,
        label=phone.label,
        sealed_locker=seal_locker(seed, device_id, new_locker()),
        enrolled_at=now,
        last_contact_at=now,
    )
    try:
        with session.begin_nested():
            session.add(device)
    except IntegrityError:
        return session.scalars(same).one()
    return device


def _key_of(
    session: Session, device_id: UUID, public_key: bytes | None, now: datetime
) -> UUID | None:
    """The id of the device's key; one it had before keeps its id."""
    if public_key is None:
        return None
    known = session.scalars(
        select(DeviceKey.id)
        .where(DeviceKey.device_id == device_id, DeviceKey.public_key == public_key)
        .limit(1)
    ).first()
    if known:
        return known
    key = DeviceKey(id=new_id(), device_id=device_id, public_key=public_key, added_at=now)
    session.add(key)
    return key.id
