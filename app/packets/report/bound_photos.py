"""The real photos, put where their placeholders stand; a JPEG's bytes go through as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from app.packets.parts import CheckedFile, PartMade
from app.packets.report.pdf_file import PdfFile
from app.packets.report.pdf_objects import entries
from app.packets.report.placeholders import marked

CHUNK = 1 << 20
_JPEG = b"\xff\xd8\xff"


class Photos:
    """The photos of a packet by digest, and where their files lie."""

    def __init__(self, made: Iterable[PartMade], path_of: Callable[[CheckedFile], Path]) -> None:
        """Know every rendition that the parts found whole."""
        self._files = {
            file.sha256: file for part in made for file in part.files if file.kind == "view"
        }
        self._path_of = path_of

    def write(self, file: PdfFile, number: int, head: bytes, placeholder: memoryview) -> bool:
        """Write the photo that a placeholder stands for; False: it is none, or the photo is gone.

        The part named what is missing before; a file lost since then costs no more than its frame.
        """
        digest = marked(placeholder)
        photo = self._files.get(digest) if digest else None
        if photo is None:
            return False
        try:
            source = self._path_of(photo).open("rb", buffering=0)
        except OSError:
            return False
        with source:
            first = source.read(CHUNK)
            if not first.startswith(_JPEG) or source.seek(0, 2) != photo.size_bytes:
                return False
            source.seek(len(first))
            file.write_stream(number, _head(head, photo), _chunks(first, source, photo.size_bytes))
        return True


def _head(head: bytes, photo: CheckedFile) -> bytes:
    space = entries(head)["ColorSpace"]
    return (
        b"<</Length %d/Type/XObject/Subtype/Image/Filter/DCTDecode/Width %d/Height %d"
        b"/ColorSpace %b/BitsPerComponent 8>>"
        % (photo.size_bytes, photo.width, photo.height, space)
    )


def _chunks(first: bytes, source: IO[bytes], size: int) -> Iterator[bytes]:
    """Exactly `size` bytes, whatever becomes of the file meanwhile: the length is written."""
    yield first
    left = size - len(first)
    while left:
        chunk = source.read(min(CHUNK, left)) or bytes(min(CHUNK, left))
        yield chunk
        left -= len(chunk)
