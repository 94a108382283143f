"""Records of any kind are written once, corrected by new versions, struck out by tombstones."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.models import Area
from app.audit.history import StaleVersion, changes_to, make_version, note_version, was_ever
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.records.draft import Draft
from app.records.kinds import RecordKind
from app.records.models import RecordRevision
from app.records.queries import entry_for
from app.rounds.programme import Programme
from app.rounds.seals import check_open
from app.shared.errors import DomainError, Forbidden
from app.shared.record import insert_once
from app.shared.thai import fold
from app.visits.service import CentreFixed, UnknownCentre

__all__ = ["RecordConflict", "StaleVersion", "edit", "record", "strike_out"]

_OWNER = RecordRevision.record_id


class RecordConflict(DomainError):
    """The same id is stored with other content."""

    code = "record_conflict"


class UnknownDistrict(DomainError):
    """The record names a district that does not exist for this actor."""

    code = "unknown_area"


def record(
    session: Session,
    kind: RecordKind,
    draft: Draft,
    *,
    actor: Actor,
    now: datetime,
    programme: Programme,
) -> tuple[Any, bool]:
    """Store `draft` exactly once, however many times the phone sends it.

    Returns the row, and whether this call created it.  `draft` must have passed
    `rules.check_fields` and the kind's own check.  Flushes; the caller commits.  What comes for a
    sealed quarter is stored all the same - nothing a phone carries is lost - and counts as late.

    Raises:
        Forbidden: the actor does not write this kind.
        UnknownCentre, UnknownDistrict: the place does not exist, or not for this actor.
        RecordConflict: the id is stored with other content.
    """
    values = _columns(session, kind, draft, actor, programme) | {
        "id": draft.id,
        "received_at": now,
        "recorder_id": actor.account_id,
        "version": 1,
        **draft.capture.columns(),
    }
    created = insert_once(session, kind.model, values)
    row = session.get_one(kind.model, draft.id, populate_existing=True)
    if created:
        note_version(session, row, _OWNER, "recorded", actor_id=actor.account_id, now=now)
    elif not was_ever(session, row, _OWNER, draft.content_sha256):
        raise RecordConflict(id=str(draft.id))
    return row, created


def edit(
    session: Session,
    kind: RecordKind,
    draft: Draft,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
    programme: Programme,
    reason: str | None = None,
) -> Any:
    """Make `draft` the newest version of the record with its id.  Flushes.

    An edit that changes nothing makes no version, so a doubled click is harmless.

    Raises:
        NotFound: no such record for this actor.
        CentreFixed: the draft names another centre than the record's.
        QuarterSealed: the quarter it counts for is closed.
        StaleVersion: somebody else made a version since `expected_version`.
    """
    row = entry_for(session, kind, actor, draft.id)
    if draft.centre_id != row.centre_id:
        raise CentreFixed
    if row.content_sha256 == draft.content_sha256:
        return row
    check_open(session, row.district_code, _day(kind, row), draft.values[kind.day])
    values = _columns(session, kind, draft, actor, programme)
    changes = changes_to(row, dict(draft.values), kind.personal)
    make_version(session, row, values, expected_version)
    note_version(
        session, row, _OWNER, "edited", actor_id=actor.account_id, now=now, changes=changes,
        reason=reason,
    )  # fmt: skip
    return row


def strike_out(
    session: Session,
    kind: RecordKind,
    record_id: UUID,
    *,
    expected_version: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Any:
    """Strike the record out: it stays as a tombstone with the reason, and no longer counts.

    Raises:
        NotFound: no such record for this actor, or already struck out.
        QuarterSealed: the quarter it counts for is closed.
        StaleVersion: somebody made a version since `expected_version`.
    """
    row = entry_for(session, kind, actor, record_id)
    check_open(session, row.district_code, _day(kind, row))
    make_version(session, row, {"deleted_at": now}, expected_version)
    note_version(session, row, _OWNER, "deleted", actor_id=actor.account_id, now=now, reason=reason)
    return row


def _day(kind: RecordKind, row: Any) -> date:
    day: date = getattr(row, kind.day)
    return day


def _columns(
    session: Session, kind: RecordKind, draft: Draft, actor: Actor, programme: Programme
) -> dict[str, object]:
    """The columns that follow from the draft, in the first version and in every later one."""
    if actor.role not in kind.writers:
        raise Forbidden
    place = _place(session, kind, draft, actor)
    words = [str(draft.values[name]) for name in kind.searched if draft.values[name]]
    return {
        **draft.values,
        **place,
        **kind.derive(draft, programme),
        "programme_version": draft.programme_version,
        "search_key": fold(" ".join(words)),
        "content_sha256": draft.content_sha256,
    }


def _place(session: Session, kind: RecordKind, draft: Draft, actor: Actor) -> dict[str, object]:
    if draft.centre_id is None or kind.level == "district":
        code = draft.district_code or ""
        area = session.get(Area, code) if len(code) == 4 else None
        if kind.level == "centre" or area is None or not actor.sees_area(code) or actor.centre_id:
            raise UnknownDistrict(code=code[:8])
        return {"centre_id": None, "district_code": code}
    subdistrict = session.scalar(
        select(Centre.subdistrict_code).where(Centre.id == draft.centre_id, centres_in_scope(actor))
    )
    if subdistrict is None:
        raise UnknownCentre(centre_id=str(draft.centre_id))
    return {"centre_id": draft.centre_id, "district_code": subdistrict[:4]}
