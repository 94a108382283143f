"""All that is held of the person in one visit: what they may see, and take with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.accounts.rules import Role
from app.audit.models import AuditEntry
from app.centres.models import Centre
from app.followups.models import Followup
from app.packets.models import Packet, PacketPerson
from app.photos.models import Photo
from app.shared.errors import NotFound
from app.subjects.models import SubjectRequest
from app.visits.models import Visit

LOOKED = "visit.contact_seen"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at the name and phone: when, in which role, for which area."""

    at: datetime
    role: Role
    area_code: str


@dataclass(frozen=True, slots=True)
class NamedIn:
    """A packet that holds the name: of which quarter and unit, since when, whether it stands."""

    quarter: str
    scope_code: str
    edition: int
    issued_at: datetime | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held, ready to be shown or written to a file."""

    visit: Visit
    followups: Sequence[Followup]
    n_photos: int
    looks: Sequence[Look]
    packets: Sequence[NamedIn]
    requests: Sequence[SubjectRequest]

    @property
    def centre(self) -> Centre:
        """Where the visit was."""
        return self.visit.centre

    @property
    def names_somebody(self) -> bool:
        """Whether there is anything left that a person could be known by."""
        visit = self.visit
        return bool(visit.leader_name or visit.phone or visit.suggestion)


def holding_of(session: Session, visit_id: UUID) -> Holding:
    """What is held of the person in this visit.  Whoever asks was let in before.

    Raises:
        NotFound: the visit was struck out, or there is none.
    """
    visit = session.scalars(
        select(Visit)
        .where(Visit.id == visit_id, Visit.deleted_at.is_(None))
        .options(joinedload(Visit.centre))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if visit is None:
        raise NotFound(kind="visit")
    followups = _followups(session, visit_id)
    return Holding(
        visit=visit,
        followups=followups,
        n_photos=len(photo_ids_of(session, visit_id)),
        looks=_looks(session, visit_id),
        packets=_packets(session, visit_id),
        requests=session.scalars(
            select(SubjectRequest)
            .where(SubjectRequest.visit_id == visit_id)
            .order_by(SubjectRequest.received_at.desc())
        ).all(),
    )


def photo_ids_of(session: Session, visit_id: UUID) -> list[UUID]:
    """Photos of the visit and of its follow-ups that are still there."""
    followups = select(Followup.id).where(Followup.visit_id == visit_id)
    of_visit = (Photo.subject_kind == "visit") & (Photo.subject_id == visit_id)
    of_followup = (Photo.subject_kind == "followup") & Photo.subject_id.in_(followups)
    there = (Photo.deleted_at.is_(None), Photo.destroyed_at.is_(None))
    return list(session.scalars(select(Photo.id).where(of_visit | of_followup, *there)))


def _followups(session: Session, visit_id: UUID) -> Sequence[Followup]:
    return session.scalars(
        select(Followup)
        .where(Followup.visit_id == visit_id, Followup.deleted_at.is_(None))
        .order_by(Followup.followed_on, Followup.id)
    ).all()


def _looks(session: Session, visit_id: UUID) -> list[Look]:
    """From the audit log: a phone without a network tells later when it was (`seen_at`)."""
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.facts, Account.role, Account.area_code)
        .join(Account, Account.id == AuditEntry.actor_id)
        .where(
            AuditEntry.kind == "visit",
            AuditEntry.object_id == str(visit_id),
            AuditEntry.action == LOOKED,
        )
        .order_by(AuditEntry.id.desc())
    )
    return [
        Look(_seen_at(row.facts) or row.at, row.role, _office_code(row.role, row.area_code))
        for row in rows
    ]


def _seen_at(facts: dict[str, object]) -> datetime | None:
    said = facts.get("seen_at")
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def _office_code(role: Role, area_code: str) -> str:
    return area_code[:4] if role == "volunteer" else area_code


def _packets(session: Session, visit_id: UUID) -> list[NamedIn]:
    rows = session.execute(
        select(
            Packet.quarter, Packet.scope_code, Packet.edition, Packet.ready_at, Packet.withdrawn_at
        )
        .join(PacketPerson, PacketPerson.packet_id == Packet.id)
        .where(PacketPerson.visit_id == visit_id, Packet.ready_at.is_not(None))
        .order_by(Packet.ready_at)
    )
    return [NamedIn(*row[:4], withdrawn=row.withdrawn_at is not None) for row in rows]
