"""The survey: before a word is written, look at every photo of the list.

Each rendition is read once: its digest is compared with the stored one, it is decoded, and a
smaller copy for the report is made.  What cannot be shown becomes a named gap, so that the
report itself says what is missing; one bad photo never stops a packet.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image, UnidentifiedImageError

from app.packets.frozen.content import Content, PhotoItem
from app.packets.frozen.naming import photo_names

REPORT_PX = 1000  # four photos to a page: 8 cm at 300 dpi; keeps Typst near 2 MB a photo
REPORT_QUALITY = 80
MAX_VIEW_BYTES = 16 * 1024 * 1024  # a 1600 px rendition is 0.2-0.9 MB; more is not ours
MAX_VIEW_PIXELS = 4096 * 4096

AWAITED = "awaited"
UNREADABLE = "unreadable"
NOT_PROCESSED = "not_processed"
VIEW_MISSING = "view_missing"
VIEW_CHANGED = "view_changed"
VIEW_DAMAGED = "view_damaged"
ORIGINAL_MISSING = "original_missing"


class Sources(Protocol):
    """Where the files of photos lie, by their SHA-256."""

    def view(self, sha256: str) -> Path:
        """Place of a rendition; the file may be absent."""

    def original(self, sha256: str) -> Path:
        """Place of an original; the file may be absent."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One photo of the list that the packet cannot show as it should, and why."""

    photo: PhotoItem
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One received photo: its name in the packet, and its files when it can be shown."""

    photo: PhotoItem
    name: str
    source: Path | None  # the rendition that goes into data/photos
    report_file: str | None  # the smaller copy, relative to the report's folder


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found: every photo received, in order, and the gaps in the list."""

    shots: tuple[Shot, ...]
    gaps: tuple[Gap, ...]

    @property
    def awaited(self) -> int:
        """How many gaps are photos that never came from their phones."""
        return sum(gap.reason == AWAITED for gap in self.gaps)


Progress = Callable[[int, int], None]


def survey(content: Content, sources: Sources, folder: Path, progress: Progress) -> Survey:
    """Look at every photo of `content`; smaller copies are written into `folder`/photos.

    `progress(done, total)` is called after each photo.  Holds one photo in memory at a time.
    """
    (folder / "photos").mkdir(parents=True, exist_ok=True)
    names = photo_names(content)
    shots, gaps = [], []
    for number, photo in enumerate(content.photos, start=1):
        file = f"photos/{number:05}.jpg"
        reason = _examine(photo, sources, folder / file)
        shown = reason in (None, ORIGINAL_MISSING)
        source = sources.view(photo.view_sha256) if shown and photo.view_sha256 else None
        if reason != AWAITED:  # what was never received has no place among the photos
            shots.append(Shot(photo, names[photo.id], source, file if source else None))
        if reason:
            gaps.append(Gap(photo, names[photo.id], reason))
        progress(number, len(content.photos))
    return Survey(tuple(shots), tuple(gaps))


def _examine(photo: PhotoItem, sources: Sources, copy: Path) -> str | None:
    """Return why `photo` is a gap, or None; write its smaller copy when it can be shown."""
    if photo.state in (AWAITED, UNREADABLE):
        return photo.state
    if photo.state != "processed" or not photo.view_sha256:
        return NOT_PROCESSED
    try:
        data = _read(sources.view(photo.view_sha256))
    except OSError:
        return VIEW_MISSING
    if hashlib.sha256(data).hexdigest() != photo.view_sha256:
        return VIEW_CHANGED
    if not _shrink(data, copy):
        return VIEW_DAMAGED
    return None if _original_is_there(photo, sources) else ORIGINAL_MISSING


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_VIEW_BYTES + 1)


def _original_is_there(photo: PhotoItem, sources: Sources) -> bool:
    try:
        return sources.original(photo.original_sha256).stat().st_size == photo.original_bytes
    except OSError:
        return False


def _shrink(data: bytes, copy: Path) -> bool:
    """Write a plain JPEG of at most REPORT_PX a side: no EXIF, no comment, same bytes each time."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            if image.width * image.height > MAX_VIEW_PIXELS:
                return False
            image.draft("RGB", (REPORT_PX, REPORT_PX))
            plain = image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False
    plain.thumbnail((REPORT_PX, REPORT_PX), Image.Resampling.BOX)
    plain.info.clear()
    plain.save(copy, "JPEG", quality=REPORT_QUALITY)
    return True
