"""Reading the looks, newest first, fast at millions: each action by its index (action, at).

An officer sees the looks of the own district's people, a reviewer those of the province's, an
administrator all of the own area.  Who looked at one visit, whoever may see the visit and sits at
a desk is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.audit.models import AuditEntry
from app.devices.models import CarriedContact, Device
from app.looks.rules import LOOK_BACK_DAYS, MANY_AN_HOUR, ONE_BY_ONE, actions_of, hour_of
from app.packets.models import Packet, PacketPerson
from app.shared.clock import day_starts_at
from app.shared.dialects import among, is_postgresql
from app.shared.paging import PAGE_SIZE, Page, decode_cursor, encode_cursor

_KEY = (AuditEntry.at, AuditEntry.id)
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class LookFilter:
    """What a reader asked to see; empty means everything in scope."""

    account_id: UUID | None = None
    day: date | None = None
    door: str = ""


@dataclass(frozen=True, slots=True)
class Burst:
    """Many looks of one account within one hour."""

    account_id: UUID
    name: str
    hour: datetime
    count: int


class Person(NamedTuple):
    """Whoever looks."""

    id: UUID
    name: str
    role: str


People = Mapping[UUID, Person]


def people_in_scope(session: Session, actor: Actor) -> People:
    """Whose looks the actor may see, by name; a province has some hundreds."""
    wanted = select(Account.id, Account.name, Account.role).order_by(Account.name)
    if actor.area_code:
        wanted = wanted.where(Account.area_code.startswith(actor.area_code, autoescape=True))
    return {row.id: Person(*row) for row in session.execute(wanted)}


def list_looks(
    session: Session, people: People, wanted: LookFilter, *, after: str | None = None
) -> Page[AuditEntry]:
    """One page, newest first.  Raises BadCursor."""
    beyond = _beyond(after)
    rows = _newest(session, people, wanted, beyond, PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    return Page(shown, encode_cursor([shown[-1].at, shown[-1].id]) if more else None)


def all_looks(
    session: Session, people: People, wanted: LookFilter, *, most: int
) -> Iterator[AuditEntry]:
    """Everything the filter covers, newest first, some thousand in memory; at most `most`."""
    beyond: ColumnElement[bool] | None = None
    left = most
    while left > 0:
        rows = _newest(session, people, wanted, beyond, min(_BATCH, left))
        yield from rows
        if len(rows) < min(_BATCH, left):
            return
        left -= len(rows)
        beyond = _older_than(rows[-1].at, rows[-1].id)
        session.expunge_all()


def looks_at_visit(session: Session, visit_id: UUID) -> Sequence[tuple[AuditEntry, Account | None]]:
    """Who opened the name or number of one visit, newest first."""
    rows = session.execute(
        select(AuditEntry, Account)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(
            AuditEntry.kind == "visit",
            AuditEntry.object_id == str(visit_id),
            AuditEntry.action.in_(("visit.contact_seen",)),
        )
        .order_by(AuditEntry.id.desc())
        .limit(PAGE_SIZE)
    )
    return [(entry, account) for entry, account in rows]


def phones_with(session: Session, visit_id: UUID) -> Sequence[tuple[CarriedContact, str, str]]:
    """Phones that were given the name and number of a visit: since when, which, whose."""
    rows = session.execute(
        select(CarriedContact, Device.label, Account.name)
        .join(Device, Device.id == CarriedContact.device_id)
        .join(Account, Account.id == Device.account_id)
        .where(CarriedContact.visit_id == visit_id)
        .order_by(CarriedContact.given_at.desc())
    )
    return [(carried, label, name) for carried, label, name in rows]


def packets_with(session: Session, visit_id: UUID) -> Sequence[Packet]:
    """Packets that hold the name or number of a visit."""
    return session.scalars(
        select(Packet)
        .join(PacketPerson, PacketPerson.packet_id == Packet.id)
        .where(PacketPerson.visit_id == visit_id)
        .order_by(Packet.ready_at.desc())
    ).all()


def bursts(session: Session, people: People, now: datetime) -> list[Burst]:
    """Hours of the last week in which somebody opened oddly many names, the newest first."""
    since = now - timedelta(days=LOOK_BACK_DAYS)
    rows = session.execute(
        select(AuditEntry.actor_id, AuditEntry.at).where(
            AuditEntry.action.in_(ONE_BY_ONE), AuditEntry.at >= since
        )
    )
    counted = Counter((who, hour_of(at)) for who, at in rows if who in people)
    found = [
        Burst(who, people[who].name, hour, count)
        for (who, hour), count in counted.items()
        if who is not None and count >= MANY_AN_HOUR
    ]
    return sorted(found, key=lambda one: (one.hour, one.count), reverse=True)


def odd_hours(session: Session, entries: Sequence[AuditEntry]) -> set[tuple[UUID, datetime]]:
    """Of the hours of these entries, those in which their account opened oddly many."""
    wanted = {(e.actor_id, hour_of(e.at)) for e in entries if e.actor_id and e.action in ONE_BY_ONE}
    if not wanted:
        return set()
    hours = {hour for _who, hour in wanted}
    rows = session.execute(
        select(AuditEntry.actor_id, AuditEntry.at).where(
            AuditEntry.action.in_(ONE_BY_ONE),
            or_(*(AuditEntry.at.between(h, h + timedelta(hours=1)) for h in hours)),
        )
    )
    counted = Counter((who, hour_of(at)) for who, at in rows)
    return {one for one in wanted if counted[one] >= MANY_AN_HOUR}


def _newest(
    session: Session,
    people: People,
    wanted: LookFilter,
    beyond: ColumnElement[bool] | None,
    most: int,
) -> list[AuditEntry]:
    """The newest of each action by the index, then the newest of those."""
    whose = [wanted.account_id] if wanted.account_id in people else list(people)
    seen = among(AuditEntry.actor_id, "whose", is_postgresql(session))
    named = None
    parts = []
    for action in actions_of(wanted.door):
        if action == "packet.downloaded":
            named = named or [
                str(i) for i in session.scalars(select(Packet.id).where(Packet.unmasked))
            ]
            if not named:
                continue
        part = _of_action(action, wanted, beyond).where(seen)
        if action == "packet.downloaded" and named:
            part = part.where(AuditEntry.object_id.in_(named))
        parts.append(
            part.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(most).subquery()
        )
    if not parts:
        return []
    every = union_all(*(select(part) for part in parts)).subquery()
    entry = aliased(AuditEntry, every)
    newest = select(entry).order_by(entry.at.desc(), entry.id.desc()).limit(most)
    return list(session.scalars(newest, {"whose": whose}))


def _of_action(
    action: str, wanted: LookFilter, beyond: ColumnElement[bool] | None
) -> Select[AuditEntry]:
    chosen = select(AuditEntry).where(AuditEntry.action == action)
    if wanted.day:
        start = day_starts_at(wanted.day)
        chosen = chosen.where(AuditEntry.at >= start, AuditEntry.at < start + timedelta(days=1))
    return chosen.where(beyond) if beyond is not None else chosen


def _beyond(after: str | None) -> ColumnElement[bool] | None:
    if not after:
        return None
    at, entry_id = decode_cursor(after, _KEY)
    return _older_than(at, entry_id)  # type: ignore[arg-type]


def _older_than(at: datetime, entry_id: int) -> ColumnElement[bool]:
    """Spelled out, so that both databases take `at` for the index."""
    older = or_(AuditEntry.at < at, AuditEntry.id < entry_id)
    return and_(AuditEntry.at <= at, older)
