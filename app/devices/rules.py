"""What a phone may be, when it is in danger, and how its codes are written.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from app.accounts.rules import Actor
from app.shared import codes

PHONE_ROLES = frozenset({"volunteer", "officer"})  # who writes records down in the field
UNSENT_TOO_LONG = timedelta(days=2)
SILENT_TOO_LONG = timedelta(days=7)
STORAGE_LOW_BYTES = 200_000_000  # about forty photos of a phone
CLOCK_OFF_S = 600  # ten minutes: beyond drift, so somebody set it wrong
CODE_LENGTH = 8  # 40 bits for a day; a wrong one costs a request

Danger = Literal["lost", "unsent_long", "silent", "storage_low", "not_persisted", "clock_off"]


@dataclass(frozen=True, slots=True)
class Phone:
    """Which device acts, and for whom: what a bearer token stands for."""

    device_id: UUID
    actor: Actor


class PhoneFacts(Protocol):
    """What is known of a phone's health (a `Device` has it)."""

    unsent_records: int
    unsent_photos: int
    oldest_unsent_at: datetime | None
    last_contact_at: datetime
    storage_left_bytes: int | None
    storage_persisted: bool | None
    clock_skew_s: int | None
    lost_at: datetime | None


def dangers(phone: PhoneFacts, now: datetime) -> list[Danger]:
    """Why somebody should ring the phone's owner up, most urgent first."""
    unsent = phone.unsent_records + phone.unsent_photos > 0
    oldest, left = phone.oldest_unsent_at, phone.storage_left_bytes
    found: dict[Danger, bool] = {
        "lost": phone.lost_at is not None,
        "unsent_long": unsent and oldest is not None and now - oldest > UNSENT_TOO_LONG,
        "silent": unsent and now - phone.last_contact_at > SILENT_TOO_LONG,
        "storage_low": left is not None and left < STORAGE_LOW_BYTES,
        "not_persisted": phone.storage_persisted is False,
        "clock_off": abs(phone.clock_skew_s or 0) > CLOCK_OFF_S,
    }
    return [danger for danger, there in found.items() if there]


def may_get_code(actor: Actor, account_id: UUID, role: str, area_code: str) -> bool:
    """Whether `actor` may make a code for the account: for themselves, or for people below them.

    A code opens an account, so a reviewer makes none, and nobody makes one for a reviewer.  Nor
    does an officer for another: what the phone sends would bear the other's name.
    """
    if role not in PHONE_ROLES:
        return False
    if account_id == actor.account_id:
        return True
    below = actor.role == "admin" or (actor.role == "officer" and role == "volunteer")
    return below and actor.sees_area(area_code)


def normal_code(text: str) -> str | None:
    """A code as it was made, out of what somebody typed; None if it can be none."""
    return codes.normal_code(text, CODE_LENGTH)


def show_code(code: str) -> str:
    """A code as people read it out: 7K3Q-9XWD."""
    return codes.show_code(code)
