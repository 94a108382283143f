"""What all versioned records have in common when a phone sends them: whose, which, since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.audit.history import Owner, Versioned
from app.centres.queries import centres_in_scope
from app.records.models import Entry
from app.records.queries import in_scope as entries_in_scope
from app.shared.decode import JsonRecord
from app.shared.errors import DomainError, Malformed, Problem
from app.shared.record import Capture
from app.shared.veil import either
from app.sync.items import Item
from app.sync.verdicts import Delivery, DeviceMismatch, Done, Present, Waits, refuse
from app.visits.rules import check_reason

_REASON = frozenset({"reason"})


class Draft(Protocol):
    """What a record's decoder makes: an id, and the circumstances it was written in."""

    @property
    def id(self) -> UUID:
        """The record's id."""

    @property
    def capture(self) -> Capture:
        """When, where, on which device."""


Read = TypeVar("Read", bound=Draft)
Stored = TypeVar("Stored", bound=Versioned)


def claimed(item: Item, draft: Read, by: Delivery) -> Read:
    """The draft with what the token and the clock say better than the data can.

    Raises:
        Malformed: the data are another record's than the item.
        DeviceMismatch: the data are another phone's.
    """
    if draft.id != item.id:
        raise Malformed("id", "the item's id")
    capture = draft.capture
    if capture.device_id not in (None, by.device_id):
        raise DeviceMismatch
    skew_s = by.clock_skew_s if capture.clock_skew_s is None else capture.clock_skew_s
    capture = replace(capture, device_id=by.device_id, clock_skew_s=skew_s)
    return replace(draft, capture=capture)  # type: ignore[type-var]


def in_scope(
    session: Session, model: type[Stored], record_id: UUID, actor: Actor, *, lock: bool = False
) -> Stored | None:
    """The record if the actor may see it, struck out or not, as it is in the database now."""
    table: Any = model
    found = select(table).where(table.id == record_id).execution_options(populate_existing=True)
    if issubclass(model, Entry):
        found = found.where(entries_in_scope(model, actor))  # some are a district's own
    else:
        found = found.join(table.centre).where(centres_in_scope(actor))
    return session.scalars(found.with_for_update(of=table) if lock else found).one_or_none()


def to_change(session: Session, model: type[Stored], item: Item, actor: Actor) -> Stored:
    """The record an edit or delete is about, locked: of twenty replays one is first.

    Raises:
        Waits: it has not come, or not within this actor's area; nobody is told which.
    """
    record = in_scope(session, model, item.id, actor, lock=True)
    if record is None or (item.base_version or 0) > record.version:
        raise Waits(item.id)  # or an edit that this one builds upon is still on its way
    return record


def told_again(
    session: Session, record: Versioned, owner: Owner, sha256: str, other: type[DomainError]
) -> Done:
    """A create whose id is taken: known if it ever had this content.

    Raises:
        DomainError: `other`, where the content is another one.
    """
    version = version_with(session, record, owner, sha256)
    if version is None:
        raise other(id=str(record.id))
    return Done(version, fresh=False)


def version_with(
    session: Session, record: Versioned, owner: Owner, sha256: str, *, after: int = 0
) -> int | None:
    """The first version after `after` that has this content, if any does.

    A phone is told the version that it made, not the newest: one that it has not seen must not
    be what its next edit builds upon.
    """
    revision: Any = owner.class_
    spelled = either(session, sha256)
    found: int | None = session.scalar(
        select(func.min(revision.version)).where(
            owner == record.id, revision.version > after, revision.content_sha256.in_(spelled)
        )
    )
    if found is None and record.version > after and record.content_sha256 in spelled:
        return int(record.version)  # it is older than its history
    return found


def reason_of(item: Item) -> str:
    """The reason of a delete.  Raises Malformed, Invalid."""
    reason = JsonRecord(item.data, _REASON, within="data.").text("reason")
    refuse(check_reason(reason) if reason else [Problem("reason", "required")])
    return reason or ""


def present_of(
    session: Session, record: Versioned, owner: Owner, data: dict[str, object]
) -> Present:
    """The present version in an answer: with who made it, and when."""
    revision: Any = owner.class_
    made_at, made_by = session.execute(
        select(revision.made_at, Account.name)
        .outerjoin(Account, Account.id == revision.made_by)
        .where(owner == record.id)
        .order_by(revision.version.desc())
        .limit(1)
    ).one_or_none() or (_received_at(record), None)
    return Present(record.version, data, made_by, made_at, _is_deleted(record))


def _received_at(record: Any) -> datetime:
    received_at: datetime = record.received_at
    return received_at


def _is_deleted(record: Any) -> bool:
    return record.deleted_at is not None
