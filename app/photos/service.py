"""Photos are received: the bytes first, durably, then the row that says they are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.service import record
from app.photos.models import Photo
from app.photos.rules import PhotoDraft, clean_file_name
from app.photos.sniff import HEAD_BYTES, media_type_of
from app.rounds.programme import load_programme
from app.shared.clock import bangkok_day
from app.shared.errors import DomainError
from app.shared.files import FileStore, Readable, Stored
from app.shared.record import content_sha256, insert_once

ORIGINALS = "originals"
RENDITIONS = "renditions"


class NotAPicture(DomainError):
    """The bytes are no JPEG, PNG, WebP, HEIC or AVIF, whatever the file is called."""

    code = "not_an_image"


class PhotoConflict(DomainError):
    """The id is stored with other bytes, or for another record."""

    code = "photo_conflict"


@dataclass(frozen=True, slots=True)
class Original:
    """Bytes that lie safely on disk, and the picture type they are."""

    stored: Stored
    media_type: str


class _Peeked:
    """A stream whose first bytes were looked at already."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        """The head first, then the rest."""
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._rest.read(size)


def keep_original(files: FileStore, stream: Readable, *, max_bytes: int) -> Original:
    """Put the bytes on disk, durably.  Call before the unit of work: it may take a while.

    Harmless twice: the same bytes have the same place.

    Raises:
        NotAPicture: no byte is kept.
        FileTooLarge, FileEmpty: no byte is kept.
        OSError: the disk refused.
    """
    head = stream.read(HEAD_BYTES)
    media_type = media_type_of(head)
    if head and media_type is None:
        raise NotAPicture
    stored = files.put_stream(ORIGINALS, _Peeked(head, stream), max_bytes=max_bytes)
    return Original(stored, media_type or "")


def receive_photo(
    session: Session, original: Original, draft: PhotoDraft, *, recorder_id: UUID, now: datetime
) -> tuple[Photo, bool]:
    """Record a photo exactly once, however many times it is sent.

    Returns the photo, and whether this call created it.  `draft` must have passed
    `rules.check_photo`, and its subject the reader's scope.  Flushes; the caller commits, then
    rings for `app.photos.jobs.process`.

    Raises:
        PhotoConflict: the id is stored with other bytes or for another record.
    """
    facts = draft.facts(original.stored.sha256)
    created = insert_once(
        session,
        Photo,
        facts
        | draft.capture.columns()
        | _columns(draft, original, now)
        | {"content_sha256": content_sha256("photo", facts), "recorder_id": recorder_id},
    )
    photo = session.get_one(Photo, draft.id, populate_existing=True)
    if created:
        record(
            session, actor_id=recorder_id, action="photo.received", kind="photo",
            object_id=photo.id, now=now, facts={"sha256": photo.original_sha256},
        )  # fmt: skip
    elif not _is_same(photo, draft, original):
        raise PhotoConflict(id=str(draft.id))
    return photo, created


def _columns(draft: PhotoDraft, original: Original, now: datetime) -> dict[str, object]:
    stored = original.stored
    return {
        "day": draft.subject.day or bangkok_day(draft.capture.at),
        "caption": draft.caption,
        "file_name": clean_file_name(draft.file_name),
        "size_bytes": stored.size_bytes,
        "crc32": stored.crc32 - (1 << 32) if stored.crc32 >> 31 else stored.crc32,
        "media_type": original.media_type,
        "received_at": now,
        "state": "received",
        "state_since": now,
        "programme_version": load_programme().name,
    }


def _is_same(photo: Photo, draft: PhotoDraft, original: Original) -> bool:
    return (photo.original_sha256, photo.subject_kind, photo.subject_id) == (
        original.stored.sha256, draft.subject.kind, draft.subject.id,
    )  # fmt: skip
