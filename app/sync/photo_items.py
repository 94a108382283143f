"""Photos, as phones send them: the words here, the bytes by themselves, in whatever order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.activities.models import Activity
from app.centres.queries import centre_for
from app.followups.models import Followup
from app.photos.corrections import content_with
from app.photos.decode import PhotoJson, caption_from_json, photo_from_json
from app.photos.models import Photo, PhotoRevision
from app.photos.rules import Subject, check_caption, check_photo
from app.photos.service import (
    PhotoConflict,
    announce_photo,
    delete_photo,
    edit_caption,
    has_work,
)
from app.shared.errors import Malformed, NotFound
from app.sync.items import Item
from app.sync.late_words import is_late, visit_of
from app.sync.shapes import photo_shape
from app.sync.verdicts import Delivery, Done, ParentStruckOut, Present, StruckOut, Waits, refuse
from app.sync.versions import claimed, in_scope, present_of, reason_of, to_change, version_with
from app.uploads.attachment import Attachment
from app.visits.models import Visit
from app.visits.service import UnknownCentre

PROCESS = "app.photos.jobs.process"
_OWNER = PhotoRevision.photo_id


def create(session: Session, item: Item, by: Delivery) -> Done:
    """Announce one photo, however often it is sent; it waits for its record."""
    sent = claimed(item, photo_from_json(item.data), by)
    original, preview = _attached(item)
    stored = session.get(Photo, item.id) if item.id in by.seen.stored else None
    subject = _subject_of(stored, sent) if stored else _find_subject(session, sent, by)
    late = stored is None and _is_late(session, item, by)
    draft = sent.draft(subject)
    if late:  # whom its caption names nobody could look for any more
        draft = replace(draft, caption=None, file_name=None)
    if stored is None:
        refuse(check_photo(draft, now=by.now))
    photo, fresh = announce_photo(
        session,
        draft,
        sha256=original.sha256,
        size_bytes=original.size_bytes,
        media_type=original.media_type,
        recorder_id=by.actor.account_id,
        now=by.now,
        preview=preview,
    )
    rings = ((PROCESS, {"photo_id": str(photo.id)}),) if has_work(photo) else ()
    return Done(photo.version, fresh, rings, late=late)


def edit(session: Session, item: Item, by: Delivery) -> Done:
    """Correct a caption from the version the phone had (`base_version`)."""
    base = item.without_attachments().base()
    caption = caption_from_json(item.data)
    photo = to_change(session, Photo, item, by.actor)
    before = photo.version
    if done := version_with(session, photo, _OWNER, content_with(photo, caption), after=base):
        return Done(done, fresh=False)
    if photo.deleted_at:
        raise StruckOut
    if _is_late(session, item, by):
        caption = photo.caption
    refuse(check_caption(caption))
    try:
        edit_caption(session, item.id, caption, expected_version=base, actor=by.actor, now=by.now)
    except NotFound as error:  # it is in scope, so it is its record that is not there any more
        raise ParentStruckOut from error
    return Done(photo.version, fresh=photo.version > before)


def delete(session: Session, item: Item, by: Delivery) -> Done:
    """Strike a photo out; its bytes stay."""
    reason = reason_of(item.without_attachments())
    photo = to_change(session, Photo, item, by.actor)
    if photo.deleted_at:
        return Done(photo.version, fresh=False)
    base = photo.version if item.base_version is None else item.base_version
    try:
        delete_photo(
            session, item.id, expected_version=base, reason=reason, actor=by.actor, now=by.now
        )
    except NotFound as error:
        raise ParentStruckOut from error
    return Done(photo.version)


def present(session: Session, item: Item, actor: Actor) -> Present | None:
    """The present version, if the actor may see it."""
    photo = in_scope(session, Photo, item.id, actor)
    return present_of(session, photo, _OWNER, photo_shape(photo)) if photo else None


def _is_late(session: Session, item: Item, by: Delivery) -> bool:
    visit_id = visit_of(session, item)
    return visit_id is not None and is_late(session, item, visit_id, by)


def _attached(item: Item) -> tuple[Attachment, Attachment | None]:
    """The original, which has the photo's id, and the preview if there is one."""
    by_role = {attachment.role: attachment for attachment in item.attachments}
    original = by_role.get("original")
    if original is None or len(by_role) < len(item.attachments):
        raise Malformed("attachments", "one original, at most one preview")
    if original.id != item.id:
        raise Malformed("attachments", "the original has the photo's id")
    return original, by_role.get("preview")


def _subject_of(photo: Photo, sent: PhotoJson) -> Subject:
    """What the stored photo belongs to.  Raises PhotoConflict where something else is named."""
    if (photo.subject_kind, photo.subject_id) != (sent.subject_kind, sent.subject_id):
        raise PhotoConflict(id=str(photo.id))
    return Subject(photo.subject_kind, photo.subject_id, photo.centre_id)


def _find_subject(session: Session, sent: PhotoJson, by: Delivery) -> Subject:
    """The record the photo belongs to.

    Raises:
        Waits: it has not come, or lies outside the sender's area.
        ParentStruckOut: it, or the visit it is about, is struck out.
        UnknownCentre: the centre is not one of the sender's.
    """
    if sent.subject_kind == "centre":
        try:
            centre = centre_for(session, by.actor, sent.subject_id)
        except NotFound as error:
            raise UnknownCentre(centre_id=str(sent.subject_id)) from error
        return Subject("centre", centre.id, centre.id)
    table, day = _TABLES[sent.subject_kind]
    record: Any = in_scope(session, table, sent.subject_id, by.actor)
    if record is None:
        raise Waits(sent.subject_id)
    if record.deleted_at or _visit_is_gone(session, record):
        raise ParentStruckOut
    return Subject(sent.subject_kind, record.id, record.centre_id, getattr(record, day))


_TABLES: Mapping[str, tuple[type[Any], str]] = {  # with the column that says when it was
    "visit": (Visit, "visit_date"),
    "followup": (Followup, "followed_on"),
    "activity": (Activity, "held_on"),
}


def _visit_is_gone(session: Session, record: object) -> bool:
    if not isinstance(record, Followup):
        return False
    return session.get_one(Visit, record.visit_id).deleted_at is not None
