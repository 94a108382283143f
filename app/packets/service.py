"""Packets are asked for once, however often: the same list is the same packet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.packets.frozen.content import Content, Request, Scope, to_json
from app.packets.frozen.freeze import centre_id_of, freeze
from app.packets.models import Packet
from app.rounds.programme import Programme
from app.shared.clock import Quarter

_TRIES = 3  # of two officers asking at the same moment, one takes the next edition


def request_packet(
    session: Session,
    actor: Actor,
    scope: Scope,
    quarter: Quarter,
    *,
    programme: Programme,
    now: datetime,
    reason: str | None = None,
) -> tuple[Packet, bool]:
    """Freeze the unit's quarter and queue its packet; returns it, and whether it is to be built.

    `scope` must come from `queries.scope_for`.  Asking again while nothing changed returns the
    packet there is, however often and by whomever; one that failed is queued again.  Flushes;
    the caller commits, then rings for `app.packets.jobs.build`.
    """
    request = Request(actor.name, now, reason)
    content = freeze(session, scope, quarter, edition=1, request=request, programme=programme)
    for _ in range(_TRIES - 1):
        if known := same_list(session, content):
            return known, _queue_again(session, known, actor, now)
        try:
            with session.begin_nested():
                return _add(session, content, actor, now), True
        except IntegrityError:
            continue  # somebody took this edition a moment ago; perhaps with the same list
    if known := same_list(session, content):
        return known, _queue_again(session, known, actor, now)
    return _add(session, content, actor, now), True


def next_edition(session: Session, scope: Scope, quarter: str) -> int:
    """The number the unit's next packet of this quarter gets."""
    last = session.scalar(
        select(func.max(Packet.edition)).where(*_of_unit(scope), Packet.quarter == quarter)
    )
    return (last or 0) + 1


def same_list(session: Session, content: Content) -> Packet | None:
    """The newest packet of this very list, if there is one."""
    return session.scalars(
        select(Packet)
        .where(
            *_of_unit(content.scope),
            Packet.quarter == content.quarter,
            Packet.content_sha256 == content.list_sha256,
        )
        .order_by(Packet.edition.desc())
        .limit(1)
    ).one_or_none()


def _of_unit(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return Packet.scope_kind == scope.kind, Packet.scope_code == scope.code


def _add(session: Session, content: Content, actor: Actor, now: datetime) -> Packet:
    edition = next_edition(session, content.scope, content.quarter)
    content = replace(content, edition=edition)
    packet = Packet(
        scope_kind=content.scope.kind,
        scope_code=content.scope.code,
        centre_id=centre_id_of(session, content.scope),
        quarter=content.quarter,
        edition=edition,
        frozen=to_json(content),
        content_sha256=content.list_sha256,
        state="queued",
        state_since=now,
        requested_by=actor.account_id,
        requested_at=now,
        reason=content.requested.reason,
    )
    session.add(packet)
    session.flush()
    _log(session, packet, actor, "packet.requested", now)
    return packet


def _queue_again(session: Session, packet: Packet, actor: Actor, now: datetime) -> bool:
    if packet.state != "failed":
        return packet.state == "queued"
    packet.state, packet.state_since, packet.attempts = "queued", now, 0
    packet.lease_until = None
    packet.step, packet.done, packet.total = None, 0, 0
    session.flush()
    _log(session, packet, actor, "packet.requested", now)
    return True


def note_download(session: Session, packet: Packet, actor: Actor, now: datetime) -> None:
    """Remember who took an issued packet away."""
    _log(session, packet, actor, "packet.downloaded", now)


def _log(session: Session, packet: Packet, actor: Actor, action: str, now: datetime) -> None:
    facts = {
        "scope": f"{packet.scope_kind}:{packet.scope_code}",
        "quarter": packet.quarter,
        "edition": packet.edition,
        "list_sha256": packet.content_sha256,
    }
    record(
        session, actor_id=actor.account_id, action=action, kind="packet",
        object_id=packet.id, now=now, facts=facts,
    )  # fmt: skip
