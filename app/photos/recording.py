"""A photo's row is written, once per id, and its first version with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit import history
from app.photos.models import Photo, PhotoRevision, PhotoState
from app.photos.rules import PhotoDraft
from app.rounds.programme import load_programme
from app.shared.clock import bangkok_day
from app.shared.errors import DomainError
from app.shared.record import content_sha256, insert_once
from app.shared.thai import clean_file_name


class PhotoConflict(DomainError):
    """The id is stored with other bytes, for another record, or with other circumstances."""

    code = "photo_conflict"


@dataclass(frozen=True, slots=True)
class File:
    """The original's bytes, as found on disk or as announced."""

    sha256: str
    size_bytes: int
    media_type: str
    crc32: int | None = None  # signed 32 bits, once the bytes are here


def content_of(draft: PhotoDraft, original_sha256: str) -> str:
    """The hash that names this photo's content: same again, same hash."""
    return content_sha256("photo", draft.facts(original_sha256))


def record_once(
    session: Session,
    draft: PhotoDraft,
    file: File,
    *,
    state: PhotoState,
    recorder_id: UUID,
    now: datetime,
) -> tuple[Photo, bool]:
    """Insert the photo unless its id is taken.

    Returns the photo that has the id now, and whether this call created it; whether it is the
    same photo, the caller judges.  Flushes.  Safe under concurrent retries.
    """
    values = (
        draft.facts(file.sha256)
        | draft.capture.columns()
        | _columns(draft, file, now)
        | {"content_sha256": content_of(draft, file.sha256)}
        | {"state": state, "recorder_id": recorder_id}
    )
    created = insert_once(session, Photo, values)
    photo = session.get_one(Photo, draft.id, populate_existing=True)
    if created:
        history.note_version(
            session, photo, PhotoRevision.photo_id, "recorded", actor_id=recorder_id, now=now
        )
    return photo, created


def _columns(draft: PhotoDraft, file: File, now: datetime) -> dict[str, object]:
    return {
        "day": draft.subject.day or bangkok_day(draft.capture.at),
        "file_name": clean_file_name(draft.file_name),
        "size_bytes": file.size_bytes,
        "crc32": file.crc32,
        "media_type": file.media_type,
        "received_at": now,
        "state_since": now,
        "programme_version": draft.programme_version or load_programme().name,
    }
