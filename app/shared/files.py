"""Files: originals and renditions, named by their content, written once and durably.

A key is a path relative to the store, e.g. `originals/ab/cd/<sha256>`.  A file is complete or
absent, and only when it would survive a power cut may anyone be told that it was received.
Where the bytes lie an installation decides once: in its data folder (`folder_store.py`) or in a
bucket (`bucket_store.py`).
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from app.shared.errors import DomainError

CHUNK_BYTES = 1024 * 1024  # measured: 1 MiB reads hash at 0.94 of the bare digest's speed
HEAD_BYTES = 64 * 1024
PARTIAL = ".partial"
WORK = "work"  # folders whose names begin so hold what is being made: they are no files yet


class FileTooLarge(DomainError):
    """More bytes than allowed; `max_bytes` says how many are."""

    code = "file_too_large"


class FileEmpty(DomainError):
    """Not one byte came."""

    code = "file_empty"


class Readable(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; b"" at the end."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store holds now: the key, the digest the server computed, and the first bytes."""

    key: str
    sha256: str
    size_bytes: int
    head: bytes
    crc32: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One whole file of a listing."""

    key: str
    size_bytes: int
    changed_at: datetime  # by the store's own clock; a bucket's counts whole seconds


class FileStore(Protocol):
    """Whole files under plain keys.  Safe for several processes, and a bucket for several hosts.

    A key that is not plain raises ValueError; a disk or bucket that does not answer, OSError.
    """

    def exists(self, key: str) -> bool:
        """Whether a complete file lies under `key`."""

    def size(self, key: str) -> int | None:
        """Bytes of the file, or None: there is none."""

    def open(self, key: str) -> IO[bytes]:
        """Open for reading here and there.  Raises FileNotFoundError."""

    def read(self, key: str) -> bytes:
        """All bytes of a small file.  Raises FileNotFoundError."""

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in pieces of about 1 MiB.

        Raises:
            FileNotFoundError: nothing lies there.
            OSError: it could not be read to the end.
        """

    def local(self, key: str) -> AbstractContextManager[Path]:
        """The file on this machine's disk while the block runs.  Raises FileNotFoundError."""

    def keys(self, prefix: str) -> Iterator[Entry]:
        """Every whole file below `prefix` ("" is all), in order of the keys.

        Files that come or go meanwhile may be missed or named.
        """

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""

    def delete_below(self, prefix: str) -> None:
        """Remove every file below `prefix`, and its workplace."""

    def delete_beside(self, prefix: str) -> None:
        """Remove the files directly below `prefix`, halves too; what lies deeper stays."""

    def put_stream(self, prefix: str, stream: Readable, *, max_bytes: int) -> Stored:
        """Store a stream under `<prefix>/ab/cd/<sha256>`, hashed while it is written.

        Storing the same bytes again is harmless, and saves them from a `discard` meanwhile.

        Raises:
            FileTooLarge, FileEmpty: nothing is kept.
            OSError: the disk refused (full, read-only); nothing is kept.
        """

    def put_bytes(self, key: str, data: bytes) -> None:
        """Write a whole small file durably, replacing what was there."""

    def put_file(self, path: Path, key: str) -> None:
        """Copy a file of this machine, durably, replacing what was there; `path` stays."""

    def writing(self, key: str) -> AbstractContextManager[IO[bytes]]:
        """Write a file under `key`; it appears only when the block ends well."""

    def discard(self, key: str, *, untouched_since: datetime) -> bool:
        """Remove a file unless somebody stored the same bytes since; tells whether it went.

        Whether any row still names it, the caller has looked.
        """

    def workplace(self, key: str) -> Path:
        """Where on this machine something may be made; the folder need not be there."""

    def link(self, key: str, *, media_type: str, disposition: str) -> str | None:
        """An address that gives the file as a download for a minute; None: there is none."""

    def ready(self) -> bool:
        """Whether files can be read and written now."""

    def tidy(self, before: datetime) -> None:
        """Remove what killed processes left before then, other than whole files."""


def signed_32(crc32: int) -> int:
    """A CRC-32 as a column of 32 bits with a sign holds it."""
    return crc32 - (1 << 32) if crc32 >> 31 else crc32


def content_key(prefix: str, sha256: str) -> str:
    """The key of a content-addressed file: `<prefix>/ab/cd/<sha256>`."""
    return f"{prefix}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def plain_parts(key: str) -> tuple[str, ...]:
    """The names in a key.  Raises ValueError for one that is not plain, or would lead away."""
    parts = PurePosixPath(key).parts
    if not parts or key.startswith("/") or "\\" in key or "\0" in key or ".." in parts:
        raise ValueError(f"not a plain key: {key!r}")
    return parts


def copy_hashed(source: Readable, target: IO[bytes], max_bytes: int) -> Stored:
    """Copy a stream, hashing it on the way; the key is empty yet.

    Raises:
        FileTooLarge, FileEmpty: as they say.
        OSError: the disk refused.
    """
    digest, size_bytes, head, crc32 = hashlib.sha256(), 0, b"", 0
    while chunk := source.read(CHUNK_BYTES):
        size_bytes += len(chunk)
        if size_bytes > max_bytes:
            raise FileTooLarge(max_bytes=max_bytes)
        if len(head) < HEAD_BYTES:
            head += chunk[: HEAD_BYTES - len(head)]
        digest.update(chunk)
        crc32 = zlib.crc32(chunk, crc32)
        target.write(chunk)
    if not size_bytes:
        raise FileEmpty
    return Stored("", digest.hexdigest(), size_bytes, head, crc32)


def sync_folder(folder: Path) -> None:
    """Make what was created, renamed or removed in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
