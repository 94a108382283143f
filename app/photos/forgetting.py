"""Photos forget the person of their visit: the name in a caption or a file's name is hidden.

A caption says what the picture proves and stays; whether the picture itself goes, because it shows
the person, the desk chooses when it forgets (`destruction.destroy_photos`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.audit.history import make_version, note_version, veil_contents
from app.centres.models import Centre
from app.devices.veiling import veil_proofs
from app.followups.models import Followup
from app.keeping.service import Cause, Held, check_not_held, note_destroyed
from app.photos.corrections import content_with
from app.photos.destruction import destroy_photos
from app.photos.models import Photo, PhotoRevision
from app.visits.forgetting import forget_in_version, traces_of
from app.visits.models import Visit

_OWNER = PhotoRevision.photo_id


def photos_about(session: Session, visit_id: UUID) -> Sequence[Photo]:
    """The photos of a visit and of its follow-ups, also those struck out."""
    checks = select(Followup.id).where(Followup.visit_id == visit_id)
    of_visit = and_(Photo.subject_kind == "visit", Photo.subject_id == visit_id)
    of_check = and_(Photo.subject_kind == "followup", Photo.subject_id.in_(checks))
    return session.scalars(select(Photo).where(or_(of_visit, of_check))).all()


def forget_in_photos(session: Session, visit_id: UUID, now: datetime) -> None:
    """Hide the visit's person in the words of its photos.  Twice is harmless."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        return
    traces = traces_of(visit)
    for photo in photos_about(session, visit_id):
        versions = select(PhotoRevision).where(PhotoRevision.photo_id == photo.id)
        for revision in session.scalars(versions):
            forget_in_version(revision, traces, ())
        caption = traces.hide(photo.caption)
        # A digest or a signature over words that named the person is one to try guesses against.
        if traces.clean(photo, ("file_name", "deleted_reason")) or caption != photo.caption:
            veil_contents(session, photo, _OWNER)
            veil_proofs(session, "photo", [photo.id])
        _forget_caption(session, photo, caption, now)
    session.flush()


def destroy_photos_of(
    session: Session, visit_id: UUID, *, cause: Cause, now: datetime, actor_id: UUID | None
) -> int:
    """Destroy the photos of a visit and of its follow-ups, which show its person; returns how many.

    Their files go with the next sweep (`upkeep.scrub_jobs`).  Twice is harmless.

    Raises:
        UnderLegalHold: one of them must stay; then all do.
    """
    photos = [photo for photo in photos_about(session, visit_id) if photo.destroyed_at is None]
    for photo in photos:
        code = session.scalar(select(Centre.subdistrict_code).where(Centre.id == photo.centre_id))
        if cause != "restored":
            check_not_held(session, Held("photo", photo.id, code or "", photo.day))
    if photos:
        destroy_photos(session, [photo.id for photo in photos], now=now)
        note_destroyed(
            session, keeping="photo", cause=cause, kind="photo", now=now, by=actor_id,
            object_ids=[photo.id for photo in photos],
        )  # fmt: skip
    return len(photos)


def _forget_caption(session: Session, photo: Photo, caption: Any, now: datetime) -> None:
    if caption == photo.caption:
        return
    session.flush()
    values = {"caption": caption, "content_sha256": content_with(photo, caption)}
    make_version(session, photo, values, photo.version)
    note_version(
        session, photo, _OWNER, "forgotten", actor_id=None, now=now, changes={"caption": None}
    )
