"""Follow-ups, as phones send them: sometimes before the visit they are about."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import StaleVersion
from app.followups.draft import FollowupDraft, followup_from_json
from app.followups.models import Followup, FollowupRevision
from app.followups.rules import VisitFacts, check_followup
from app.followups.service import (
    FollowupConflict,
    delete_followup,
    edit_followup,
    record_followup,
)
from app.shared.record import capture_of
from app.sync.items import Item
from app.sync.late_words import is_late, without_remarks
from app.sync.shapes import followup_shape
from app.sync.verdicts import Delivery, Done, ParentStruckOut, Present, StruckOut, Waits, refuse
from app.sync.versions import (
    claimed,
    in_scope,
    present_of,
    reason_of,
    to_change,
    told_again,
    version_with,
)
from app.visits.models import Visit

_OWNER = FollowupRevision.followup_id


def create(session: Session, item: Item, by: Delivery) -> Done:
    """Write one check down, however often it is sent; it waits for its visit."""
    draft = claimed(item.without_attachments(), followup_from_json(item.data), by)
    if item.id in by.seen.stored and (stored := session.get(Followup, item.id)):
        return told_again(session, stored, _OWNER, draft.content_sha256, FollowupConflict)
    if late := is_late(session, item, draft.visit_id, by):
        draft = without_remarks(draft)
    _judge(session, draft, by)
    followup, fresh = record_followup(
        session, draft, actor=by.actor, now=by.now, programme=by.programme
    )
    return Done(followup.version, fresh, late=late)


def edit(session: Session, item: Item, by: Delivery) -> Done:
    """Make the next version of a check from the one the phone had (`base_version`)."""
    base = item.base()
    draft = claimed(item.without_attachments(), followup_from_json(item.data), by)
    followup = to_change(session, Followup, item, by.actor)
    draft = replace(draft, capture=capture_of(followup))
    before = followup.version
    if done := version_with(session, followup, _OWNER, draft.content_sha256, after=base):
        return Done(done, fresh=False)
    if followup.deleted_at:
        raise StruckOut
    if late := is_late(session, item, followup.visit_id, by):
        draft = without_remarks(draft)
    _judge(session, draft, by)
    edit_followup(
        session, draft, expected_version=base, actor=by.actor, now=by.now, programme=by.programme
    )
    return Done(followup.version, fresh=followup.version > before, late=late)


def delete(session: Session, item: Item, by: Delivery) -> Done:
    """Strike a check out; its visit is due again."""
    reason = reason_of(item.without_attachments())
    followup = to_change(session, Followup, item, by.actor)
    if followup.deleted_at:
        return Done(followup.version, fresh=False)
    if item.base_version not in (None, followup.version):
        raise StaleVersion(version=followup.version)
    delete_followup(
        session, item.id, reason=reason, actor=by.actor, now=by.now, programme=by.programme
    )
    return Done(followup.version)


def present(session: Session, item: Item, actor: Actor) -> Present | None:
    """The present version, if the actor may see it."""
    followup = in_scope(session, Followup, item.id, actor)
    return present_of(session, followup, _OWNER, followup_shape(followup)) if followup else None


def _judge(session: Session, draft: FollowupDraft, by: Delivery) -> None:
    """Raises Waits, ParentStruckOut, Invalid."""
    visit = in_scope(session, Visit, draft.visit_id, by.actor)
    if visit is None:
        raise Waits(draft.visit_id)
    if visit.deleted_at:
        raise ParentStruckOut
    refuse(check_followup(draft, visit=VisitFacts.of(visit), now=by.now, programme=by.programme))
