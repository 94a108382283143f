"""Packets are asked for once, however often: the same list is the same packet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from app.accounts.rules import Actor
from app.audit.service import record
from app.centres.models import Centre
from app.packets.frozen.content import Content, Options, Request, Scope, from_json, to_json
from app.packets.frozen.freeze import centre_id_of, freeze
from app.packets.heads import head_of
from app.packets.models import Packet, PacketPerson
from app.packets.rules import check_request, may_unmask
from app.rounds.programme import Programme
from app.shared.clock import Quarter
from app.shared.errors import DomainError, Forbidden

_TRIES = 3  # of two officers asking at the same moment, one takes the next edition
_GOES_ON = ("ready", "building", "queued")  # editions that a later one is compared with


class RequestRefused(DomainError):
    """What is asked for is no packet: `field` and `problem` say why."""

    code = "packet_request_refused"


def request_packet(
    session: Session,
    actor: Actor,
    scope: Scope,
    quarter: Quarter,
    *,
    programme: Programme,
    now: datetime,
    reason: str | None = None,
    options: Options | None = None,
    site: str | None = None,
) -> tuple[Packet, bool]:
    """Freeze the unit's quarter and queue its packet; returns it, and whether it is to be built.

    `scope` must come from `queries.scope_for`.  Asking again while nothing changed returns the
    packet there is, however often and by whomever; one that failed or was cancelled is queued
    again.  One with names and numbers is its requester's own, whose name stands across its
    pages: somebody else gets another edition.  Flushes; the caller commits, then rings for
    `app.packets.jobs.begin`.

    Raises:
        Forbidden: names and numbers are asked for without the right to them.
        RequestRefused: an option is none, or unmasking has no reason.
    """
    options, reason = options or Options(), (reason or "").strip() or None
    _check(session, actor, scope, options, reason)
    request = Request(actor.name, now, reason)
    for last in (*[False] * (_TRIES - 1), True):
        content = freeze(
            session, scope, quarter, edition=1, request=request, programme=programme,
            options=options, previous=previous_list(session, scope, str(quarter)), site=site,
        )  # fmt: skip
        if known := same_list(session, content, actor):
            return known, known.state == "queued" or ask_again(session, known, actor, now)
        try:
            with session.begin_nested():
                return add(session, content, requested_by=actor.account_id, now=now), True
        except IntegrityError:
            if last:
                raise
            # Somebody took this edition a moment ago; perhaps with the same list.
    raise AssertionError  # pragma: no cover - the last try returns or raises


def _check(
    session: Session, actor: Actor, scope: Scope, options: Options, reason: str | None
) -> None:
    if problems := check_request(options, reason):
        raise RequestRefused(field=problems[0].field, problem=problems[0].code)
    if options.unmasked:
        is_centre = Centre.code == scope.code
        area = session.scalar(select(Centre.subdistrict_code).where(is_centre))
        if not may_unmask(actor, scope, area):
            raise Forbidden


def next_edition(session: Session, scope: Scope, quarter: str) -> int:
    """The number the unit's next packet of this quarter gets."""
    last = session.scalar(
        select(func.max(Packet.edition)).where(*_of_unit(scope), Packet.quarter == quarter)
    )
    return (last or 0) + 1


def previous_list(session: Session, scope: Scope, quarter: str) -> Content | None:
    """The list of the newest edition so far that stands; what came since is told against it."""
    packet = session.scalars(
        select(Packet)
        .where(*_of_unit(scope), Packet.quarter == quarter, Packet.state.in_(_GOES_ON))
        .order_by(Packet.edition.desc())
        .limit(1)
        .options(undefer(Packet.frozen))
    ).one_or_none()
    return from_json(packet.frozen) if packet else None


def same_list(session: Session, content: Content, actor: Actor) -> Packet | None:
    """The newest packet of this very list that stands, if there is one."""
    same = (
        select(Packet)
        .where(
            *_of_unit(content.scope),
            Packet.quarter == content.quarter,
            Packet.content_sha256 == content.list_sha256,
            Packet.state != "withdrawn",
        )
        .order_by(Packet.edition.desc())
        .limit(1)
    )
    if content.options.unmasked:
        same = same.where(Packet.requested_by == actor.account_id)
    return session.scalars(same).one_or_none()


