"""Who was on a phone on a day: what it wrote down, what it was given to call, whom it names.

Exact by design: every record names the phone that captured it (`capture_proof`), and every name
that leaves for a phone to be called is noted (`carried_contact`).  Where an older version noted
only how many left, the answer is the most it can have been, and says so (`at_most`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.accounts.service import actor_of
from app.audit.models import AuditEntry
from app.centres.models import Centre
from app.centres.queries import list_centres
from app.devices.models import CaptureProof, CarriedContact, Device
from app.followups.queries import due_on_phone
from app.networks.models import NetworkOrder
from app.networks.queries import orders_in_force
from app.rounds.programme import load_programme
from app.shared.clock import Quarter, bangkok_day, day_starts_at
from app.visits.models import Visit

KEPT_DAYS = 100  # static/src/js/outbox/pruning.js: a phone keeps what it sent that long
DUE_DAYS = 45  # app/sync/changes_sections.py: how far ahead a phone knows whom to call


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose name or number was on it.  `how`: captured, carried, member, steward."""

    how: str
    name: str | None
    phone: str | None
    centre_code: str
    day: date | None = None  # of the visit, or of the order
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OnPhone:
    """What lay on a phone at an instant, as far as the server can know."""

    at: datetime
    visitors: Sequence[Person]
    members: Sequence[Person]
    stewards: Sequence[Person]
    photos: int  # pictures it took that it may still have kept
    unsent_records: int  # by its last heartbeat; who is in them nobody knows
    unsent_photos: int
    heard_at: datetime
    at_most: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def people(self) -> Sequence[Person]:
        """Everybody: visitors first."""
        return [*self.visitors, *self.members, *self.stewards]


def on_phone(session: Session, device: Device, account: Account, *, at: datetime) -> OnPhone:
    """Who was on the phone at `at`.  Six queries by index, whatever the book's size.

    People forgotten since are not in it: nobody can name them any more.
    """
    heard_at = min(at, device.last_contact_at)
    known = _notes_carried(session, device.id)
    carried = (
        _carried(session, device.id, at) if known else _could_carry(session, account, heard_at)
    )
    captured = _captured(session, device.id, at, heard_at - timedelta(days=KEPT_DAYS))
    mine = {visit.id for visit in captured}
    visitors = [_visitor("captured", visit) for visit in captured]
    visitors += [_visitor("carried", visit) for visit in carried if visit.id not in mine]
    actor = actor_of(account)
    return OnPhone(
        at=at, visitors=visitors, members=_members(session, actor, bangkok_day(heard_at)),
        stewards=[_steward(centre) for centre in list_centres(session, actor)
                  if centre.steward_name or centre.phone],
        photos=_photos(session, device.id, at, heard_at - timedelta(days=KEPT_DAYS)),
        unsent_records=device.unsent_records, unsent_photos=device.unsent_photos,
        heard_at=heard_at, at_most=not known and bool(carried),
        counts={"captured": len(captured), "carried": len(visitors) - len(captured)},
    )  # fmt: skip


def _captured(session: Session, device_id: UUID, at: datetime, since: datetime) -> Sequence[Any]:
    """Visits with a name or number that the phone wrote down and may still have kept."""
    proven = (
        select(CaptureProof.record_id)
        .where(
            CaptureProof.device_id == device_id,
            CaptureProof.record_kind == "visit",
            CaptureProof.received_at.between(since, at),
        )
        .distinct()
    )
    return _named(session, Visit.id.in_(proven))


def _carried(session: Session, device_id: UUID, at: datetime) -> Sequence[Any]:
    """Visits whose name and number the phone had been given, and had not let go before that day.

    The last list may have been lost on its way: whom it would have let go counts as still there.
    """
    last = (
        select(func.max(CarriedContact.let_go_at))
        .where(CarriedContact.device_id == device_id, CarriedContact.let_go_at <= at)
        .scalar_subquery()
    )
    still = or_(
        CarriedContact.let_go_at.is_(None),
        CarriedContact.let_go_at >= day_starts_at(bangkok_day(at)),
        CarriedContact.let_go_at == last,
    )
    given = select(CarriedContact.visit_id).where(
        CarriedContact.device_id == device_id, CarriedContact.given_at <= at, still
    )
    return _named(session, Visit.id.in_(given))


def _notes_carried(session: Session, device_id: UUID) -> bool:
    """Whether what this phone carries was noted by name, and not only by number."""
    noted = select(CarriedContact.visit_id).where(CarriedContact.device_id == device_id).limit(1)
    if session.scalar(noted) is not None:
        return True
    pulled = select(AuditEntry.id).where(
        AuditEntry.kind == "device", AuditEntry.object_id == str(device_id),
        AuditEntry.action == "contacts.pulled",
    )  # fmt: skip
    return session.scalar(pulled.limit(1)) is None


def _could_carry(session: Session, account: Account, heard_at: datetime) -> Sequence[Any]:
    today = bangkok_day(heard_at)
    due = session.execute(due_on_phone(actor_of(account), today=today, days=DUE_DAYS))
    return _named(session, Visit.id.in_([visit.id for visit in due]))


def _named(session: Session, condition: Any) -> Sequence[Any]:
    return session.execute(
        select(Visit.id, Visit.leader_name, Visit.phone, Visit.visit_date, Centre.code)
        .join(Centre, Centre.id == Visit.centre_id)
        .where(condition, or_(Visit.leader_name.is_not(None), Visit.phone.is_not(None)))
        .order_by(Centre.code, Visit.visit_date, Visit.id)
    ).all()


def _photos(session: Session, device_id: UUID, at: datetime, since: datetime) -> int:
    counted = select(func.count()).where(
        CaptureProof.device_id == device_id,
        CaptureProof.record_kind == "photo",
        CaptureProof.version == 1,
        CaptureProof.received_at.between(since, at),
    )
    return int(session.scalar(counted) or 0)


def _members(session: Session, actor: Actor, day: date) -> list[Person]:
    """Members of the network orders in force: officers' phones carry them, volunteers' do not."""
    if actor.role == "volunteer":
        return []
    found: dict[str, NetworkOrder] = {}
    for year in sorted({load_programme().fiscal_year, Quarter.of_day(day).fiscal_year}):
        found |= orders_in_force(session, actor, year, day)
    return [
        Person("member", member.get("name"), member.get("phone"), code, order.dated_on)
        for code, order in sorted(found.items())
        for member in order.members
    ]


def _visitor(how: str, visit: Any) -> Person:
    visit_id, name, phone, day, centre_code = visit
    return Person(how, name, phone, centre_code, day, visit_id)


def _steward(centre: Centre) -> Person:
    return Person("steward", centre.steward_name, centre.phone, centre.code)
