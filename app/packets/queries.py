"""Reading packets and what may be asked for, always within an actor's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.accounts.rules import Actor, Role
from app.areas.models import Area
from app.areas.queries import DISTRICT_DIGITS, PROVINCE_DIGITS, areas_under
from app.audit.models import AuditEntry
from app.centres.models import Centre
from app.centres.queries import centres_in_scope, list_centres
from app.packets.frozen.content import Scope
from app.packets.models import Packet, ScopeKind
from app.packets.rules import MAY_UNMASK
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class Choice:
    """One unit that a packet may be asked for."""

    kind: ScopeKind
    code: str
    name: str

    @property
    def key(self) -> str:
        """As a form's value: `district:5601`."""
        return f"{self.kind}:{self.code}"


def packets_in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition that keeps a query on `Packet` inside what `actor` may see.

    A packet of one centre follows the centre; a volunteer sees none.  One with names and numbers
    does not exist for a role that may not have them.
    """
    whole_area = and_(
        Packet.scope_kind != "centre",
        Packet.scope_code.startswith(actor.area_code, autoescape=True),
    )
    own_centres = Packet.centre_id.in_(select(Centre.id).where(centres_in_scope(actor)))
    if actor.role == "volunteer":
        return Packet.id.is_(None)
    within = or_(whole_area, own_centres)
    return within if actor.role in MAY_UNMASK else and_(within, Packet.unmasked.is_(False))


def packet_for(session: Session, actor: Actor, packet_id: UUID) -> Packet:
    """The packet, if the actor may see it.

    Raises:
        NotFound: it does not exist, or lies outside the actor's scope.
    """
    wanted = select(Packet).where(Packet.id == packet_id, packets_in_scope(actor))
    packet = session.scalars(wanted).one_or_none()
    if packet is None:
        raise NotFound(kind="packet")
    return packet


def list_packets(session: Session, actor: Actor, *, after: str | None = None) -> Page[Packet]:
    """One page of packets, newest request first.  Raises BadCursor."""
    statement = select(Packet).where(packets_in_scope(actor))
    key = (Packet.requested_at, Packet.id)
    return page_of(session, statement, key, after=after, descending=True)


def editions_of(session: Session, actor: Actor, packet: Packet) -> Sequence[Packet]:
    """All editions of the same unit and quarter, newest first."""
    return session.scalars(
        select(Packet)
        .where(packets_in_scope(actor), *_same_series(packet))
        .order_by(Packet.edition.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class Taken:
    """One time that somebody took a packet, or one `document` of it, away."""

    at: datetime
    name: str
    role: Role | None
    document: str


def taken_by(session: Session, packet: Packet, *, limit: int = 200) -> list[Taken]:
    """Who took the packet away and when, newest first: out of the audit log."""
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.facts, Account.name, Account.role)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(
            AuditEntry.kind == "packet",
            AuditEntry.object_id == str(packet.id),
            AuditEntry.action == "packet.downloaded",
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    return [
        Taken(at, name or "", role, facts.get("document") or "") for at, facts, name, role in rows
    ]


def has_taken(session: Session, packet: Packet, account_id: UUID, document: str) -> bool:
    """Whether the log says that they took the packet, or this one `document` of it, away before."""
    noted = session.scalars(
        select(AuditEntry.facts).where(
            AuditEntry.kind == "packet",
            AuditEntry.object_id == str(packet.id),
            AuditEntry.action == "packet.downloaded",
            AuditEntry.actor_id == account_id,
        )
    )
    return any(facts.get("document", "") == document for facts in noted)


def redacted_by(session: Session, packet: Packet) -> Packet | None:
    """The edition that replaces a withdrawn one."""
    return session.scalars(
        select(Packet).where(Packet.redacts_id == packet.id).order_by(Packet.edition).limit(1)
    ).one_or_none()


def _same_series(packet: Packet) -> tuple[ColumnElement[bool], ...]:
    return (
        Packet.scope_kind == packet.scope_kind,
        Packet.scope_code == packet.scope_code,
        Packet.quarter == packet.quarter,
    )


def choices(session: Session, actor: Actor) -> list[Choice]:
    """Every unit the actor may ask a packet for, largest first, by official code."""
    if actor.role == "volunteer":
        return []
    found: list[Choice] = []
    if len(actor.area_code) <= PROVINCE_DIGITS:
        provinces = areas_under(session, actor.area_code, "province")
        found += [Choice("province", area.code, area.name_th) for area in provinces]
    districts = areas_under(session, actor.area_code, "district")
    found += [Choice("district", area.code, area.name_th) for area in districts]
    centres = list_centres(session, actor)
    found += [Choice("centre", centre.code, centre.name) for centre in centres]
    return found


def scope_for(session: Session, actor: Actor, kind: str, code: str) -> Scope:
    """The unit, with the names that stand on its packet.

    Raises:
        NotFound: there is no such unit, or the actor may not ask for it.
    """
    if actor.role == "volunteer":
        raise NotFound(kind="scope")
    if kind == "centre":
        return _centre_scope(session, actor, code)
    area = session.get(Area, code)
    if area is None or area.kind != kind or kind == "subdistrict" or not actor.sees_area(code):
        raise NotFound(kind="scope")
    return Scope(kind, code, area.name_th, None, _area_name(session, code[:PROVINCE_DIGITS]))


def _centre_scope(session: Session, actor: Actor, code: str) -> Scope:
    centre = session.scalars(
        select(Centre)
        .where(Centre.code == code, centres_in_scope(actor))
        .options(joinedload(Centre.subdistrict))
    ).one_or_none()
    if centre is None:
        raise NotFound(kind="scope")
    district = _area_name(session, centre.subdistrict_code[:DISTRICT_DIGITS])
    province = _area_name(session, centre.subdistrict_code[:PROVINCE_DIGITS])
    return Scope("centre", code, centre.name, district, province)


def _area_name(session: Session, code: str) -> str:
    area = session.get(Area, code)
    return area.name_th if area else code


def centre_names(session: Session, packets: Sequence[Packet]) -> dict[UUID, str]:
    """Names of the centres that some packets are about."""
    ids = {packet.centre_id for packet in packets if packet.centre_id}
    rows = session.execute(select(Centre.id, Centre.name).where(Centre.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def requesters(session: Session, packets: Sequence[Packet]) -> dict[UUID, str]:
    """Names of those who asked for some packets, by account."""
    ids = {packet.requested_by for packet in packets}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row[0]: row[1] for row in rows}