def _of_unit(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return Packet.scope_kind == scope.kind, Packet.scope_code == scope.code


def add(
    session: Session,
    content: Content,
    *,
    requested_by: UUID,
    now: datetime,
    redacts: Packet | None = None,
) -> Packet:
    """Queue a list as its unit's next edition, and write down whom it tells about.

    `redacts`: the edition it replaces after somebody was forgotten; then nobody asked for it.

    Raises:
        IntegrityError: the number was taken a moment ago.
    """
    edition = next_edition(session, content.scope, content.quarter)
    content = replace(content, edition=edition)
    packet = Packet(
        scope_kind=content.scope.kind,
        scope_code=content.scope.code,
        centre_id=redacts.centre_id if redacts else centre_id_of(session, content.scope),
        quarter=content.quarter,
        edition=edition,
        frozen=to_json(content),
        content_sha256=content.list_sha256,
        head=head_of(content),
        unmasked=content.options.unmasked,
        redacts_id=redacts.id if redacts else None,
        state="queued",
        state_since=now,
        requested_by=requested_by,
        requested_at=now,
        reason=content.requested.reason,
    )
    session.add(packet)
    session.flush()
    _note_people(session, packet, content)
    actor_id = None if redacts else requested_by
    log(session, packet, actor_id, "packet.requested", now, unmasked=packet.unmasked)
    return packet


def _note_people(session: Session, packet: Packet, content: Content) -> None:
    """Which visits' names, numbers or remarks the list holds: found again by index."""
    told = {visit.id for visit in content.visits if visit.leader_name or visit.phone}
    told |= {visit.id for visit in content.visits if visit.suggestion}
    told |= {check.visit_id for check in content.followups if check.reason or check.next_step}
    rows = [{"packet_id": packet.id, "visit_id": UUID(visit_id)} for visit_id in sorted(told)]
    if rows:
        session.execute(insert(PacketPerson), rows)


def ask_again(session: Session, packet: Packet, actor: Actor, now: datetime) -> bool:
    """Queue a packet that failed or was cancelled; tells whether it is to be rung for.

    Its parts that are done stay done.  Harmless twice: the second finds it queued.
    """
    if not _move(session, packet, ("failed", "cancelled"), "queued", now):
        return False
    log(session, packet, actor.account_id, "packet.requested", now)
    return True


def cancel(session: Session, packet: Packet, actor: Actor, now: datetime) -> bool:
    """Stop building the packet; tells whether there was something to stop.

    Workers find out when they next tell how far they are.  Harmless twice.
    """
    if not _move(session, packet, ("queued", "building"), "cancelled", now):
        return False
    log(session, packet, actor.account_id, "packet.cancelled", now)
    return True


def _move(
    session: Session, packet: Packet, states: Iterable[str], state: str, now: datetime
) -> bool:
    """Change the state if it is one of `states`: a worker may be changing it at the same time."""
    result: Any = session.execute(
        update(Packet)
        .where(Packet.id == packet.id, Packet.state.in_(tuple(states)))
        .values(state=state, state_since=now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(packet)
    return bool(result.rowcount)


def note_download(
    session: Session, packet: Packet, actor: Actor, now: datetime, document: str = ""
) -> None:
    """Remember who took an issued packet, or one `document` of it, away."""
    log(
        session, packet, actor.account_id, "packet.downloaded", now,
        document=document, unmasked=packet.unmasked,
    )  # fmt: skip


def log(
    session: Session,
    packet: Packet,
    actor_id: UUID | None,
    action: str,
    now: datetime,
    **facts: object,
) -> None:
    """Write into the audit log what was done with a packet."""
    of_packet: dict[str, object] = {
        "scope": f"{packet.scope_kind}:{packet.scope_code}",
        "quarter": packet.quarter,
        "edition": packet.edition,
        "list_sha256": packet.content_sha256,
    }
    record(
        session, actor_id=actor_id, action=action, kind="packet",
        object_id=packet.id, now=now, facts=of_packet | facts,
    )  # fmt: skip
