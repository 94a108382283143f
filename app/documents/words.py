"""What a document, its fields and its files are called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.documents.models import Document
from app.documents.sniff import EXTENSIONS
from app.records.words import register_words
from app.shared.media import DOCX, PDF, PPTX, XLSX

WORDS = register_words(
    "document",
    title=_l("Document"),
    many=_l("Documents"),
    new=_l("New document"),
    labels={
        "kind": _l("What kind of document"),
        "title": _l("What it is"),
        "dated_on": _l("Date of the document"),
        "note": _l("Note"),
        "subject_kind": _l("Belongs to"),
        "subject_id": _l("Belongs to"),
        "file_name": _l("File name"),
        "file_sha256": _l("File (SHA-256)"),
        "file_bytes": _l("File size"),
        "file_type": _l("File type"),
    },
)
_TYPES = {PDF: "PDF", DOCX: "Word", XLSX: "Excel", PPTX: "PowerPoint"}
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_LONGEST_ENDING = 5  # code points, as of .jpeg
_LONGEST_NAME = 80  # code points before the ending; disks count 255 bytes, Thai takes three each


def type_words(media_type: str) -> str:
    """What a file is, for people."""
    if media_type.startswith("image/"):
        return _("Picture (%(kind)s)", kind=media_type.removeprefix("image/").upper())
    return _TYPES.get(media_type, _("Another kind of file"))


def saved_name(document: Document, media_type: str) -> str:
    """The name a file is saved under: its own, with the ending of what it really is."""
    stem, dot, last = (document.file_name or "").rpartition(".")
    own = stem if dot and len(last) <= _LONGEST_ENDING else f"{stem}{dot}{last}"
    ending = EXTENSIONS.get(media_type, "bin")
    return f"{_harmless(own) or _harmless(document.title) or document.id}.{ending}"


def _harmless(name: str) -> str:
    """The name without signs that a disk would take for something else."""
    plain = "".join("_" if sign in _NOT_IN_NAMES else sign for sign in name)
    return plain.strip(" .")[:_LONGEST_NAME]
