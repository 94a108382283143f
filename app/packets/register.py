"""The register of issued packets, for whoever holds one: no names, no places, no counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.packets.frozen.content import safe_code
from app.packets.models import Packet, PacketState
from app.shared.clock import bangkok_day

# A packet that was withdrawn stays in the register: who holds the file must be told.
ISSUED: tuple[PacketState, ...] = ("ready", "withdrawn")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What anybody may know of an issued packet."""

    identifier: str
    fingerprint: str
    edition: int
    newest_edition: int | None  # None: every edition of this unit and quarter was withdrawn
    issued_on: date
    withdrawn: bool
    unmasked: bool

    @property
    def is_newest(self) -> bool:
        """Whether no later edition was issued."""
        return self.newest_edition == self.edition


def register_entry(session: Session, fingerprint: str) -> RegisterEntry | None:
    """The packet with this fingerprint, or whose file has this SHA-256 (as of old ones)."""
    known_by = or_(Packet.fingerprint == fingerprint, Packet.sha256 == fingerprint)
    return _first(session, select(Packet).where(known_by))


def entry_of_list(session: Session, list_sha256: str) -> RegisterEntry | None:
    """The packet made of this list: where the code on the report's last page leads."""
    return _first(session, select(Packet).where(Packet.content_sha256 == list_sha256))


def _first(session: Session, wanted: Select[Packet]) -> RegisterEntry | None:
    issued = wanted.where(Packet.state.in_(ISSUED), Packet.ready_at.is_not(None))
    packet = session.scalars(issued.order_by(Packet.ready_at).limit(1)).one_or_none()
    if packet is None or packet.ready_at is None:
        return None
    return RegisterEntry(
        identifier=f"lakthan-{safe_code(packet.scope_code)}-{packet.quarter}-e{packet.edition}",
        fingerprint=packet.fingerprint or packet.sha256 or "",
        edition=packet.edition,
        newest_edition=_newest(session, packet),
        issued_on=bangkok_day(packet.ready_at),
        withdrawn=packet.state == "withdrawn",
        unmasked=packet.unmasked,
    )


def _newest(session: Session, packet: Packet) -> int | None:
    return session.scalar(
        select(func.max(Packet.edition)).where(
            Packet.scope_kind == packet.scope_kind,
            Packet.scope_code == packet.scope_code,
            Packet.quarter == packet.quarter,
            Packet.state == "ready",
        )
    )
