"""Small files of every kind a desk may choose, as their programs write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PROGRAM = b"MZ" + bytes(600)


def office_file(part: str, *, extra: Mapping[str, bytes] | None = None) -> bytes:
    """A file of Word, Excel or PowerPoint, told by its main part."""
    return zip_file({"[Content_Types].xml": b"<Types/>", part: b"<x/>", **(extra or {})})


def zip_file(parts: Mapping[str, bytes]) -> bytes:
    """A ZIP folder with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, data in parts.items():
            folder.writestr(name, data)
    return buffer.getvalue()


WORD = office_file("word/document.xml")
EXCEL = office_file("xl/workbook.xml")
