"""The form with which a file is attached."""

from __future__ import annotations

from typing import IO
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField

from app.documents.kinds import DOCUMENT
from app.documents.queries import Subject
from app.documents.sniff import EXTENSIONS
from app.documents.words import WORDS
from app.records.forms import form_for
from app.shared.thai import clean_file_name
from app.web.wording import wording

FILE_FACTS = ("file_name", "file_sha256", "file_bytes", "file_type")
SUBJECT_FACTS = ("subject_kind", "subject_id")
ACCEPT = ",".join([*EXTENSIONS, *(f".{ending}" for ending in dict.fromkeys(EXTENSIONS.values()))])
UNSEEN_FILE = {"file_name": None, "file_sha256": "0" * 64, "file_bytes": 1, "file_type": "?"}

DocumentForm = form_for(DOCUMENT, WORDS.labels, without=(*FILE_FACTS, *SUBJECT_FACTS))


class NewDocumentForm(DocumentForm):  # type: ignore[misc, valid-type]  # made by `form_for`
    """What a document is, and its file."""

    file = FileField(_l("File"))
    subject_kind = HiddenField()
    subject_id = HiddenField()
    subject: Subject | None = None  # what it is attached to, once that was looked up

    def asked_subject(self) -> tuple[str, UUID] | None:
        """The record it is to be attached to, as the form or the page's address says."""
        said = {name: self[name].data or request.args.get(name) for name in SUBJECT_FACTS}
        self.subject_kind.data, self.subject_id.data = said["subject_kind"], said["subject_id"]
        try:
            return str(said["subject_kind"]), UUID(said["subject_id"] or "")
        except ValueError:
            return None

    def rest(self) -> dict[str, object]:
        """Fields without a box, while the file has not been looked at."""
        subject = self.subject
        named = (subject.kind, subject.id) if subject else (None, None)
        return UNSEEN_FILE | dict(zip(SUBJECT_FACTS, named, strict=True))

    def chosen(self) -> tuple[IO[bytes], str | None] | None:
        """The file and its name; None where none was chosen, which is told under the box."""
        sent = self.file.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            self.file.errors = [wording("file_missing")]
            return None
        return sent.stream, clean_file_name(sent.filename)
