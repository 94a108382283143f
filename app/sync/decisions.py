"""A person decides between two versions: the phone's becomes the newest, or is given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.followups.draft import followup_from_json
from app.followups.models import Followup
from app.followups.rules import VisitFacts, check_followup
from app.followups.service import delete_followup, edit_followup
from app.photos.decode import caption_from_json
from app.photos.models import Photo
from app.photos.rules import check_caption
from app.photos.service import delete_photo, edit_caption
from app.records.draft import draft_from_json
from app.records.kinds import KINDS as KINDS_OF_RECORDS
from app.records.models import Entry
from app.records.service import edit, strike_out
from app.rounds.programme import Programme, programme_named
from app.shared.errors import DomainError
from app.shared.record import capture_of
from app.shared.veil import veiled
from app.sync.kinds import KINDS
from app.sync.models import HeldItem
from app.sync.record_items import corrected, problems_of
from app.sync.verdicts import refuse
from app.sync.versions import in_scope
from app.visits.draft import visit_from_json
from app.visits.models import Visit
from app.visits.rules import check_visit
from app.visits.service import StaleVersion, delete_visit, edit_visit

DECIDERS = ("officer", "admin")  # who may correct the record may decide; a reviewer reads


class HeldDecided(DomainError):
    """Somebody decided about it already, or the phone sent something better."""

    code = "held_decided"


class NotTakeable(DomainError):
    """There is no record, or none any more, that this could be a version of."""

    code = "held_not_takeable"


def can_take(held: HeldItem, present: Any) -> bool:
    """Whether the phone's version can become the newest version of `present`."""
    if present is None or present.deleted_at is not None or held.body is None:
        return False
    return held.kind != "photo" or held.op != "create"  # the same id with other bytes


def record_of(session: Session, held: HeldItem, actor: Actor) -> Any:
    """The record as it is now, struck out or not; None where there is none the actor may see."""
    table = KINDS[held.kind].table
    return in_scope(session, table, held.record_id, actor) if table else None


def take_theirs(
    session: Session,
    held: HeldItem,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
    programme: Programme,
    reason: str,
) -> None:
    """Make the phone's version the newest one, by the actor and with `reason`.  Flushes.

    Raises:
        HeldDecided, NotTakeable: there is nothing to decide (any more).
        Invalid: the rules refuse it as the record is now.
        StaleVersion: the record changed since the actor looked.
        DomainError: whatever the record's own service refuses.
    """
    _check_open(held)
    present = record_of(session, held, actor)
    if not can_take(held, present):
        raise NotTakeable
    if present.version != expected_version:
        raise StaleVersion(version=present.version)
    _apply(session, held, present, actor=actor, now=now, programme=programme, reason=reason)
    _close(session, held, "applied", actor, now)


def keep_ours(session: Session, held: HeldItem, *, actor: Actor, now: datetime) -> None:
    """Leave the record as it is; the phone's version is erased.  Flushes.  Raises HeldDecided."""
    _check_open(held)
    _close(session, held, "dismissed", actor, now)


def _apply(
    session: Session,
    held: HeldItem,
    present: Any,
    *,
    actor: Actor,
    now: datetime,
    programme: Programme,
    reason: str,
) -> None:
    sent = (held.body or {})["item"]
    who: dict[str, Any] = {"actor": actor, "now": now}
    if held.op == "delete":
        _strike_out(session, held, present, str(sent["data"]["reason"]), who)
        return
    versioned: dict[str, Any] = {**who, "expected_version": present.version}
    match present:
        case Visit():
            visit = replace(visit_from_json(sent["data"]), capture=capture_of(present))
            refuse(check_visit(visit, now=now, programme=programme))
            edit_visit(session, visit, **versioned, programme=programme, reason=reason)
        case Followup():
            check = replace(followup_from_json(sent["data"]), capture=capture_of(present))
            facts = VisitFacts.of(session.get_one(Visit, present.visit_id))
            refuse(check_followup(check, visit=facts, now=now, programme=programme))
            edit_followup(session, check, **versioned, programme=programme, reason=reason)
        case Entry():
            kind = KINDS_OF_RECORDS[held.kind]
            draft = corrected(draft_from_json(kind.name, kind.fields, sent["data"]), present)
            programme = programme_named(draft.programme_version)
            refuse(problems_of(kind, draft, now=now, programme=programme))
            edit(session, kind, draft, **versioned, programme=programme, reason=reason)
        case Photo():
            caption = caption_from_json(sent["data"])
            refuse(check_caption(caption))
            edit_caption(session, present.id, caption, **versioned)


def _strike_out(
    session: Session, held: HeldItem, present: Any, reason: str, who: dict[str, Any]
) -> None:
    match present:
        case Visit():
            delete_visit(
                session, present.id, expected_version=present.version, reason=reason, **who
            )
        case Followup():
            delete_followup(session, present.id, reason=reason, **who)
        case Entry():
            kind = KINDS_OF_RECORDS[held.kind]
            strike_out(
                session, kind, present.id, expected_version=present.version, reason=reason, **who
            )
        case Photo():
            delete_photo(
                session, present.id, expected_version=present.version, reason=reason, **who
            )


def _check_open(held: HeldItem) -> None:
    if held.state != "conflict":
        raise HeldDecided


def _close(session: Session, held: HeldItem, state: Any, actor: Actor, now: datetime) -> None:
    held.state, held.body = state, None
    held.settled_at, held.settled_by = now, actor.account_id
    # Veiled: this log is never changed, and whoever is forgotten must not be guessed from it.
    facts = {"op": held.op, "item_sha256": veiled(session, held.item_sha256)}
    record(
        session, actor_id=actor.account_id, action=f"held.{state}", kind=held.kind,
        object_id=held.record_id, now=now, facts=facts,
    )  # fmt: skip
    session.flush()
