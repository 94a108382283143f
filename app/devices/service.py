"""Phones are heard from, signed out, lost, revoked.  How they come in: `enrolment.py`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.accounts.sessions import end_device_sign_ins
from app.audit.service import record
from app.devices import queries
from app.devices.beats import Answer, answer_beat, new_beat
from app.devices.draft import Heartbeat
from app.devices.models import Device
from app.devices.rules import Phone
from app.shared.errors import NotFound

_OLDEST = timedelta(days=3650)  # what is older comes from a clock that jumped


def touch(session: Session, device_id: UUID, *, now: datetime) -> None:
    """Note that the phone was heard from."""
    session.execute(
        update(Device)
        .where(Device.id == device_id, Device.last_contact_at < now)
        .values(last_contact_at=now)
    )


def hear(session: Session, phone: Phone, said: Heartbeat, *, now: datetime) -> Answer:
    """Keep what the phone says of itself, and give it the beat to bring next time.

    A copied storage is told so and believed in nothing else.  A phone given up for lost that
    speaks again is not lost.
    """
    device = _locked(session, phone.device_id)
    answer = answer_beat(device.beat, said.beat, new_beat())
    device.last_contact_at = now
    if answer.forked:
        return answer
    device.beat = answer.kept
    device.unsent_records, device.unsent_photos = said.unsent_records, said.unsent_photos
    device.unsent_bytes = said.unsent_bytes
    device.oldest_unsent_at = _by_our_clock(said, now)
    device.storage_left_bytes = said.storage_left_bytes
    device.storage_persisted = said.storage_persisted
    device.app_version = said.app_version
    device.clock_skew_s = skew_s(said.device_time, now)
    if device.lost_at:
        device.lost_at, device.lost_items = None, 0
        _note(session, "device.found", device.id, phone.actor.account_id, now)
    return answer


def skew_s(device_time: datetime, now: datetime) -> int:
    """How far the device's clock is ahead of ours."""
    return round((device_time - now).total_seconds())


def sign_out(session: Session, device_id: UUID, *, now: datetime) -> None:
    """End the phone's token and its page sessions; the device and its locker stay."""
    _locked(session, device_id).token_sha256 = None
    end_device_sign_ins(session, device_id, now=now)


def sign_out_all(session: Session, account_id: UUID, *, now: datetime) -> None:
    """End the tokens and page sessions of all of an account's phones; what they hold stays."""
    phones = session.scalars(
        update(Device)
        .where(Device.account_id == account_id, Device.token_sha256.is_not(None))
        .values(token_sha256=None)
        .returning(Device.id)
        .execution_options(synchronize_session=False)
    ).all()
    for device_id in phones:
        end_device_sign_ins(session, device_id, now=now)


def report_lost(session: Session, phone: Phone, device_id: UUID, *, now: datetime) -> None:
    """Note that an earlier phone of the same account was this one, and its data are gone.

    Saying so twice is harmless.

    Raises:
        NotFound: no such device of this account, or the very phone that says so.
    """
    device = _locked(session, device_id)
    if device.account_id != phone.actor.account_id or device.id == phone.device_id:
        raise NotFound
    if device.lost_at:
        return
    device.lost_at = now
    device.lost_items = device.unsent_records + device.unsent_photos
    device.unsent_records = device.unsent_photos = device.unsent_bytes = 0
    device.oldest_unsent_at = None
    facts = {"items": device.lost_items}
    _note(session, "device.lost", device.id, phone.actor.account_id, now, facts)


def revoke(session: Session, device_id: UUID, *, actor: Actor, now: datetime) -> Device:
    """Take a phone out of use: its token and its page sessions end at once.

    What it holds stays on it, and enrolling it again brings it back.  Twice is harmless.

    Raises:
        NotFound: no such phone in the actor's area.
    """
    device = queries.device_for(session, actor, device_id)
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = now, actor.account_id
        end_device_sign_ins(session, device_id, now=now)
        _note(session, "device.revoked", device_id, actor.account_id, now)
    return device


def _by_our_clock(said: Heartbeat, now: datetime) -> datetime | None:
    """When the oldest unsent item was made: its age is right even where the clock is wrong."""
    if said.oldest_unsent_at is None:
        return None
    age = said.device_time - said.oldest_unsent_at
    return now - min(max(age, timedelta()), _OLDEST)


def _locked(session: Session, device_id: UUID) -> Device:
    """The device as it is now: the check of the bearer may have read it a moment ago."""
    device = session.get(Device, device_id, with_for_update=True, populate_existing=True)
    if device is None:
        raise NotFound
    return device


def _note(
    session: Session,
    action: str,
    device_id: UUID,
    actor_id: UUID,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    record(
        session, actor_id=actor_id, action=action, kind="device", object_id=device_id, now=now,
        facts=facts,
    )  # fmt: skip
