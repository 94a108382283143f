"""Checking: every file that goes into a packet is read once, before a word is written.

Its digest is compared with the one in the list, and its CRC-32 and size are noted, so that it can
be copied later without being read again.  Pictures are not decoded: a rendition was made by us,
and its digest proves that it is still what was made.  What cannot be shown becomes a named gap;
one bad file never stops a packet.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.packets.frozen import naming
from app.packets.frozen.content import Content, DocumentItem, PhotoItem
from app.packets.frozen.figures import grouped
from app.packets.jpeg import Shape, shape_of
from app.packets.parts import CheckedFile, FileKind, GapFound, Part
from app.photos.store import ORIGINALS, RENDITIONS
from app.shared.files import CHUNK_BYTES, HEAD_BYTES, content_key

AWAITED = "awaited"
UNREADABLE = "unreadable"
NOT_PROCESSED = "not_processed"
DESTROYED = "destroyed"  # when its time was over: retention
VIEW_MISSING = "view_missing"
VIEW_CHANGED = "view_changed"
VIEW_DAMAGED = "view_damaged"
THUMB_MISSING = "thumb_missing"
THUMB_CHANGED = "thumb_changed"
ORIGINAL_MISSING = "original_missing"
ORIGINAL_CHANGED = "original_changed"
DOCUMENT_MISSING = "document_missing"
DOCUMENT_CHANGED = "document_changed"
_REASONS: dict[FileKind, tuple[str, str]] = {
    "thumb": (THUMB_MISSING, THUMB_CHANGED),
    "original": (ORIGINAL_MISSING, ORIGINAL_CHANGED),
    "document": (DOCUMENT_MISSING, DOCUMENT_CHANGED),
}

Tick = Callable[[], None]


class Sources(Protocol):
    """Where files lie: the file store."""

    def path(self, key: str, /) -> Path:
        """Place of the file `key` on this machine; it may be absent.  Raises OSError."""

    def size(self, key: str, /) -> int | None:
        """Bytes of the file, which is not fetched for it; None: there is none.  Raises OSError."""


def check_files(
    content: Content, part: Part, sources: Sources, tick: Tick = lambda: None
) -> tuple[tuple[CheckedFile, ...], tuple[GapFound, ...]]:
    """Read the files of `part`: those that go into the packet, and what is missing and why.

    Both in the order of the packet: each photo's rendition, thumb and - if the list asks for
    them - original, then documents.  `tick()` is called after each photo and document.
    Holds 1 MiB in memory at a time.
    """
    check = _Check(content, sources)
    for photo in _photos(content, part):
        check.photo(photo)
        tick()
    wanted = set(part.documents)
    for document in content.documents:
        if document.id in wanted:
            check.document(document)
            tick()
    return tuple(check.files), tuple(check.gaps)


def _photos(content: Content, part: Part) -> Iterator[PhotoItem]:
    of_centre = grouped(content.photos)
    for each in part.slices:
        yield from of_centre[each.centre_code][slice(*each.photos)]


@dataclass
class _Check:
    content: Content
    sources: Sources
    files: list[CheckedFile] = field(default_factory=list)
    gaps: list[GapFound] = field(default_factory=list)
    buffer: bytearray = field(default_factory=lambda: bytearray(CHUNK_BYTES))  # for every file

    def __post_init__(self) -> None:
        self.names = naming.photo_names(self.content)
        self.documents = naming.document_names(self.content)

    def photo(self, photo: PhotoItem) -> None:
        """Check what there is of a photo: its rendition, its thumb, its original."""
        name = self.names[photo.id]
        if photo.state in (AWAITED, DESTROYED):
            self._miss(photo.id, name, photo.state)
            return
        reason = self._view(photo, name)
        if reason:
            self._miss(photo.id, name, reason)
        elif photo.thumb_sha256:
            thumb = content_key(RENDITIONS, photo.thumb_sha256)
            named = naming.thumb_name(name)
            self._whole(thumb, photo.thumb_sha256, named, "thumb", photo.id)
        self._original(photo, name, shown=reason is None)

    def document(self, document: DocumentItem) -> None:
        """Check a document's file, if it was received."""
        name, sha256 = self.documents[document.id], document.file_sha256
        if document.state == AWAITED:
            self._miss(document.id, name, AWAITED)
        else:
            self._whole(content_key(ORIGINALS, sha256), sha256, name, "document", document.id)

    def _view(self, photo: PhotoItem, name: str) -> str | None:
        if photo.state == UNREADABLE:
            return UNREADABLE
        if photo.state != "processed" or not photo.view_sha256:
            return NOT_PROCESSED
        key = content_key(RENDITIONS, photo.view_sha256)
        found = self._read(key)
        if found is None:
            return VIEW_MISSING
        if found.sha256 != photo.view_sha256:
            return VIEW_CHANGED
        if found.shape is None:
            return VIEW_DAMAGED
        self._keep(found, name, "view", photo.id, key)
        return None

    def _original(self, photo: PhotoItem, name: str, *, shown: bool) -> None:
        """The original goes along if the list asks for it; else it must only be there.

        A photo that cannot be shown is one gap already: only an original that should go along
        makes another.
        """
        key = content_key(ORIGINALS, photo.original_sha256)
        if self.content.options.originals:
            named = naming.original_name(name, photo.original_name)
            self._whole(key, photo.original_sha256, named, "original", photo.id)
        elif shown and _size(self.sources, key) != photo.original_bytes:
            self._miss(photo.id, name, ORIGINAL_MISSING)

    def _whole(self, key: str, sha256: str, name: str, kind: FileKind, of: str) -> None:
        """Keep a file that has the digest of the list, whatever is in it."""
        missing, changed = _REASONS[kind]
        found = self._read(key)
        if found is None:
            self._miss(of, name, missing)
        elif found.sha256 != sha256:
            self._miss(of, name, changed)
        else:
            self._keep(found, name, kind, of, key)

    def _miss(self, of: str, name: str, reason: str) -> None:
        self.gaps.append(GapFound(of, name, reason))

    def _read(self, key: str) -> _Read | None:
        try:
            return _read(self.sources.path(key), self.buffer)
        except OSError:
            return None  # whatever the disk says: the packet goes on without this file

    def _keep(self, found: _Read, name: str, kind: FileKind, of: str, key: str) -> None:
        shape = found.shape or Shape(0, 0, 0)
        self.files.append(
            CheckedFile(
                name, kind, of, key, found.sha256, found.size_bytes, found.crc32,
                shape.width, shape.height, shape.channels, found.changed_ns,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """What one reading of a file tells."""

    sha256: str
    size_bytes: int
    crc32: int
    changed_ns: int
    shape: Shape | None


def _read(path: Path, buffer: bytearray) -> _Read:
    """Read a file once, in pieces.  Raises OSError."""
    digest, size_bytes, crc32, head, tail = hashlib.sha256(), 0, 0, b"", b""
    with path.open("rb", buffering=0) as file:
        changed_ns = os.fstat(file.fileno()).st_ctime_ns
        while count := file.readinto(buffer):
            piece = memoryview(buffer)[:count]
            digest.update(piece)
            crc32 = zlib.crc32(piece, crc32)
            head = head or bytes(piece[:HEAD_BYTES])  # renditions hold nothing before the frame
            tail = (tail + bytes(piece[-2:]))[-2:]
            size_bytes += count
    shape = shape_of(head, tail)
    return _Read(digest.hexdigest(), size_bytes, crc32, changed_ns, shape)


def _size(sources: Sources, key: str) -> int | None:
    try:
        return sources.size(key)
    except OSError:
        return None
