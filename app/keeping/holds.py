"""Legal holds are placed and lifted: while one stands, nobody destroys what it covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.models import Area
from app.audit.service import record
from app.keeping.models import LegalHold
from app.shared.errors import NotFound, Problem
from app.shared.personal import holds_id_number

REASON_MOST = 300
KINDS = ("visit", "photo", "document", "network_order", "packet", "account")  # held one by one


@dataclass(frozen=True, slots=True)
class HoldDraft:
    """What is to be kept: an area, days of it (both ends included) or one record, and why."""

    area_code: str
    reason: str
    first_day: date | None = None
    last_day: date | None = None
    kind: str | None = None
    object_id: UUID | None = None


def check_hold(draft: HoldDraft) -> list[Problem]:
    """What is wrong with a draft.  Pure."""
    problems = []
    if not draft.reason:
        problems.append(Problem("reason", "required"))
    elif holds_id_number(draft.reason):
        problems.append(Problem("reason", "national_id_refused"))
    if draft.first_day and draft.last_day and draft.last_day < draft.first_day:
        problems.append(Problem("last_day", "ends_before_start"))
    return problems


def place_hold(session: Session, draft: HoldDraft, *, actor: Actor, now: datetime) -> LegalHold:
    """Place a hold; `check_hold` passed it.  The same that stands already is that one.  Flushes.

    Raises:
        NotFound: no such area, or outside the actor's.
    """
    known = session.get(Area, draft.area_code)
    if known is None or not draft.area_code.startswith(actor.area_code):
        raise NotFound(kind="area")
    hold = _standing(session, draft)
    if hold is not None:
        return hold
    hold = LegalHold(
        area_code=draft.area_code, first_day=draft.first_day, last_day=draft.last_day,
        kind=draft.kind, object_id=draft.object_id, reason=draft.reason,
        placed_by=actor.account_id, placed_at=now,
    )  # fmt: skip
    session.add(hold)
    session.flush()
    _note(session, hold, "hold.placed", actor, now)
    return hold


def lift_hold(session: Session, hold_id: UUID, *, actor: Actor, now: datetime) -> LegalHold:
    """Lift a hold: what it covered goes when its time is over.  Harmless twice.  Flushes.

    Raises:
        NotFound: no such hold in the actor's area.
    """
    hold = session.get(LegalHold, hold_id, with_for_update=True)
    if hold is None or not hold.area_code.startswith(actor.area_code):
        raise NotFound(kind="legal_hold")
    if hold.lifted_at is None:
        hold.lifted_by, hold.lifted_at = actor.account_id, now
        session.flush()
        _note(session, hold, "hold.lifted", actor, now)
    return hold


def is_touched(area_code: Any, first_day: Any, last_day: Any) -> ColumnElement[bool]:
    """The condition that some hold concerns part of what the row is about: a packet, say, is of
    many records and days, and one held record in it keeps the whole."""
    overlaps = or_(
        area_code.startswith(LegalHold.area_code), LegalHold.area_code.startswith(area_code)
    )
    within = and_(
        or_(LegalHold.first_day.is_(None), LegalHold.first_day <= last_day),
        or_(LegalHold.last_day.is_(None), LegalHold.last_day >= first_day),
    )
    standing = select(LegalHold.id).where(LegalHold.lifted_at.is_(None), overlaps, within)
    return exists(standing.correlate_except(LegalHold))


def record_is_held(kind: str, object_id: Any) -> ColumnElement[bool]:
    """The condition that this one record is held by name: what hangs on it stays with it."""
    named = select(LegalHold.id).where(
        LegalHold.lifted_at.is_(None), LegalHold.kind == kind, LegalHold.object_id == object_id
    )
    return exists(named.correlate_except(LegalHold))


def holds(session: Session, actor: Actor) -> Sequence[LegalHold]:
    """Every hold in the actor's area, standing ones first, then the newest."""
    return session.scalars(
        select(LegalHold)
        .where(LegalHold.area_code.startswith(actor.area_code))
        .order_by(LegalHold.lifted_at.is_not(None), LegalHold.placed_at.desc(), LegalHold.id)
    ).all()


def hold_of(session: Session, kind: str, object_id: UUID) -> LegalHold | None:
    """The standing hold of this one record, if there is one."""
    return session.scalars(
        select(LegalHold)
        .where(
            LegalHold.kind == kind, LegalHold.object_id == object_id,
            LegalHold.lifted_at.is_(None),
        )
        .limit(1)
    ).one_or_none()  # fmt: skip


def _standing(session: Session, draft: HoldDraft) -> LegalHold | None:
    return session.scalars(
        select(LegalHold)
        .filter_by(
            area_code=draft.area_code, first_day=draft.first_day, last_day=draft.last_day,
            kind=draft.kind, object_id=draft.object_id, reason=draft.reason, lifted_at=None,
        )
        .limit(1)
    ).one_or_none()  # fmt: skip


def _note(session: Session, hold: LegalHold, action: str, actor: Actor, now: datetime) -> None:
    facts: dict[str, object] = {
        "area": hold.area_code, "of": hold.kind, "object": str(hold.object_id or ""),
        "from": str(hold.first_day or ""), "to": str(hold.last_day or ""),
    }  # fmt: skip
    record(
        session, actor_id=actor.account_id, action=action, kind="legal_hold", object_id=hold.id,
        now=now, facts=facts,
    )  # fmt: skip
