"""Packets are built: claimed by one worker at a time, finished by the one that holds the claim.

The queue is the packets' table.  A claim is a lease and a number: whoever was slower than the
lease finds another number there and may not write any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from app.audit.service import record
from app.packets.frozen.content import Content, from_json
from app.packets.models import Packet
from app.shared.errors import DomainError

LEASE = timedelta(seconds=120)  # renewed at every progress; a volume of the report takes 8 s
MOST_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=30)  # the first ring may still be on its way


class ClaimLost(DomainError):
    """The lease ran out and the packet went to another worker, or is already done."""

    code = "claim_lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to build one packet and to write its outcome."""

    packet_id: UUID
    attempt: int
    content: Content


@dataclass(frozen=True, slots=True)
class Built:
    """What a worker made, already stored."""

    file_key: str
    sha256: str
    size_bytes: int
    files: int
    gaps: int


def claim(session: Session, packet_id: UUID, now: datetime) -> Claim | None:
    """Take the packet for building, or None: it is ready, failed, or in other hands."""
    attempt = session.execute(
        update(Packet)
        .where(Packet.id == packet_id, _free(now), Packet.attempts < MOST_ATTEMPTS)
        .values(
            state="building", state_since=now, attempts=Packet.attempts + 1,
            lease_until=now + LEASE, step=None, done=0, total=0,
        )
        .returning(Packet.attempts)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()  # fmt: skip
    if attempt is None:
        return None
    packet = session.get_one(
        Packet, packet_id, options=[undefer(Packet.frozen)], populate_existing=True
    )
    return Claim(packet_id, attempt, from_json(packet.frozen))


def advance(
    session: Session, held: Claim, step: str, done: int, total: int, *, now: datetime
) -> None:
    """Write how far the build is, and renew its lease.

    Raises:
        ClaimLost: the packet is no longer this claim's; stop.
    """
    _write(
        session, held, step=step, done=min(done, total), total=total, lease_until=now + LEASE
    )  # fmt: skip


def finish(session: Session, held: Claim, built: Built, *, now: datetime) -> None:
    """Issue the packet: from here on it never changes.

    Raises:
        ClaimLost: the packet is no longer this claim's to write.
    """
    _write(
        session, held, state="ready", state_since=now, ready_at=now, lease_until=None,
        last_error_code=None, step=None, file_key=built.file_key, sha256=built.sha256,
        size_bytes=built.size_bytes, n_files=built.files, n_gaps=built.gaps,
    )  # fmt: skip
    record(
        session, actor_id=None, action="packet.issued", kind="packet", object_id=held.packet_id,
        now=now, facts={"sha256": built.sha256, "size_bytes": built.size_bytes},
    )  # fmt: skip


def give_back(session: Session, held: Claim, code: str, *, now: datetime) -> None:
    """Say why an attempt broke off.  The packet waits for the next, or fails after the last.

    Raises:
        ClaimLost: the packet is no longer this claim's to write.
    """
    state = "queued" if held.attempt < MOST_ATTEMPTS else "failed"
    _write(
        session, held, state=state, state_since=now, lease_until=None, last_error_code=code,
    )  # fmt: skip


def stale_packets(session: Session, now: datetime, *, limit: int = 50) -> list[UUID]:
    """Packets to ring for again: asked for and never begun, or begun by a worker that is gone.

    Those whose attempts are used up become failed here.
    """
    session.execute(
        update(Packet)
        .where(_free(now), Packet.attempts >= MOST_ATTEMPTS)
        .values(
            state="failed", state_since=now, lease_until=None,
            last_error_code=func.coalesce(Packet.last_error_code, "gave_up"),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    begun = Packet.state == "building"
    unheard = Packet.state_since <= now - RING_AGAIN_AFTER
    waiting = select(Packet.id).where(_free(now), or_(begun, unheard))
    return list(session.scalars(waiting.order_by(Packet.requested_at, Packet.id).limit(limit)))


def _free(now: datetime) -> ColumnElement[bool]:
    """Waiting, and in nobody's hands."""
    return or_(
        Packet.state == "queued",
        and_(Packet.state == "building", Packet.lease_until <= now),
    )


def _write(session: Session, held: Claim, **values: Any) -> None:
    result = session.execute(
        update(Packet)
        .where(
            Packet.id == held.packet_id,
            Packet.state == "building",
            Packet.attempts == held.attempt,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise ClaimLost(id=str(held.packet_id))
