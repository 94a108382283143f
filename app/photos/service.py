"""Photos are received: the bytes first, durably, then the row that says they are there.

A form brings both at once.  A phone announces a photo and its bytes come by themselves
(`announced.py`); how words are corrected and photos struck out stands in `corrections.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.service import record
from app.photos.announced import announce_photo, arrived, has_work
from app.photos.corrections import delete_photo, edit_caption
from app.photos.models import Photo
from app.photos.recording import File, PhotoConflict, record_once
from app.photos.rules import PhotoDraft
from app.photos.store import ORIGINALS, PREVIEWS, RENDITIONS
from app.shared.files import FileStore, Readable, Stored, signed_32
from app.shared.media import HEAD_BYTES, OTHER, media_type_of

__all__ = [
    "ORIGINALS",
    "PREVIEWS",
    "RENDITIONS",
    "Original",
    "PhotoConflict",
    "announce_photo",
    "arrived",
    "delete_photo",
    "edit_caption",
    "has_work",
    "keep_original",
    "receive_photo",
]


@dataclass(frozen=True, slots=True)
class Original:
    """Bytes that lie safely on disk, and the picture type they are, or `media.OTHER`."""

    stored: Stored
    media_type: str

    @property
    def is_picture(self) -> bool:
        """Whether they look like one; whether it can be opened the worker finds out."""
        return self.media_type != OTHER


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

    What is no picture we know is kept too, aside: the worker will find it unreadable, and say so.
    Harmless twice: the same bytes have the same place.

    Raises:
        FileTooLarge, FileEmpty: no byte is kept.
        OSError: the disk refused.
    """
    head = stream.read(HEAD_BYTES)
    stored = files.put_stream(ORIGINALS, _Peeked(head, stream), max_bytes=max_bytes)
    return Original(stored, media_type_of(head) or OTHER)


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
    stored = original.stored
    crc32 = signed_32(stored.crc32)
    file = File(stored.sha256, stored.size_bytes, original.media_type, crc32)
    photo, created = record_once(
        session, draft, file, state="received", recorder_id=recorder_id, now=now
    )
    if created:
        record(
            session, actor_id=recorder_id, action="photo.received", kind="photo",
            object_id=photo.id, now=now, facts={"sha256": photo.original_sha256},
        )  # fmt: skip
    elif not _is_same(photo, draft, original):
        raise PhotoConflict(id=str(draft.id))
    return photo, created


def _is_same(photo: Photo, draft: PhotoDraft, original: Original) -> bool:
    return (photo.original_sha256, photo.subject_kind, photo.subject_id) == (
        original.stored.sha256, draft.subject.kind, draft.subject.id,
    )  # fmt: skip
