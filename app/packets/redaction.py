"""Forgetting: an edition that tells about a forgotten person is withdrawn, and made again without.

A list names a person by a visit's name, number or remark; `PacketPerson` says which lists those
are, so nothing is searched through.  The row of a withdrawn edition stays, with its digests and
with who had taken it away; its list goes at once and its files as soon as no worker is at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, undefer

from app.packets.frozen.content import Content, Request, from_json
from app.packets.frozen.redact import redacted
from app.packets.models import Packet, PacketPerson
from app.packets.service import add, log
from app.photos.forgetting import photos_about
from app.shared.clock import Quarter
from app.shared.traces import NOBODY, Traces
from app.shared.veil import veiled
from app.visits.forgetting import TOLD, traces_of
from app.visits.models import Visit, VisitRevision

REASON = "ปกปิดข้อมูลตามคำขอของเจ้าของข้อมูล"  # stands in the redacted edition
REASON_OVER = "ครบกำหนดเวลาเก็บรักษาข้อมูลส่วนบุคคล"
OVER = "kept_long_enough"  # why an edition was withdrawn, where nobody asked to be forgotten
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
    traces = traces_of(visit) if visit else NOBODY
    found = []
    for packet in _holding(session, visit_id, traces):
        content = from_json(packet.frozen)
        traces.clean(packet, ("reason",))
        if packet.state in _MADE_AGAIN:
            found.append(_redacted(session, packet, content, visit_id, traces, now))
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


def _redacted(
    session: Session,
    packet: Packet,
    content: Content,
    visit_id: UUID,
    traces: Traces,
    now: datetime,
) -> Packet:
    request = Request(content.requested.by, now, REASON)
    number = packet.edition
    without = redacted(
        content, [visit_id], edition=number, redacts=number, request=request, traces=traces,
        veil=lambda digest: veiled(session, digest),
    )  # fmt: skip
    return add(session, without, requested_by=packet.requested_by, now=now, redacts=packet)


def _holding(session: Session, visit_id: UUID, traces: Traces) -> Sequence[Packet]:
    """Editions that tell about the visit's person, oldest first: so the newest is redacted last."""
    named = exists().where(PacketPerson.packet_id == Packet.id, PacketPerson.visit_id == visit_id)
    found = {packet.id: packet for packet in session.scalars(_open(named)).all()}
    # Made before it was written down who is in a list: few, and none new.
    unknown = session.scalars(_open(Packet.head["list"].as_string().is_(None))).all()
    found |= {packet.id: packet for packet in unknown if _tells(packet.frozen, str(visit_id))}
    found |= {packet.id: packet for packet in _in_passing(session, visit_id, traces)}
    return sorted(found.values(), key=lambda p: (p.scope_kind, p.scope_code, p.edition))


def _in_passing(session: Session, visit_id: UUID, traces: Traces) -> Sequence[Packet]:
    """Editions that name the person where no name belongs: in a group's name or a caption.

    Looked for only where the visit's own words or its photos' do so now.
    """
    visit = session.get(Visit, visit_id)
    if visit is None:
        return []
    words = [getattr(visit, name) for name in TOLD]
    words += [photo.caption for photo in photos_about(session, visit_id)]
    if traces.hide(words) == words:
        return []
    quarter = str(Quarter.of_day(visit.visit_date))
    lists = session.scalars(_open(Packet.quarter == quarter)).all()
    return [packet for packet in lists if _names(packet.frozen, str(visit_id), traces)]


def _names(frozen: dict[str, Any], visit_id: str, traces: Traces) -> bool:
    told = [each for each in frozen.get("visits", ()) if each["id"] == visit_id]
    checks = {c["id"] for c in frozen.get("followups", ()) if c["visit_id"] == visit_id}
    about = checks | {visit_id}
    told += [each for each in frozen.get("photos", ()) if each["subject_id"] in about]
    return bool(told) and traces.hide(told) != told


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


def redact_whole(session: Session, packet_id: UUID, now: datetime) -> bool:
    """The time of every name, number and remark in an edition is over: it is withdrawn, and one
    with names hidden made again without any.  Harmless twice; returns whether it was withdrawn.

    One with names is not made again: what it was asked for is long over.  Flushes.
    """
    found = session.scalars(_open(Packet.id == packet_id)).one_or_none()
    if found is None:
        return False
    if found.state in _MADE_AGAIN and not found.unmasked and not _was_followed(session, found):
        content = from_json(found.frozen)
        request = Request(content.requested.by, now, REASON_OVER)
        told = [visit.id for visit in content.visits]
        number = found.edition
        without = redacted(
            content, told, edition=number, redacts=number, request=request,
            veil=lambda digest: veiled(session, digest),
        )  # fmt: skip
        add(session, without, requested_by=found.requested_by, now=now, redacts=found)
    found.last_error_code, found.reason = OVER, None
    withdraw(session, found, now)
    return True


def _was_followed(session: Session, packet: Packet) -> bool:
    """Whether a later edition of the unit's quarter stands: then nobody needs this one again."""
    later = select(Packet.id).where(
        Packet.scope_kind == packet.scope_kind, Packet.scope_code == packet.scope_code,
        Packet.quarter == packet.quarter, Packet.edition > packet.edition,
        Packet.state.in_(_MADE_AGAIN), Packet.unmasked.is_(False),
    )  # fmt: skip
    return session.scalar(later.limit(1)) is not None


def let_go(session: Session, packet_id: UUID, now: datetime) -> bool:
    """Withdraw an edition whose time is over; nothing takes its place.  Twice is harmless."""
    found = session.scalars(_open(Packet.id == packet_id)).one_or_none()
    if found is None:
        return False
    found.last_error_code, found.reason = OVER, None
    withdraw(session, found, now)
    return True
