"""What waits to be done, by the rows that say so: how much, and since when.

The queue in Redis is only a doorbell; whether work is stuck, the tables know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.findings.service import EXAMINED_STATES
from app.packets.models import Packet
from app.photos.models import Photo
from app.sharing.models import SharingCopy
from app.sync.models import HeldItem
from app.verification.models import PhotoCheck

PendingKind = Literal["photos", "findings", "copies", "checks", "packets", "parents"]


@dataclass(frozen=True, slots=True)
class Pending:
    """One kind of work: how many rows wait, since when the oldest, and whether that is too long."""

    kind: PendingKind
    count: int
    since: datetime | None
    late: bool


# How long each may wait before somebody should look.  Photos: an idle machine takes a second each,
# a deadline's eve an hour; a packet of a province an hour; a follow-up waits for its visit as long
# as that other phone is on a hill.
_LATE_AFTER: dict[PendingKind, timedelta] = {
    "photos": timedelta(hours=1),
    "findings": timedelta(hours=1),
    "copies": timedelta(minutes=15),
    "checks": timedelta(minutes=15),
    "packets": timedelta(hours=2),
    "parents": timedelta(days=7),
}


def pending(session: Session, now: datetime) -> Sequence[Pending]:
    """Every kind of work with what waits, in the order in which the product does it."""
    return [_one(session, kind, *_WAITS[kind], now) for kind in _LATE_AFTER]


def any_late(session: Session, now: datetime) -> bool:
    """Whether any kind waits too long: asked every few seconds, so nothing is counted."""
    late = (
        exists().where(which, came < now - _LATE_AFTER[kind])
        for kind, (which, came) in _WAITS.items()
    )
    return bool(session.scalar(select(or_(*late))))


def failed_packets(session: Session, *, since: datetime) -> int:
    """How many packets failed for good since then."""
    failed = select(func.count()).where(Packet.state == "failed", Packet.state_since >= since)
    return session.scalar(failed) or 0


def _one(
    session: Session, kind: PendingKind, which: ColumnElement[bool], came: Any, now: datetime
) -> Pending:
    count, since = session.execute(select(func.count(), func.min(came)).where(which)).one()
    return Pending(kind, count, since, since is not None and now - since > _LATE_AFTER[kind])


_HERE = Photo.destroyed_at.is_(None)
_WAITS: dict[PendingKind, tuple[ColumnElement[bool], Any]] = {
    "photos": (and_(Photo.state == "received", _HERE), Photo.state_since),
    "findings": (
        and_(Photo.examined_at.is_(None), Photo.state.in_(EXAMINED_STATES), _HERE),
        Photo.state_since,
    ),
    "copies": (SharingCopy.state == "waiting", SharingCopy.asked_at),
    "checks": (PhotoCheck.state == "waiting", PhotoCheck.asked_at),
    "packets": (Packet.state.in_(("queued", "building")), Packet.requested_at),
    "parents": (HeldItem.state == "pending", HeldItem.received_at),
}
