"""Packets are asked for once, claimed by one worker at a time, and finished by the one that
holds the claim.

The queue is this table.  A claim is a lease and a number: whoever was slower than the lease
finds another number there and may not write any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from app.accounts.rules import Actor
from app.audit.service import record
from app.packets.content import Content, Request, Scope, from_json, to_json
from app.packets.freeze import centre_id_of, freeze
from app.packets.models import Packet
from app.rounds.programme import Programme
from app.shared.clock import Quarter
from app.shared.errors import DomainError

LEASE = timedelta(seconds=120)  # renewed at every progress; a volume of the report takes 8 s
MOST_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=30)  # the first ring may still be on its way
_TRIES = 3  # of two officers asking at the same moment, one takes the next edition


class ClaimLost(DomainError):
    """The lease ran out and the packet went to another worker, or is already done."""

    code = "claim_lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to build one packet and to write its outcome."""

    packet_id: UUID
    attempt: int
    content: Content


@dataclass(frozen=True, slots=True)
class Built:
    """What a worker made, already stored."""

    file_key: str
    sha256: str
    size_bytes: int
    files: int
    gaps: int


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
        if known := _same_list(session, content):
            return known, _queue_again(session, known, actor, now)
        try:
            with session.begin_nested():
                return _add(session, content, actor, now), True
        except IntegrityError:
            continue  # somebody took this edition a moment ago; perhaps with the same list
    if known := _same_list(session, content):
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
    return _same_list(session, content)


def _same_list(session: Session, content: Content) -> Packet | None:
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


# ---- building -----------------------------------------------------------------------------


def claim(session: Session, packet_id: UUID, now: datetime) -> Claim | None:
    """Take the packet for building, or None: it is ready, failed, or in other hands."""
    attempt = session.execute(
        update(Packet)
        .where(Packet.id == packet_id, _free(now), Packet.attempts < MOST_ATTEMPTS)
        .values(
            state="building", state_since=now, attempts=Packet.attempts + 1,
            lease_until=now + LEASE, step=None, done=0, total=0,
        )
        .returning(Packet.attempts)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()  # fmt: skip
    if attempt is None:
        return None
    packet = session.get_one(
        Packet, packet_id, options=[undefer(Packet.frozen)], populate_existing=True
    )
    return Claim(packet_id, attempt, from_json(packet.frozen))


def advance(
    session: Session, held: Claim, step: str, done: int, total: int, *, now: datetime
) -> None:
    """Write how far the build is, and renew its lease.

    Raises:
        ClaimLost: the packet is no longer this claim's; stop.
    """
    _write(
        session, held, step=step, done=min(done, total), total=total, lease_until=now + LEASE
    )  # fmt: skip


def finish(session: Session, held: Claim, built: Built, *, now: datetime) -> None:
    """Issue the packet: from here on it never changes.

    Raises:
        ClaimLost: the packet is no longer this claim's to write.
    """
    _write(
        session, held, state="ready", state_since=now, ready_at=now, lease_until=None,
        last_error_code=None, step=None, file_key=built.file_key, sha256=built.sha256,
        size_bytes=built.size_bytes, n_files=built.files, n_gaps=built.gaps,
    )  # fmt: skip
    record(
        session, actor_id=None, action="packet.issued", kind="packet", object_id=held.packet_id,
        now=now, facts={"sha256": built.sha256, "size_bytes": built.size_bytes},
    )  # fmt: skip


def give_back(session: Session, held: Claim, code: str, *, now: datetime) -> None:
    """Say why an attempt broke off.  The packet waits for the next, or fails after the last.

    Raises:
        ClaimLost: the packet is no longer this claim's to write.
    """
    state = "queued" if held.attempt < MOST_ATTEMPTS else "failed"
    _write(
        session, held, state=state, state_since=now, lease_until=None, last_error_code=code,
    )  # fmt: skip


def stale_packets(session: Session, now: datetime, *, limit: int = 50) -> list[UUID]:
    """Packets to ring for again: asked for and never begun, or begun by a worker that is gone.

    Those whose attempts are used up become failed here.
    """
    session.execute(
        update(Packet)
        .where(_free(now), Packet.attempts >= MOST_ATTEMPTS)
        .values(
            state="failed", state_since=now, lease_until=None,
            last_error_code=func.coalesce(Packet.last_error_code, "gave_up"),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    begun = Packet.state == "building"
    unheard = Packet.state_since <= now - RING_AGAIN_AFTER
    waiting = select(Packet.id).where(_free(now), or_(begun, unheard))
    return list(session.scalars(waiting.order_by(Packet.requested_at, Packet.id).limit(limit)))


def _free(now: datetime) -> ColumnElement[bool]:
    """Waiting, and in nobody's hands."""
    return or_(
        Packet.state == "queued",
        and_(Packet.state == "building", Packet.lease_until <= now),
    )


def _write(session: Session, held: Claim, **values: Any) -> None:
    result = session.execute(
        update(Packet)
        .where(
            Packet.id == held.packet_id,
            Packet.state == "building",
            Packet.attempts == held.attempt,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise ClaimLost(id=str(held.packet_id))
