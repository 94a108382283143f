"""Parts are claimed one by one, by any worker; the rows say which are done.

Like the packet's own claim (`claims.py`): a lease, and a number that the slower one no longer
finds.  Only a packet that is being built has parts to claim: cancelling it stops them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.packets.claims import LEASE, MOST_BROKEN, MOST_KILLED, ClaimLost, binding_weight
from app.packets.models import Packet, PacketPart


@dataclass(frozen=True, slots=True)
class PartClaim:
    """The right to make one part."""

    packet_id: UUID
    number: int
    attempt: int


def begin(
    session: Session, packet_id: UUID, weights: Sequence[int], *, now: datetime
) -> list[int] | None:
    """Write down the parts of a packet that is to be built; returns the numbers still to make.

    None: the packet is not to be built.  Harmless twice: rows that are there stay, done ones
    done.  Rows of another plan (a later version may cut the same list otherwise) are thrown away.
    A packet that failed and is wanted again gets its tries back.
    """
    packet = session.scalars(
        select(Packet)
        .where(Packet.id == packet_id, Packet.state.in_(("queued", "building")))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if packet is None or not weights:
        return None
    _write_rows(session, packet_id, weights)
    if packet.state == "queued":
        _open(session, packet_id, weights, now)
    waiting = select(PacketPart.number).where(
        PacketPart.packet_id == packet_id, PacketPart.state == "waiting"
    )
    return list(session.scalars(waiting.order_by(PacketPart.number)))


def _write_rows(session: Session, packet_id: UUID, weights: Sequence[int]) -> None:
    if is_planned(session, packet_id, weights):
        return
    session.execute(delete(PacketPart).where(PacketPart.packet_id == packet_id))
    session.add_all(
        PacketPart(packet_id=packet_id, number=number, weight=weight)
        for number, weight in enumerate(weights)
    )
    session.flush()


def is_planned(session: Session, packet_id: UUID, weights: Sequence[int]) -> bool:
    """Whether the packet's rows are of this plan."""
    rows = session.execute(
        select(PacketPart.number, PacketPart.weight)
        .where(PacketPart.packet_id == packet_id)
        .order_by(PacketPart.number)
    )
    return [tuple(row) for row in rows] == list(enumerate(weights))


def _open(session: Session, packet_id: UUID, weights: Sequence[int], now: datetime) -> None:
    """A new try: tries of parts that failed are counted from nothing."""
    session.execute(
        update(PacketPart)
        .where(PacketPart.packet_id == packet_id, PacketPart.state != "done")
        .values(state="waiting", broken=0, killed=0, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Packet)
        .where(Packet.id == packet_id)
        .values(
            state="building", state_since=now, started_at=now, broken=0, killed=0, lease_until=None,
            attempts=Packet.attempts + 1,  # whoever bound it in an earlier try has lost it
            step="parts", done=done_weight(session, packet_id),
            total=sum(weights) + binding_weight(sum(weights)),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def done_weight(session: Session, packet_id: UUID) -> int:
    """The weight of a packet's parts that are done."""
    done = select(func.sum(PacketPart.weight)).where(
        PacketPart.packet_id == packet_id, PacketPart.state == "done"
    )
    return session.scalar(done) or 0


def claim_part(session: Session, packet_id: UUID, number: int, now: datetime) -> PartClaim | None:
    """Take a part, or None: it is done, in other hands, or its packet is not being built."""
    attempt = session.execute(
        update(PacketPart)
        .where(
            PacketPart.packet_id == packet_id, PacketPart.number == number,
            can_be_made(now), _is_building(packet_id),
        )
        .values(
            state="making", attempts=PacketPart.attempts + 1, lease_until=now + LEASE,
            killed=PacketPart.killed + case((PacketPart.state == "making", 1), else_=0),
        )
        .returning(PacketPart.attempts)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()  # fmt: skip
    return None if attempt is None else PartClaim(packet_id, number, attempt)


def can_be_made(now: datetime) -> ColumnElement[bool]:
    """To do, in nobody's hands, and with tries left."""
    free = or_(
        PacketPart.state == "waiting",
        (PacketPart.state == "making") & (PacketPart.lease_until <= now),
    )
    return free & (PacketPart.broken < MOST_BROKEN) & (PacketPart.killed < MOST_KILLED)


def renew_part(session: Session, held: PartClaim, *, now: datetime) -> None:
    """Show that the worker lives.

    Raises:
        ClaimLost: the part went to another worker, or the packet was cancelled; stop.
    """
    _write(session, held, _is_building(held.packet_id), lease_until=now + LEASE)


def finish_part(session: Session, held: PartClaim, *, now: datetime) -> bool:
    """The part's files lie in the store.  Tells whether the packet can be bound now.

    Raises:
        ClaimLost: the part is no longer this claim's.
    """
    building = _is_building(held.packet_id)
    _write(session, held, building, state="done", done_at=now, lease_until=None,
           last_error_code=None)  # fmt: skip
    # Two parts may end at once: whoever waits for this lock sees what the other one did.
    of_packet = Packet.id == held.packet_id
    session.execute(select(Packet.id).where(of_packet).with_for_update())
    session.execute(
        update(Packet)
        .where(of_packet, Packet.state == "building")
        .values(done=done_weight(session, held.packet_id))
        .execution_options(synchronize_session=False)
    )
    left = PacketPart.packet_id == held.packet_id, PacketPart.state != "done"
    return not session.scalar(select(func.count()).select_from(PacketPart).where(*left))


def give_back_part(session: Session, held: PartClaim, code: str, *, now: datetime) -> None:
    """Say why a try broke off.  The part waits for the next; after the last its packet fails.

    Raises:
        ClaimLost: the part is no longer this claim's.
    """
    _write(session, held, state="waiting", lease_until=None, last_error_code=code,
           broken=PacketPart.broken + 1)  # fmt: skip
    of_part = PacketPart.packet_id == held.packet_id, PacketPart.number == held.number
    failed = session.scalar(select(PacketPart.broken).where(*of_part)) or 0
    if failed >= MOST_BROKEN:
        session.execute(update(PacketPart).where(*of_part).values(state="failed"))
        session.execute(
            update(Packet)
            .where(Packet.id == held.packet_id, Packet.state == "building")
            .values(state="failed", state_since=now, last_error_code=code)
        )


def make_again(session: Session, packet_id: UUID, numbers: Sequence[int]) -> None:
    """Parts whose photos are no longer what they were wait once more."""
    session.execute(
        update(PacketPart)
        .where(PacketPart.packet_id == packet_id, PacketPart.number.in_(numbers))
        .values(state="waiting", done_at=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )


def _is_building(packet_id: UUID) -> ColumnElement[bool]:
    return exists().where(Packet.id == packet_id, Packet.state == "building")


def _write(
    session: Session, held: PartClaim, *conditions: ColumnElement[bool], **values: Any
) -> None:
    result = session.execute(
        update(PacketPart)
        .where(
            PacketPart.packet_id == held.packet_id,
            PacketPart.number == held.number,
            PacketPart.state == "making",
            PacketPart.attempts == held.attempt,
            *conditions,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise ClaimLost(id=str(held.packet_id), part=held.number)
