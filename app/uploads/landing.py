"""Where attachments land, piece by piece, until they are whole.

How far an upload is says what lies there, and nobody holds a lock while bytes come over the line.
In a folder it is one file that pieces are appended to (`folder_landing.py`); in a bucket, where
any host may go on with what another began, each piece is an object (`bucket_landing.py`).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

from app.shared.errors import DomainError
from app.shared.media import HEAD_BYTES, OTHER, media_type_of
from app.uploads.models import Upload

FOLDER = "incoming/uploads"
LeftBehind = tuple[str, UUID | None]  # an old file's key, and the upload it may belong to


class WrongOffset(DomainError):
    """The file does not end there (any more): ask how far it is (`offset`)."""

    code = "wrong_offset"


class BytesRefused(DomainError):
    """All bytes came, and they are not what was announced; the upload starts afresh."""


class WrongDigest(BytesRefused):
    """They have another SHA-256 than the one announced."""

    code = "sha256_mismatch"


class NoPicture(BytesRefused):
    """They are no JPEG, PNG, WebP, HEIC or AVIF, and should be: a preview, made by our own app."""

    code = "not_an_image"


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a whole file."""

    sha256: str
    media_type: str  # `media.OTHER` for what is no picture
    crc32: int


class Landing(Protocol):
    """Where the unfinished uploads of a store lie.  One is made for each request."""

    def reached(self, upload: Upload) -> int:
        """How many bytes of an upload lie here: they survive a power cut from now on."""

    def begin(self, upload: Upload) -> None:
        """Make ready for pieces.

        Once, when the first request comes: a late piece must not begin a file that has left.
        """

    def append(self, upload: Upload, offset: int, piece: bytes | IO[bytes]) -> int:
        """Add `piece` where the file ends, which must be at `offset`; returns the new end.

        Not durable yet: `flush` comes before anybody is told.

        Raises:
            WrongOffset: the file ends elsewhere, or is whole.
            OSError: the disk refused; not a byte of the piece is left.
        """

    def flush(self, upload: Upload) -> None:
        """Make what was appended survive a power cut.  Raises OSError: it may be lost."""

    def spool_folder(self) -> Path:
        """Where bytes may wait that are not an upload's yet."""

    def settle(self, upload: Upload) -> Found:
        """Judge a file whose last byte has come, and bring it to its place by content.

        Harmless twice, and after a crash at any point.

        Raises:
            WrongDigest, NoPicture: it stays where it is, for `forget`.
            WrongOffset: another request was quicker by a moment.
            OSError: the disk refused; nothing has moved.
        """

    def forget(self, upload_id: UUID) -> None:
        """Remove what an upload left here.  What was brought to its place stays there."""

    def left_behind(self, *, untouched_since: datetime) -> list[LeftBehind]:
        """Old files here and in the folder above, each with the upload it may belong to."""


def look(pieces: Iterable[bytes | memoryview]) -> Found:
    """What lies in a file, its bytes being given in order."""
    digest, crc32, head = hashlib.sha256(), 0, b""
    for part in pieces:
        if len(head) < HEAD_BYTES:
            head += part[: HEAD_BYTES - len(head)]
        digest.update(part)
        crc32 = zlib.crc32(part, crc32)
    return Found(digest.hexdigest(), media_type_of(head) or OTHER, crc32)


def check(found: Found, upload: Upload) -> None:
    """Raise WrongDigest or NoPicture where the bytes are not what was announced."""
    if found.sha256 != upload.sha256:
        raise WrongDigest(expected=upload.sha256, found=found.sha256)
    # An original is kept whatever it is; as a photo it will be shown as unreadable.
    if found.media_type == OTHER and upload.role != "original":
        raise NoPicture


def owner_of(name: str) -> UUID | None:
    """The upload that a file of this name may belong to."""
    try:
        return UUID(name)
    except ValueError:
        return None
