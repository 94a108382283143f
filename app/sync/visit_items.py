"""Entries of the visitor book, as phones send them."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.shared.record import capture_of
from app.subjects.receipts import digest_of, keep_receipt
from app.sync.items import Item
from app.sync.late_words import is_late, without_words
from app.sync.shapes import visit_shape
from app.sync.verdicts import Delivery, Done, Present, StruckOut, refuse
from app.sync.versions import (
    claimed,
    in_scope,
    present_of,
    reason_of,
    to_change,
    told_again,
    version_with,
)
from app.visits.draft import visit_from_json
from app.visits.models import Visit, VisitRevision
from app.visits.rules import check_visit
from app.visits.service import VisitConflict, delete_visit, edit_visit, record_visit

_OWNER = VisitRevision.visit_id


def create(session: Session, item: Item, by: Delivery) -> Done:
    """Write one entry, however often it is sent."""
    draft = claimed(item.without_attachments(), visit_from_json(item.data), by)
    if item.id in by.seen.stored and (stored := session.get(Visit, item.id)):
        _keep_receipt(session, stored, item, by)
        return told_again(session, stored, _OWNER, draft.content_sha256, VisitConflict)
    refuse(check_visit(draft, now=by.now, programme=by.programme))
    visit, fresh = record_visit(session, draft, actor=by.actor, now=by.now, programme=by.programme)
    _keep_receipt(session, visit, item, by)
    return Done(visit.version, fresh)


def edit(session: Session, item: Item, by: Delivery) -> Done:
    """Make the next version of an entry from the one the phone had (`base_version`)."""
    base = item.base()
    draft = claimed(item.without_attachments(), visit_from_json(item.data), by)
    visit = to_change(session, Visit, item, by.actor)
    draft = replace(draft, capture=capture_of(visit))  # a correction keeps the circumstances
    before = visit.version
    if done := version_with(session, visit, _OWNER, draft.content_sha256, after=base):
        return Done(done, fresh=False)
    if visit.deleted_at:
        raise StruckOut
    if late := is_late(session, item, visit.id, by):
        draft = without_words(draft)
    refuse(check_visit(draft, now=by.now, programme=by.programme))
    edit_visit(
        session, draft, expected_version=base, actor=by.actor, now=by.now, programme=by.programme
    )
    if not late:  # a code of before the forgetting opens nothing any more
        _keep_receipt(session, visit, item, by)
    return Done(visit.version, fresh=visit.version > before, late=late)


def delete(session: Session, item: Item, by: Delivery) -> Done:
    """Strike an entry out."""
    reason = reason_of(item.without_attachments())
    visit = to_change(session, Visit, item, by.actor)
    if visit.deleted_at:
        return Done(visit.version, fresh=False)
    base = visit.version if item.base_version is None else item.base_version
    delete_visit(session, item.id, expected_version=base, reason=reason, actor=by.actor, now=by.now)
    return Done(visit.version)


def _keep_receipt(session: Session, visit: Visit, item: Item, by: Delivery) -> None:
    """Take the code that the phone gave its visitor; one that cannot be taken costs no record."""
    if digest := code_digest(item, by):
        keep_receipt(session, visit, digest, now=by.now)


def code_digest(item: Item, by: Delivery) -> str | None:
    """What is kept of the code that came with the item, if one did."""
    if item.receipt_code:
        return digest_of(by.seed, item.receipt_code)
    return item.receipt_sha256


def present(session: Session, item: Item, actor: Actor) -> Present | None:
    """The present version, if the actor may see it."""
    visit = in_scope(session, Visit, item.id, actor)
    return present_of(session, visit, _OWNER, visit_shape(visit)) if visit else None
