"""Phones out of use lose what they said of themselves; keys and proofs of capture stay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.devices.models import Device
from app.keeping.service import is_held
from app.reminders.models import PushSubscription
from app.retention.days import day_of, starts
from app.retention.disposal import Disposal

_QUIETLY = {"synchronize_session": False}


def phones(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Phones revoked so long ago: one that is only silent may come back, with work on it."""
    area, day = Account.area_code, day_of(Device.revoked_at)
    return (
        select(
            Device.id.label("id"), area.label("area_code"),
            is_held("account", Device.account_id, area, day).label("held"),
        )
        .join(Account, Account.id == Device.account_id)
        .where(Device.revoked_at < starts(first_kept), func.length(Device.sealed_locker) > 0)
    )  # fmt: skip


def blank_phones(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """Its name and state go, and the key to what lies on it: that can be opened no more."""
    del now
    blank = update(Device).where(Device.id.in_(ids))
    session.execute(
        blank.values(
            label="", sealed_locker=b"", token_sha256=None, app_version=None, beat=None,
            storage_left_bytes=None, storage_persisted=None, clock_skew_s=None,
        ),
        execution_options=_QUIETLY,
    )  # fmt: skip
    return []


def pushes(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Browsers' push addresses that the push service has given up."""
    area, day = Account.area_code, day_of(PushSubscription.gone_at)
    return (
        select(
            PushSubscription.id.label("id"), area.label("area_code"),
            is_held("account", PushSubscription.account_id, area, day).label("held"),
        )
        .join(Account, Account.id == PushSubscription.account_id)
        .where(PushSubscription.gone_at < starts(first_kept))
    )  # fmt: skip


def drop_pushes(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """Nothing can be sent there any more."""
    del now
    gone = delete(PushSubscription).where(PushSubscription.id.in_(ids))
    session.execute(gone, execution_options=_QUIETLY)
    return []


DISPOSALS = (
    Disposal("device", "device", phones, blank_phones),
    Disposal("device", "push_subscription", pushes, drop_pushes),
)
