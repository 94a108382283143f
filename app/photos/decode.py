"""The JSON door for photos: what the sync API says of one, read strictly.

Whether the record it belongs to exists, and for whom, only the database knows: the caller finds
it (`queries.subject_for`) and then asks for the draft.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.photos.models import SUBJECT_KINDS, PhotoSource, SubjectKind
from app.photos.rules import PhotoDraft, Subject
from app.shared.decode import CAPTURE_FIELDS, JsonRecord
from app.shared.errors import Malformed
from app.shared.record import Capture

SENT_SOURCES: tuple[PhotoSource, ...] = ("camera", "picker")
_FIELDS = CAPTURE_FIELDS | {"id", "subject_kind", "subject_id", "caption", "source", "file_name"}


@dataclass(frozen=True, slots=True)
class PhotoJson:
    """One photo as sent, before its record is found."""

    id: UUID
    subject_kind: SubjectKind
    subject_id: UUID
    capture: Capture
    source: PhotoSource
    file_name: str | None
    caption: str | None
    programme_version: str

    def draft(self, subject: Subject) -> PhotoDraft:
        """The photo as one of `subject`, which must be the record that was named."""
        return PhotoDraft(
            id=self.id,
            subject=subject,
            capture=self.capture,
            source=self.source,
            file_name=self.file_name,
            caption=self.caption,
            programme_version=self.programme_version,
        )


def photo_from_json(item: object) -> PhotoJson:
    """Read the data of one photo of the sync API.  Raises Malformed(field, expected)."""
    read = JsonRecord(item, _FIELDS)
    kind, source = read.word("subject_kind"), read.word("source")
    if kind not in SUBJECT_KINDS:
        raise Malformed("subject_kind", " or ".join(SUBJECT_KINDS))
    if source not in SENT_SOURCES:
        raise Malformed("source", " or ".join(SENT_SOURCES))
    return PhotoJson(
        id=read.id("id"),
        subject_kind=kind,
        subject_id=read.id("subject_id"),
        capture=read.capture(),
        source=source,
        file_name=read.text("file_name"),
        caption=read.text("caption"),
        programme_version=read.programme_version(),
    )


def caption_from_json(item: object) -> str | None:
    """Read the data of a photo's correction: its new caption, None to take it away."""
    return JsonRecord(item, {"caption"}).text("caption")
