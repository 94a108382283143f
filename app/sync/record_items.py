"""Records of every kind that is described once (`app.records`), as phones send them.

One mechanism for all of them: the kind says how an item is read and judged; what a kind has
beyond that - a parent that must be there, a file that follows - stands below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.documents.announced import announce_document
from app.documents.models import Document
from app.plans.service import UnknownPlanItem, check_item_known
from app.records.draft import Draft, draft_from_json
from app.records.kinds import RecordKind
from app.records.models import RecordRevision
from app.records.rules import check_fields
from app.records.service import RecordConflict, edit, record, strike_out
from app.rounds.programme import Programme, programme_named
from app.shared.errors import Forbidden, Malformed, Problem
from app.shared.record import capture_of
from app.sync.items import Item
from app.sync.shapes import record_shape
from app.sync.verdicts import Delivery, Done, Present, StruckOut, Waits, refuse
from app.sync.versions import (
    claimed,
    in_scope,
    present_of,
    reason_of,
    to_change,
    told_again,
    version_with,
)
from app.uploads.attachment import Attachment

FILE_FACTS = ("file_name", "file_sha256", "file_bytes", "file_type")
_OWNER = RecordRevision.record_id


@dataclass(frozen=True, slots=True)
class RecordItems:
    """The ops of one kind of record."""

    kind: RecordKind

    def create(self, session: Session, item: Item, by: Delivery) -> Done:
        """Write one record, however often it is sent."""
        draft = self._draft(item, by)
        attached = _attached(self.kind, item, draft)
        if item.id in by.seen.stored and (stored := session.get(self.kind.model, item.id)):
            return told_again(session, stored, _OWNER, draft.content_sha256, RecordConflict)
        programme = self.judge(session, draft, by)
        row, fresh = record(
            session, self.kind, draft, actor=by.actor, now=by.now, programme=programme
        )
        if attached is not None:
            announce_document(session, row, attached, now=by.now)
        return Done(row.version, fresh)

    def edit(self, session: Session, item: Item, by: Delivery) -> Done:
        """Make the next version of a record from the one the phone had (`base_version`)."""
        base = item.without_attachments().base()
        draft = self._draft(item, by)
        row = to_change(session, self.kind.model, item, by.actor)
        draft = corrected(draft, row)
        before = row.version
        if done := version_with(session, row, _OWNER, draft.content_sha256, after=base):
            return Done(done, fresh=False)
        if row.deleted_at:
            raise StruckOut
        programme = self.judge(session, draft, by)
        edit(
            session, self.kind, draft, expected_version=base, actor=by.actor, now=by.now,
            programme=programme,
        )  # fmt: skip
        return Done(row.version, fresh=row.version > before)

    def delete(self, session: Session, item: Item, by: Delivery) -> Done:
        """Strike a record out."""
        self._check_writer(by)
        reason = reason_of(item.without_attachments())
        row = to_change(session, self.kind.model, item, by.actor)
        if row.deleted_at:
            return Done(row.version, fresh=False)
        base = row.version if item.base_version is None else item.base_version
        strike_out(
            session, self.kind, item.id, expected_version=base, reason=reason, actor=by.actor,
            now=by.now,
        )  # fmt: skip
        return Done(row.version)

    def present(self, session: Session, item: Item, actor: Actor) -> Present | None:
        """The present version, if the actor may see it."""
        row = in_scope(session, self.kind.model, item.id, actor)
        return present_of(session, row, _OWNER, record_shape(self.kind, row)) if row else None

    def judge(self, session: Session, draft: Draft, by: Delivery) -> Programme:
        """Raise what is wrong with it; returns the programme it was judged by: its own.

        Raises:
            Waits, ParentStruckOut: what it belongs to has not come, or is struck out.
            Invalid: the rules refuse it.
        """
        programme = programme_named(draft.programme_version)
        if parent := _PARENTS.get(self.kind.name):
            parent(session, draft, by.actor)
        refuse(problems_of(self.kind, draft, now=by.now, programme=programme))
        return programme

    def _draft(self, item: Item, by: Delivery) -> Draft:
        """The record as it was told.  Raises Forbidden, Malformed, DeviceMismatch."""
        self._check_writer(by)
        return claimed(item, draft_from_json(self.kind.name, self.kind.fields, item.data), by)

    def _check_writer(self, by: Delivery) -> None:
        if by.actor.role not in self.kind.writers:
            raise Forbidden


def problems_of(
    kind: RecordKind, draft: Draft, *, now: datetime, programme: Programme
) -> list[Problem]:
    """Every reason to refuse it: its fields' and its kind's."""
    return [
        *check_fields(draft, kind.fields, now=now, programme=programme),
        *kind.check(draft, programme),
    ]


def corrected(draft: Draft, row: Any) -> Draft:
    """The draft as a version of `row`: in the circumstances it was first written in.

    A document's file is what it is; its words can be corrected, the file cannot.
    """
    values = draft.values
    if isinstance(row, Document):
        values = {**values, **{name: getattr(row, name) for name in FILE_FACTS}}
    return replace(draft, capture=capture_of(row), values=values)


def _find_item(session: Session, draft: Draft, actor: Actor) -> None:
    """A result needs its plan item; whether it is not here or not the actor's looks alike."""
    if draft.values["item_id"] is None:
        return  # the rules say that it is required
    try:
        check_item_known(session, draft, actor)
    except UnknownPlanItem as error:
        raise Waits(draft.values["item_id"]) from error


_PARENTS: Mapping[str, Callable[[Session, Draft, Actor], None]] = {"plan_result": _find_item}


def _attached(kind: RecordKind, item: Item, draft: Draft) -> Attachment | None:
    """A document's file, which has the document's id; nothing else has bytes of its own."""
    if kind.model is not Document:
        item.without_attachments()
        return None
    if len(item.attachments) != 1 or item.attachments[0].role != "original":
        raise Malformed("attachments", "one original")
    [original] = item.attachments
    if original.id != item.id:
        raise Malformed("attachments", "the original has the document's id")
    told: Any = draft.values
    if (original.sha256, original.size_bytes) != (told["file_sha256"], told["file_bytes"]):
        raise Malformed("attachments", "the file that the document names")
    return original
