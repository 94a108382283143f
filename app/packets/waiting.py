"""What of the packets waits for somebody to ring: asked by the sweeper, every ten seconds.

Nothing is rung for here.  A ring too many is harmless: rows are claimed, and a ring that still
waits in the queue is not rung twice (`app.shared.queue`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.packets.claims import MOST_KILLED, can_be_bound, is_unread
from app.packets.models import Packet, PacketPart
from app.packets.part_claims import can_be_made

RING_AGAIN_AFTER = timedelta(seconds=30)  # the first ring may still be on its way
MOST_PACKETS = 50
OVER = ("ready", "cancelled", "withdrawn")  # their parts are not needed any more


@dataclass(frozen=True, slots=True)
class Waiting:
    """Packets to begin, to bind and to read back; and parts to make."""

    to_begin: tuple[UUID, ...]
    parts: tuple[tuple[UUID, int], ...]
    to_bind: tuple[UUID, ...]
    to_read: tuple[UUID, ...]

    def __bool__(self) -> bool:
        return bool(self.to_begin or self.parts or self.to_bind or self.to_read)


def waiting(session: Session, now: datetime) -> Waiting:
    """What to ring for.  Packets whose workers were all killed become failed here."""
    _give_up(session, now)
    unheard = Packet.state_since <= now - RING_AGAIN_AFTER
    planned = exists().where(PacketPart.packet_id == Packet.id)
    unfinished = exists().where(PacketPart.packet_id == Packet.id, PacketPart.state != "done")
    to_begin = or_(Packet.state == "queued", (Packet.state == "building") & ~planned) & unheard
    to_bind = can_be_bound(now) & planned & ~unfinished
    return Waiting(
        tuple(session.scalars(_oldest(to_begin))),
        _parts(session, now),
        tuple(session.scalars(_oldest(to_bind))),
        tuple(session.scalars(_oldest(is_unread(now), unheard))),
    )


def _oldest(*conditions: ColumnElement[bool]) -> Select[UUID]:
    wanted = select(Packet.id).where(*conditions)
    return wanted.order_by(Packet.requested_at, Packet.id).limit(MOST_PACKETS)


def _parts(session: Session, now: datetime) -> tuple[tuple[UUID, int], ...]:
    """Parts whose worker is gone at once; such as nobody took when their packet is quiet."""
    other = aliased(PacketPart)
    quiet = ~exists().where(other.packet_id == Packet.id, other.done_at > now - RING_AGAIN_AFTER)
    unheard = (Packet.state_since <= now - RING_AGAIN_AFTER) & quiet
    rows = session.execute(
        select(PacketPart.packet_id, PacketPart.number)
        .join(Packet, Packet.id == PacketPart.packet_id)
        .where(Packet.state == "building", can_be_made(now))
        .where(or_(PacketPart.state == "making", PacketPart.broken > 0, unheard))
        .order_by(Packet.requested_at, Packet.id, PacketPart.number)
        .limit(10 * MOST_PACKETS)
    )
    return tuple((row[0], row[1]) for row in rows)


def _give_up(session: Session, now: datetime) -> None:
    """Fail what killed every worker that tried: most likely it takes more memory than there is."""
    ended = PacketPart.lease_until <= now
    part = exists().where(
        PacketPart.packet_id == Packet.id, PacketPart.killed >= MOST_KILLED, ended
    )
    itself = (Packet.killed >= MOST_KILLED) & (Packet.lease_until <= now)
    session.execute(
        update(Packet)
        .where(Packet.state == "building", or_(part, itself))
        .values(
            state="failed", state_since=now, lease_until=None,
            last_error_code=func.coalesce(Packet.last_error_code, "gave_up"),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def left_over(session: Session, packet_ids: Sequence[UUID] | None = None) -> list[UUID]:
    """Packets that are done with, one way or the other; locked.

    Those of `packet_ids`, or else all that still have parts.
    """
    has_parts = exists().where(PacketPart.packet_id == Packet.id)
    which = has_parts if packet_ids is None else Packet.id.in_(packet_ids)
    wanted = select(Packet.id).where(Packet.state.in_(OVER), which).limit(MOST_PACKETS)
    return list(session.scalars(wanted.with_for_update(of=Packet)))


def forget_parts(session: Session, packet_id: UUID) -> None:
    """Remove the rows of a packet's parts; their files must be gone already."""
    session.execute(delete(PacketPart).where(PacketPart.packet_id == packet_id))
