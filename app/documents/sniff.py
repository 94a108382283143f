"""What a document's file is, told from its bytes: its name and its sender's word play no part.

Taken are PDF, the pictures that phones and scanners make, and Word, Excel and PowerPoint files
without macros: what an office prints or signs, and what any office can open in ten years.  Not
taken at the desk are ZIP folders (nobody sees what is in them), the old .doc and .xls (they carry
macros, and no byte tells which) and programs; whoever has such a file saves it as PDF.
"""

from __future__ import annotations

import struct
from typing import IO

from app.shared.media import DOCX, HEAD_BYTES, PDF, PPTX, XLSX, media_type_of

EXTENSIONS = {
    PDF: "pdf",
    DOCX: "docx",
    XLSX: "xlsx",
    PPTX: "pptx",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "avif",
}
_PARTS = ((b"word/document.xml", DOCX), (b"xl/workbook.xml", XLSX), (b"ppt/presentation.xml", PPTX))
_MACROS = b"vbaproject.bin"
_END, _END_BYTES = b"PK\x05\x06", 22
_MOST_COMMENT = 65_535  # of a ZIP file, by its format
_MOST_LISTED = 1024 * 1024  # bytes of a ZIP's list of files; an office file's is some kilobytes


def document_type_of(file: IO[bytes]) -> str | None:
    """The type of a whole file, or None: not one we take.  Reads little; leaves it at its start."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    found = media_type_of(head) or (PDF if head.startswith(b"%PDF-") else None)
    if head.startswith(b"PK\x03\x04"):
        found = _office_type(_listed(file))
    file.seek(0)
    return found


def _office_type(listed: bytes) -> str | None:
    """Which program's file it is, by the parts that the ZIP's list names."""
    if b"[content_types].xml" not in listed or _MACROS in listed:
        return None
    return next((media_type for part, media_type in _PARTS if part in listed), None)


def _listed(file: IO[bytes]) -> bytes:
    """A ZIP file's own list of what it holds, in lower case; nothing where it has no sound one."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - _END_BYTES - _MOST_COMMENT))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        return b""
    length, offset = struct.unpack_from("<II", tail, at + 12)
    if length > _MOST_LISTED or offset + length > size:
        return b""
    file.seek(offset)
    return file.read(length).lower()
