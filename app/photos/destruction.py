"""Photos are destroyed: what was seen goes for good; that there was a photo stays, and counts.

Rows first, files after the commit.  A file that stays behind (the process died between the two)
is found again from the rows: they keep the fingerprints.  Bytes that another photo, a document or
an upload still needs stay for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.keeping.service import note_erased
from app.photos.models import Photo, PhotoRendition, PhotoRevision
from app.photos.store import ORIGINALS, PREVIEWS, RENDITIONS
from app.prints import index
from app.shared.digests import digests_needed
from app.shared.files import FileStore, content_key
from app.shared.forgetting import forget_elsewhere
from app.uploads.models import Upload

# What the picture said, and what might show or name somebody.  Band, distance and subdistrict are
# the outcome of the check and stay; so do fingerprints, by which a packet's photo is recognised.
_BLANK: dict[str, object] = {
    "caption": None, "file_name": None, "camera": None, "direction_deg": None,
    "exif_lat": None, "exif_lon": None, "exif_accuracy_m": None,
    "lat": None, "lon": None, "accuracy_m": None, "fix_age_s": None, "position_source": "none",
    "placeholder": None, "measures": None, "view_sha256": None, "thumb_sha256": None,
    "stamped_sha256": None, "lease_until": None, "preview_held_at": None,
}  # fmt: skip


def destroy_photos(session: Session, photo_ids: Collection[UUID], *, now: datetime) -> list[str]:
    """Destroy these photos; returns the files to remove once this is committed (`remove_files`).

    Fingerprints in the index go, copies for the public are withdrawn, what may show or name a
    person is blanked; row, day, code, digests, findings and the phone's signature stay.  Whether
    a hold forbids it, and the entry in the destruction log, are the caller's.  Flushes.  Harmless
    twice: a destroyed photo's files are named again.
    """
    photos = session.scalars(
        select(Photo)
        .where(Photo.id.in_(photo_ids))
        .order_by(Photo.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for photo in photos:
        if photo.destroyed_at is None:
            _destroy(session, photo, now)
    session.flush()
    return files_of(session, photos)


def files_of(session: Session, photos: Sequence[Photo]) -> list[str]:
    """The keys of destroyed photos' files that nothing else needs."""
    wanted = _named(session, photos)
    needed = digests_needed(session, {digest for _, digest in wanted})
    return [content_key(prefix, digest) for prefix, digest in wanted if digest not in needed]


def destroyed_since(session: Session, since: datetime) -> Sequence[Photo]:
    """Photos destroyed since then, whose files may have stayed behind."""
    return session.scalars(select(Photo).where(Photo.destroyed_at >= since)).all()


def remove_files(files: FileStore, keys: Iterable[str], *, untouched_since: datetime) -> int:
    """Remove files after the commit; no transaction is open.  Returns how many still lie there.

    Bytes that came again since `untouched_since` (the edge's instant, taken before its unit of
    work) stay: their new row may not be committed yet.  The nightly run looks again.  Harmless
    twice.

    Raises:
        OSError: the disk refused.
    """
    left = 0
    for key in keys:
        files.discard(key, untouched_since=untouched_since)
        left += files.exists(key)
    return left


def digests_in_use(session: Session, digests: Collection[str]) -> set[str]:
    """Those of `digests` that a photo which is not destroyed has: its own bytes or what was made
    of it, struck out or not; or that an upload holds for a photo to come."""
    found: set[str] = set()
    for column in (Photo.original_sha256, Photo.preview_sha256):
        mine = select(column).where(column.in_(digests), Photo.destroyed_at.is_(None))
        found |= {digest for digest in session.scalars(mine) if digest}
    made = select(PhotoRendition.sha256).join(Photo, Photo.id == PhotoRendition.photo_id)
    standing = made.where(PhotoRendition.sha256.in_(digests), Photo.destroyed_at.is_(None))
    held = select(Upload.sha256).where(Upload.state == "held", Upload.sha256.in_(digests))
    return found | set(session.scalars(standing)) | set(session.scalars(held))


def _destroy(session: Session, photo: Photo, now: datetime) -> None:
    shown = {photo.view_sha256, photo.thumb_sha256, photo.stamped_sha256} - {None}
    photo.destroyed_at = now
    for name, value in _BLANK.items():
        setattr(photo, name, value)
    session.flush()
    _keep_named(session, photo, shown, now)
    session.execute(
        update(PhotoRendition)
        .where(PhotoRendition.photo_id == photo.id, PhotoRendition.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    session.execute(delete(Upload).where(Upload.attachment_id == photo.id, Upload.state == "held"))
    for revision in session.scalars(
        select(PhotoRevision).where(PhotoRevision.photo_id == photo.id)
    ):
        if revision.changes.get("caption"):
            revision.changes = revision.changes | {"caption": None}
    index.forget(session, photo.id)
    note_erased(session, "photo", photo.id, now=now)
    forget_elsewhere(session, "photo", photo.id)


def _keep_named(session: Session, photo: Photo, shown: set[str | None], now: datetime) -> None:
    """Photos of before renditions were remembered name theirs in their own row only."""
    known = set(
        session.scalars(select(PhotoRendition.sha256).where(PhotoRendition.photo_id == photo.id))
    )
    for digest in shown - known:
        session.add(
            PhotoRendition(
                sha256=digest, photo_id=photo.id, kind="view", recipe=photo.recipe or 1, made_at=now
            )
        )
    session.flush()


def _named(session: Session, photos: Sequence[Photo]) -> list[tuple[str, str]]:
    """Prefix and digest of every file of these photos, each once, in order."""
    found = {(ORIGINALS, photo.original_sha256) for photo in photos}
    found |= {(PREVIEWS, photo.preview_sha256) for photo in photos if photo.preview_sha256}
    made = select(PhotoRendition.sha256).where(
        PhotoRendition.photo_id.in_([photo.id for photo in photos])
    )
    found |= {(RENDITIONS, digest) for digest in session.scalars(made)}
    return sorted(found)
