"""The form with which photos are added to a record."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, MultipleFileField

from app.photos.models import Photo
from app.photos.rules import PhotoDraft, Subject, check_caption
from app.shared.clock import now
from app.shared.ids import new_id
from app.shared.record import Capture
from app.web.forms import PageForm, TextBox, VersionBox

MOST_FILES = 20
ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif"


class AddPhotosForm(PageForm):
    """Some files for one record.  `batch` is made when the page is: sent twice, it is one."""

    subject_kind = HiddenField()
    subject_id = HiddenField()
    batch = HiddenField()
    photos = MultipleFileField(_l("Photos"))

    @classmethod
    def blank(cls, kind: str, subject_id: UUID) -> AddPhotosForm:
        """An empty form for one record, with a new batch."""
        form = cls(formdata=None)
        form.subject_kind.data = kind
        form.subject_id.data, form.batch.data = str(subject_id), str(new_id())
        return form

    def subject(self) -> tuple[str, UUID] | None:
        """Kind and id of the record, or None where they were tampered with."""
        found = _uuid(self.subject_id.data)
        return (str(self.subject_kind.data), found) if found else None

    def chosen(self) -> list[FileStorage]:
        """The files; a box left empty sends one without a name."""
        return [file for file in self.photos.data or [] if file and file.filename]

    def draft(self, place: int, file_name: str | None, sha256: str, subject: Subject) -> PhotoDraft:
        """The file in that place as a photo of `subject`, chosen now and taken elsewhere."""
        return PhotoDraft(
            id=self._photo_id(place, sha256),
            subject=subject,
            capture=Capture(at=now()),
            source="picker",
            file_name=file_name,
        )

    def _photo_id(self, place: int, sha256: str) -> UUID:
        """The id of the file in that place: the same for the same form sent again."""
        batch = _uuid(self.batch.data) or new_id()
        told_apart = hashlib.sha256(f"{batch} {place} {sha256}".encode()).digest()
        return _version_7(batch.bytes[:6] + told_apart[:10])  # six bytes of time sort it


def _version_7(raw: bytes) -> UUID:
    """`raw` with the version and variant bits that RFC 9562 asks for."""
    marked = bytearray(raw)
    marked[6] = marked[6] & 0x0F | 0x70
    marked[8] = marked[8] & 0x3F | 0x80
    return UUID(bytes=bytes(marked))


class CaptionForm(PageForm):
    """What a photo says in words."""

    version = VersionBox(id="caption-version")  # the page has another form with a version
    caption = TextBox(_l("Caption"))

    @classmethod
    def of(cls, photo: Photo) -> CaptionForm:
        """The form as its page shows it."""
        return cls(formdata=None, data={"version": photo.version, "caption": photo.caption})

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape first, then ask the same rules the sync API asks."""
        return super().validate(extra_validators) and self.refuse(check_caption(self.caption.data))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
