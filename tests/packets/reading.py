"""Reading a packet back, in tests: unpacked, by entry, and the text of a PDF."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdfium2


def unpack(packet: Path, folder: Path) -> Path:
    """Unpack a packet; returns its top folder."""
    with zipfile.ZipFile(packet) as archive:
        archive.extractall(folder)  # our own file
        return folder / archive.namelist()[0].split("/")[0]


def read_entry(packet: Path, name: str) -> bytes:
    """One file of a packet, named below its top folder."""
    with zipfile.ZipFile(packet) as archive:
        return archive.read(f"{archive.namelist()[0].split('/')[0]}/{name}")


def pdf_text(data: bytes) -> str:
    """All text of a PDF, as a reader would copy it, without line breaks and hard spaces."""
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append(text.get_text_bounded())
            text.close()
            page.close()
        return " ".join(pages).replace("\r", "").replace("\n", "").replace("\u00a0", " ")
    finally:
        document.close()
