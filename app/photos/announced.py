"""Photos whose bytes come by themselves: announced by a record, brought by an upload.

Either may be first.  Whoever comes second puts the two together, and a lock on the id sees to
it that one of them is second.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.history import was_ever
from app.audit.service import record
from app.photos.claims import MOST_ATTEMPTS
from app.photos.models import Photo, PhotoRevision
from app.photos.recording import File, PhotoConflict, content_of, record_once
from app.photos.rules import PhotoDraft
from app.shared.media import MEDIA_TYPES, OTHER
from app.shared.record import take_turn
from app.uploads.attachment import Attachment
from app.uploads.models import Upload
from app.uploads.queries import held_upload


def announce_photo(
    session: Session,
    draft: PhotoDraft,
    *,
    sha256: str,
    size_bytes: int,
    media_type: str,
    recorder_id: UUID,
    now: datetime,
    preview: Attachment | None = None,
) -> tuple[Photo, bool]:
    """Record a photo exactly once, whether its bytes have come already or not.

    Returns the photo, and whether this call created it.  It is awaited, or received if this
    account's upload of these bytes is held; `has_work` says whether to ring for
    `app.photos.jobs.process`.  `draft` must have passed `rules.check_photo`, and its subject the
    reader's scope.  Flushes; the caller commits.  Sent again it is known, in whatever state it is
    now; a later correction or striking out is not undone.

    Raises:
        PhotoConflict: the id is stored with other bytes, record or circumstances.
    """
    take_turn(session, draft.id)
    file = File(sha256, size_bytes, media_type if media_type in MEDIA_TYPES else OTHER)
    photo, created = record_once(
        session, draft, file, state="awaited", recorder_id=recorder_id, now=now
    )
    if not created and not was_ever(
        session, photo, PhotoRevision.photo_id, content_of(draft, sha256)
    ):
        raise PhotoConflict(id=str(draft.id))
    if photo.state == "awaited" and photo.destroyed_at is None:
        _look_for_bytes(session, photo, preview, now)
    return photo, created


def arrived(session: Session, upload: Upload, *, now: datetime) -> Photo | None:
    """Give bytes that are held now to the photo that waits for them, announced by the same account.

    Returns the photo if there is work to ring for.  None: nothing waits for these bytes (any
    more, or not yet: then the announcement finds them).  Flushes.  Harmless twice.
    """
    take_turn(session, upload.attachment_id)
    if upload.role == "preview":
        return _preview_arrived(session, upload, now)
    photo = session.get(Photo, upload.attachment_id, with_for_update=True, populate_existing=True)
    if photo is None or not _waits_for(photo, upload):
        return None
    _take_original(session, photo, upload, now)
    return photo


def has_work(photo: Photo) -> bool:
    """Whether a worker can make something of the photo: ring for it after the commit."""
    if photo.state != "awaited" or photo.destroyed_at is not None:
        return photo.state == "received" and photo.destroyed_at is None
    preview_waits = photo.preview_held_at is not None and photo.view_sha256 is None
    return preview_waits and photo.attempts < MOST_ATTEMPTS


def _look_for_bytes(
    session: Session, photo: Photo, preview: Attachment | None, now: datetime
) -> None:
    original = held_upload(session, photo.recorder_id, photo.id, photo.original_sha256)
    if original is not None:
        _take_original(session, photo, original, now)
    elif preview is not None and photo.preview_held_at is None:
        take_turn(session, preview.id)
        photo.preview_sha256 = preview.sha256
        if held_upload(session, photo.recorder_id, preview.id, preview.sha256):
            photo.preview_held_at = now
        session.flush()


def _waits_for(photo: Photo, upload: Upload) -> bool:
    return (
        photo.state == "awaited"
        and photo.destroyed_at is None
        and photo.original_sha256 == upload.sha256
        and photo.recorder_id == upload.account_id
    )


def _take_original(session: Session, photo: Photo, upload: Upload, now: datetime) -> None:
    """The photo is received: whatever was made of its preview is shown until it is processed."""
    photo.state, photo.state_since = "received", now
    photo.attempts, photo.lease_until, photo.last_error_code = 0, None, None
    photo.media_type, photo.crc32 = upload.media_type or photo.media_type, upload.crc32
    photo.size_bytes = upload.size_bytes
    record(
        session, actor_id=upload.account_id, action="photo.received", kind="photo",
        object_id=photo.id, now=now, facts={"sha256": photo.original_sha256},
    )  # fmt: skip
    session.flush()


def _preview_arrived(session: Session, upload: Upload, now: datetime) -> Photo | None:
    """A preview's attachment has an id of its own: its photo is found by the bytes announced."""
    waiting = session.scalars(
        select(Photo)
        .where(
            Photo.state == "awaited",
            Photo.destroyed_at.is_(None),
            Photo.preview_sha256 == upload.sha256,
            Photo.preview_held_at.is_(None),
            Photo.recorder_id == upload.account_id,
        )
        .with_for_update()
    ).all()
    for photo in waiting:
        photo.preview_held_at = now
    session.flush()
    return waiting[0] if waiting else None
