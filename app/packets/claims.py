"""Packets are bound: claimed by one worker at a time, finished by the one that holds the claim.

The queue is the packets' table.  A claim is a lease and a number: whoever was slower than the
lease finds another number there and may not write any more.  A packet's parts have claims of
their own (`part_claims.py`); only when all are done can the packet itself be claimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from app.audit.service import record
from app.packets.frozen.content import Content, from_json
from app.packets.models import Packet, PacketPart
from app.shared.errors import DomainError

LEASE = timedelta(seconds=60)  # renewed at every progress
MOST_BROKEN = 3  # tries that broke for a reason of their own
MOST_KILLED = 50  # a killed worker tells no reason; what kills every worker ends here
READING_LEASE = timedelta(minutes=30)  # as long as the job may run: reading tells no progress
BINDING_SHARE = 0.35  # of the parts' work, about what 5,000 photos took; only guesses the time left


class ClaimLost(DomainError):
    """The lease ran out and the work went to another worker, or is done, or not wanted any more."""

    code = "claim_lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to bind one packet and to write its outcome."""

    packet_id: UUID
    attempt: int
    content: Content


@dataclass(frozen=True, slots=True)
class Built:
    """What a worker made, already stored."""

    file_key: str
    fingerprint: str
    size_bytes: int
    files: int
    gaps: int
    head: Mapping[str, Any] = field(default_factory=dict)  # what pages show of the file


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a packet is: `done` of `total`, in photos' work; `remaining_s` once it is known.

    `step`: "waiting", "parts", "report", "tables", "archive", or "" when nothing is under way.
    """

    done: int
    total: int
    remaining_s: float | None
    step: str


def binding_weight(parts: int) -> int:
    """How much work the binding is, in photos, after parts of this weight together."""
    return max(1, round(parts * BINDING_SHARE))


def claim(session: Session, packet_id: UUID, now: datetime) -> Claim | None:
    """Take the packet for binding, or None: a part is not done, or it is ready or in other hands.

    Harmless twice: the second finds the first one's lease.
    """
    unfinished = exists().where(PacketPart.packet_id == packet_id, PacketPart.state != "done")
    attempt = session.execute(
        update(Packet)
        .where(
            Packet.id == packet_id, can_be_bound(now), ~unfinished,
            exists().where(PacketPart.packet_id == packet_id),
        )
        .values(
            attempts=Packet.attempts + 1,
            killed=Packet.killed + case((Packet.lease_until.is_(None), 0), else_=1),
            lease_until=now + LEASE, step="report",
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


def can_be_bound(now: datetime) -> ColumnElement[bool]:
    """In work, in nobody's hands, and with tries left."""
    free = or_(Packet.lease_until.is_(None), Packet.lease_until <= now)
    return (
        (Packet.state == "building") & free
        & (Packet.broken < MOST_BROKEN) & (Packet.killed < MOST_KILLED)
    )  # fmt: skip


def advance(session: Session, held: Claim, step: str, share: float, *, now: datetime) -> None:
    """Write how much of the binding is done (0 to 1), and renew the lease.

    Raises:
        ClaimLost: the packet is no longer this claim's, or was cancelled; stop.
    """
    weights = select(func.sum(PacketPart.weight)).where(PacketPart.packet_id == held.packet_id)
    parts = session.scalar(weights) or 0
    done = parts + int(binding_weight(parts) * min(share, 1.0))
    _write(session, held, step=step, done=done, lease_until=now + LEASE)


def finish(session: Session, held: Claim, built: Built, *, now: datetime) -> None:
    """Issue the packet: from here on it never changes.  Its file is still to be read back.

    Raises:
        ClaimLost: the packet is no longer this claim's to write.
    """
    head = session.scalar(select(Packet.head).where(Packet.id == held.packet_id))
    _write(
        session, held, head={**(head or {}), **built.head}, state="ready",
        state_since=now, ready_at=now, lease_until=None,
        last_error_code=None, step=None, done=Packet.total, file_key=built.file_key,
        fingerprint=built.fingerprint, size_bytes=built.size_bytes,
        n_files=built.files, n_gaps=built.gaps,
    )  # fmt: skip
    record(
        session, actor_id=None, action="packet.issued", kind="packet", object_id=held.packet_id,
        now=now, facts={"fingerprint": built.fingerprint, "size_bytes": built.size_bytes},
    )  # fmt: skip


def give_back(session: Session, held: Claim, code: str, *, now: datetime) -> None:
    """Say why a try broke off.  The packet waits for the next, or fails after the last.

    Raises:
        ClaimLost: the packet is no longer this claim's to write.
    """
    _write(session, held, lease_until=None, last_error_code=code, broken=Packet.broken + 1)
    session.execute(
        update(Packet)
        .where(Packet.id == held.packet_id, Packet.broken >= MOST_BROKEN)
        .values(state="failed", state_since=now)
        .execution_options(synchronize_session=False)
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


def progress_of(session: Session, packet: Packet) -> Progress:
    """How far the packet is, from its row and the times at which its parts were done."""
    if packet.state == "queued":
        return Progress(packet.done, packet.total, None, "waiting")
    if packet.state != "building" or packet.started_at is None:
        return Progress(packet.done, packet.total, None, "")
    made, last = session.execute(
        select(func.sum(PacketPart.weight), func.max(PacketPart.done_at)).where(
            PacketPart.packet_id == packet.id, PacketPart.done_at >= packet.started_at
        )
    ).one()
    remaining_s = None
    if made and last and last > packet.started_at:
        a_unit_s = (last - packet.started_at).total_seconds() / made
        remaining_s = a_unit_s * (packet.total - packet.done)
    return Progress(packet.done, packet.total, remaining_s, packet.step or "parts")


def claim_reading(session: Session, packet_id: UUID, now: datetime) -> tuple[str, str] | None:
    """Take an issued packet for being read back: its file's key and its fingerprint, or None."""
    row = session.execute(
        update(Packet)
        .where(Packet.id == packet_id, is_unread(now))
        .values(lease_until=now + READING_LEASE)
        .returning(Packet.file_key, Packet.fingerprint)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return (str(row[0]), str(row[1])) if row else None


def is_unread(now: datetime) -> ColumnElement[bool]:
    """Issued, never read back, and nobody is at it."""
    free = or_(Packet.lease_until.is_(None), Packet.lease_until <= now)
    return (Packet.state == "ready") & Packet.sha256.is_(None) & free


def let_go_of_reading(session: Session, packet_id: UUID) -> None:
    """The file could not be fetched: somebody else may try."""
    _write_ready(session, packet_id, lease_until=None)


def found_whole(session: Session, packet_id: UUID, sha256: str) -> None:
    """The file was read back and is what was issued; `sha256` is of the whole file."""
    _write_ready(session, packet_id, sha256=sha256, lease_until=None)


def found_broken(session: Session, packet_id: UUID, *, now: datetime) -> None:
    """The file that lies there is not what was issued: nobody may take it away any more."""
    _write_ready(
        session, packet_id, state="failed", state_since=now, lease_until=None,
        last_error_code="not_whole", file_key=None, fingerprint=None, ready_at=None,
    )  # fmt: skip
    record(
        session, actor_id=None, action="packet.not_whole", kind="packet", object_id=packet_id,
        now=now, facts={},
    )  # fmt: skip


def _write_ready(session: Session, packet_id: UUID, **values: Any) -> None:
    session.execute(
        update(Packet)
        .where(Packet.id == packet_id, Packet.state == "ready")
        .values(**values)
        .execution_options(synchronize_session=False)
    )
