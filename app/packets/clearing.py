"""Clearing away: the files of editions that were withdrawn or cancelled, and what came beside."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from app.packets.models import Packet, PacketPart
from app.packets.redaction import forget_late
from app.packets.vault import Vault
from app.shared.files import FileStore

log = logging.getLogger(__name__)
CHANGE_OF_MIND = timedelta(hours=1)  # so long a cancelled packet keeps the parts that are done
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Over:
    """An edition whose files nobody may or will have any more."""

    packet_id: UUID
    state: str  # "withdrawn", "cancelled"
    file_key: str | None


def over(session: Session, instant: datetime) -> list[Over]:
    """Make late forgetting good; return the editions whose files are to go."""
    if late := forget_late(session, instant):
        log.info("%d packets told about somebody who was forgotten meanwhile", late)
    found = [*session.execute(_withdrawn()), *session.execute(_cancelled(instant))]
    return [Over(*row) for row in found]


def remove_withdrawn(files: FileStore, vault: Vault, each: Over) -> None:
    """Remove a withdrawn edition's files; no transaction is open.  Raises OSError.

    Harmless twice.  A worker that was at it may still write: `note` has it looked at again.
    """
    if each.state == "withdrawn":
        if each.file_key:
            vault.delete(each.file_key)
        _remove_folder(files, each.packet_id)


def note(session: Session, files: FileStore, each: Over, instant: datetime) -> None:
    """Write down that a withdrawn edition's file is gone; remove what a cancelled one left.

    Whoever asks for a cancelled one at this moment waits here, and then finds no part done.
    """
    if each.state == "withdrawn":
        _forget_file(session, each.packet_id)
        _close(session, each.packet_id, _quiet(instant))
        return
    still = (Packet.id == each.packet_id) & (Packet.state == "cancelled") & _quiet(instant)
    if session.scalar(select(Packet.id).where(still).with_for_update()):
        _remove_folder(files, each.packet_id)
        _close(session, each.packet_id, still)


def _withdrawn() -> Select[UUID, str, str | None]:
    left = or_(Packet.file_key.is_not(None), Packet.started_at.is_not(None))
    return (
        select(Packet.id, Packet.state, Packet.file_key)
        .where(Packet.state == "withdrawn", left)
        .limit(MOST_AT_ONCE)
    )


def _cancelled(instant: datetime) -> Select[UUID, str, str | None]:
    return (
        select(Packet.id, Packet.state, Packet.file_key)
        .where(
            Packet.state == "cancelled",
            Packet.started_at.is_not(None),
            Packet.state_since <= instant - CHANGE_OF_MIND,
        )
        .limit(MOST_AT_ONCE)
    )


def _remove_folder(files: FileStore, packet_id: UUID) -> None:
    files.delete_below(f"packets/{packet_id}")


def _quiet(instant: datetime) -> ColumnElement[bool]:
    """No worker can be at the packet or a part of it any more."""
    at_a_part = exists().where(
        PacketPart.packet_id == Packet.id,
        PacketPart.state == "making",
        PacketPart.lease_until > instant,
    )
    return or_(Packet.lease_until.is_(None), Packet.lease_until <= instant) & ~at_a_part


def _forget_file(session: Session, packet_id: UUID) -> None:
    session.execute(
        update(Packet)
        .where(Packet.id == packet_id, Packet.state == "withdrawn")
        .values(file_key=None)
        .execution_options(synchronize_session=False)
    )


def _close(session: Session, packet_id: UUID, which: ColumnElement[bool]) -> None:
    closed = session.execute(
        update(Packet)
        .where(Packet.id == packet_id, which)
        .values(started_at=None, lease_until=None)
        .returning(Packet.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if closed:
        session.execute(delete(PacketPart).where(PacketPart.packet_id == packet_id))
