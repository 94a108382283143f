"""Forgetting: an edition that tells about a forgotten person is withdrawn, and made again without.

A list names a person by a visit's name, number or remark; `PacketPerson` says which lists those
are, so nothing is searched through.  The row of a withdrawn edition stays, with its digests and
with who had taken it away; its list goes at once and its files as soon as no worker is at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, undefer

from app.packets.frozen.content import Content, Request, from_json
from app.packets.frozen.redact import redacted
from app.packets.models import Packet, PacketPerson
from app.packets.service import add, log
from app.visits.models import Visit, VisitRevision

REASON = "ปกปิดข้อมูลตามคำขอของเจ้าของข้อมูล"  # stands in the redacted edition
HIDDEN = "…"
AT_ONCE = timedelta(minutes=5)  # a list frozen beside a forgetting may have read it as it was
LOOKED_AT = timedelta(hours=1)  # how long a new edition is looked at for that; the sweep is quick
_MADE_AGAIN = ("queued", "building", "ready")


def forget_in_packets(session: Session, visit_id: UUID, now: datetime) -> list[Packet]:
    """Withdraw every edition that tells about the visit's person; returns the redacted ones.

    Call before the visit itself forgets, or at any time later.  A sealed quarter does not hinder
    it.  Twice is harmless: what is withdrawn holds nothing any more.  Flushes; the redacted
    editions are built like any other that is queued.
    """
    visit = session.get(Visit, visit_id)
    words = [word for word in (visit.leader_name, visit.phone) if word] if visit else []
    found = []
    for packet in _holding(session, visit_id):
        content = from_json(packet.frozen)
        hide_words(packet, words)
        if packet.state in _MADE_AGAIN:
            found.append(_redacted(session, packet, content, visit_id, now))
        withdraw(session, packet, now, redacted_as=found[-1].edition if found else None)
    return found


def forget_late(session: Session, now: datetime) -> int:
    """The same for lists that were frozen while somebody was being forgotten; returns how many."""
    at_risk = (
        select(PacketPerson.visit_id, VisitRevision.made_at, Packet.requested_at)
        .join(Packet, Packet.id == PacketPerson.packet_id)
        .join(VisitRevision, VisitRevision.visit_id == PacketPerson.visit_id)
        .where(
            Packet.state != "withdrawn",
            Packet.requested_at >= now - LOOKED_AT,
            VisitRevision.action == "forgotten",
        )
    )
    late = {v for v, at, asked in session.execute(at_risk) if at >= asked - AT_ONCE}
    return sum(len(forget_in_packets(session, visit_id, now)) for visit_id in sorted(late))


def withdraw(
    session: Session, packet: Packet, now: datetime, *, redacted_as: int | None = None
) -> None:
    """Take an edition back: nobody may have it any more.  Its row stays, its list goes."""
    packet.state, packet.state_since, packet.withdrawn_at = "withdrawn", now, now
    packet.frozen = {}
    session.flush()
    log(session, packet, None, "packet.withdrawn", now, redacted_as=redacted_as)


def hide_words(packet: Packet, words: Iterable[str]) -> None:
    """Take a person's name and number out of the reason that somebody wrote for the request."""
    for word in words:
        packet.reason = (packet.reason or "").replace(word, HIDDEN) or None


def _redacted(
    session: Session, packet: Packet, content: Content, visit_id: UUID, now: datetime
) -> Packet:
    request = Request(content.requested.by, now, REASON)
    number = packet.edition
    without = redacted(content, [visit_id], edition=number, redacts=number, request=request)
    return add(session, without, requested_by=packet.requested_by, now=now, redacts=packet)


def _holding(session: Session, visit_id: UUID) -> Sequence[Packet]:
    """Editions that tell about the visit's person, oldest first: so the newest is redacted last."""
    named = exists().where(PacketPerson.packet_id == Packet.id, PacketPerson.visit_id == visit_id)
    by_index = session.scalars(_open(named)).all()
    # Made before it was written down who is in a list: few, and none new.
    unknown = session.scalars(_open(Packet.head["list"].as_string().is_(None))).all()
    by_reading = [packet for packet in unknown if _tells(packet.frozen, str(visit_id))]
    return sorted((*by_index, *by_reading), key=lambda p: (p.scope_kind, p.scope_code, p.edition))


def _open(which: ColumnElement[bool]) -> Any:
    return (
        select(Packet)
        .where(which, Packet.state != "withdrawn")
        .options(undefer(Packet.frozen))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _tells(frozen: dict[str, Any], visit_id: str) -> bool:
    visits = (visit for visit in frozen.get("visits", ()) if visit["id"] == visit_id)
    return any(
        visit.get(name) for visit in visits for name in ("suggestion", "leader_name", "phone")
    )
