"""Packets are withdrawn, evidence files destroyed, members' phones taken out of old orders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from app.centres.models import Centre
from app.documents.destruction import destroy_documents
from app.documents.models import Document
from app.keeping.holds import is_touched, record_is_held
from app.keeping.service import is_held
from app.networks.models import NetworkOrder
from app.packets.models import Packet, PacketPerson
from app.packets.redaction import let_go, redact_whole
from app.retention.disposal import Disposal
from app.shared.clock import Quarter

_PHONE_WITHIN = '%"phone": "_%'  # as JSON is stored on either database


def packets(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Editions of quarters that are over, whatever is in them: photos are."""
    return _packets(first_kept, true())


def packets_with_names(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Editions that hold a visitor's name, number or remark."""
    told = exists(select(PacketPerson.packet_id).where(PacketPerson.packet_id == Packet.id))
    return _packets(first_kept, Packet.unmasked | told)


def packet_area() -> ColumnElement[str]:
    """A packet's area: a centre's is its subdistrict; a district's and province's is the code."""
    of_centre = select(Centre.subdistrict_code).where(Centre.id == Packet.centre_id)
    return func.coalesce(of_centre.scalar_subquery(), Packet.scope_code)


def packet_is_touched(until: date) -> ColumnElement[bool]:
    """Whether a hold concerns part of a packet; `until`: none of a later quarter is asked about."""
    quarters, quarter = [], Quarter.of_day(until)
    for _ in range(80):  # twenty years: this product is younger
        quarters.append(quarter)
        quarter = quarter.previous()
    first = case({str(q): literal(q.first_day, Date) for q in quarters}, value=Packet.quarter)
    last = case({str(q): literal(q.last_day, Date) for q in quarters}, value=Packet.quarter)
    return is_touched(packet_area(), first, last)


def _packets(first_kept: date, which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(
        Packet.id.label("id"), packet_area().label("area_code"),
        packet_is_touched(first_kept).label("held"),
    ).where(
        Packet.quarter < str(Quarter.of_day(first_kept)), Packet.state != "withdrawn", which
    )  # fmt: skip


def redact_packets(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """Withdraw them; the sweep removes their files (`packets.clearing`)."""
    for packet_id in sorted(ids):
        redact_whole(session, packet_id, now)
    return []


def let_packets_go(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """Withdraw them for good; the register keeps fingerprints and who took a copy."""
    for packet_id in sorted(ids):
        let_go(session, packet_id, now)
    return []


def documents(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Evidence files that were received and not destroyed yet; also of records struck out."""
    area = func.coalesce(Centre.subdistrict_code, Document.district_code)
    held = is_held("document", Document.id, area, Document.dated_on)
    return (
        select(
            Document.id.label("id"), area.label("area_code"),
            (held | record_is_held("visit", Document.subject_id)).label("held"),
        )
        .outerjoin(Centre, Centre.id == Document.centre_id)
        .where(Document.dated_on < first_kept, Document.destroyed_at.is_(None))
    )  # fmt: skip


def end_documents(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """The files go; kind, title, day and fingerprint stay."""
    return destroy_documents(session, ids, now=now)


def orders(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Network orders whose members still have a phone number in them."""
    area = NetworkOrder.district_code
    return select(
        NetworkOrder.id.label("id"), area.label("area_code"),
        is_held("network_order", NetworkOrder.id, area, NetworkOrder.dated_on).label("held"),
    ).where(
        NetworkOrder.dated_on < first_kept, cast(NetworkOrder.members, Text).like(_PHONE_WITHIN)
    )  # fmt: skip


def blank_phones(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """The appointment, with names, is an official record and stays; the numbers go."""
    del now
    for order in session.scalars(select(NetworkOrder).where(NetworkOrder.id.in_(ids))):
        without = [member | {"phone": None} for member in order.members]
        session.execute(
            update(NetworkOrder).where(NetworkOrder.id == order.id).values(members=without)
        )
    return []


DISPOSALS = (
    Disposal("document", "document", documents, end_documents),
    Disposal("member", "network_order", orders, blank_phones),
)
PACKETS = (
    Disposal("packet", "packet", packets, let_packets_go),
    Disposal("packet_named", "packet", packets_with_names, redact_packets),
)
