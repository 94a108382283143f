"""Files in an S3-compatible bucket, for any number of hosts.

An object is whole or absent by itself.  Three more things are ours: a file counts as stored only
once its length was read back; nothing is held in memory; and what is thrown away while somebody
stores the same bytes anew is stored (`_keep` and `discard`: docs/decisions/0015).
"""

from __future__ import annotations

import io
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from app.shared.bucket import Bucket, BucketBroken
from app.shared.clock import now
from app.shared.files import Entry, Readable, Stored, content_key, copy_hashed, plain_parts
from app.shared.ids import new_id

log = logging.getLogger(__name__)
GOING = "going"  # marks: somebody is throwing the file of this key away
STALE = timedelta(minutes=10)  # a mark whose maker was killed; no discard takes two
HESITATION = timedelta(minutes=1)  # a discard that took longer to look gives up
DOUBT = timedelta(seconds=2)  # a bucket counts whole seconds; in doubt a file stays
STORE_TRIES = 5
LINK_S = 60
WINDOW_BYTES = 256 * 1024  # what a reader of a few entries fetches at once


class BucketStore:
    """A bucket of files; `scratch` is a folder of this machine for what is on its way."""

    def __init__(self, bucket: Bucket, scratch: Path) -> None:
        self.bucket, self.scratch = bucket, scratch

    def exists(self, key: str) -> bool:
        """Whether an object lies under `key`."""
        return self.bucket.head(key) is not None

    def size(self, key: str) -> int | None:
        """Bytes of the object, or None."""
        found = self.bucket.head(key)
        return None if found is None else found.size_bytes

    def open(self, key: str) -> IO[bytes]:
        """The object as a file; a look here and there fetches a window around it."""
        size_bytes = self.size(key)
        if size_bytes is None:
            raise FileNotFoundError(key)
        return io.BufferedReader(_Object(self.bucket, key, size_bytes), WINDOW_BYTES)

    def read(self, key: str) -> bytes:
        """All bytes of a small object."""
        return b"".join(self.bucket.stream(key, 0, None))

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes of a stretch, by one request whose answer is passed on as it comes."""
        return self.bucket.stream(key, start, stop)

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """A copy, gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self.room()) as folder:
            path = Path(folder) / "copy"
            self.fetch(key, path)
            yield path

    def fetch(self, key: str, path: Path) -> None:
        """Copy an object to this machine.  Raises FileNotFoundError, OSError."""
        with path.open("wb") as target:
            for piece in self.bucket.stream(key, 0, None):
                target.write(piece)

    def keys(self, prefix: str) -> Iterator[Entry]:
        """Every object below `prefix`."""
        return self.bucket.listed(prefix)

    def delete(self, key: str) -> None:
        """Remove the object if it is there, and what killed uploads left of it."""
        self.bucket.delete(key)
        self.bucket.abort_unfinished(key)

    def delete_below(self, prefix: str) -> None:
        """Remove every object below `prefix`, and what is being made for it here."""
        for each in list(self.bucket.listed(prefix)):
            self.bucket.delete(each.key)
        self.bucket.abort_unfinished(f"{prefix}/")
        shutil.rmtree(self.workplace(prefix), ignore_errors=True)

    def delete_beside(self, prefix: str) -> None:
        """Remove the objects directly below `prefix`."""
        for each in list(self.bucket.listed(prefix)):
            if "/" not in each.key.removeprefix(f"{prefix}/"):
                self.bucket.delete(each.key)

    def put_stream(self, prefix: str, stream: Readable, *, max_bytes: int) -> Stored:
        """Store a stream by its content; it waits on this disk until its digest is known."""
        with self._waiting() as target:
            found = copy_hashed(stream, target, max_bytes)
            key = self.keep(target, prefix, found.sha256)
        return replace(found, key=key)

    def keep(self, file: IO[bytes], prefix: str, sha256: str) -> str:
        """Store a file of this digest in its place; returns the key.  Harmless twice.

        It is put even where it lies already: that makes it as good as new for every `discard`.

        Raises:
            OSError: the bucket refused, or is throwing the same bytes away for too long.
        """
        key, size_bytes = content_key(prefix, sha256), file.seek(0, io.SEEK_END)
        for _ in range(STORE_TRIES):
            self.bucket.put(key, file, size_bytes)
            marks = list(self.bucket.listed(f"{GOING}/{key}"))
            found = self.bucket.head(key)  # after the marks: a discard that began later sees us
            if found and found.size_bytes == size_bytes and not self._going(marks, found):
                return key
        raise BucketBroken(f"{key} did not arrive whole, or goes all the time")

    def put_bytes(self, key: str, data: bytes) -> None:
        """Write a whole small object, replacing what was there."""
        self._put(io.BytesIO(data), key)

    def put_file(self, path: Path, key: str) -> None:
        """Copy a file of this machine into the bucket."""
        with path.open("rb") as file:
            self._put(file, key)

    @contextmanager
    def writing(self, key: str) -> Iterator[IO[bytes]]:
        """Write an object under `key`; it is sent when the block has ended well."""
        plain_parts(key)
        with self._waiting() as target:
            yield target
            self._put(target, key)

    def discard(self, key: str, *, untouched_since: datetime) -> bool:
        """Remove an object unless somebody stored the same bytes since; tells whether it went."""
        if self.bucket.head(key) is None:
            self.bucket.abort_unfinished(key)
            return False
        mark, began = f"{GOING}/{key}/{new_id()}", now()
        try:
            self._put(io.BytesIO(b"going"), mark)
            marked, found = self.bucket.head(mark), self.bucket.head(key)
            if marked is None or found is None:
                return False
            # By the bucket's own clock, the mark being its "now": hosts' clocks differ.
            age = marked.changed_at - found.changed_at
            if age <= now() - untouched_since + DOUBT or now() - began > HESITATION:
                return False
            self.delete(key)
        finally:
            self.bucket.delete(mark)
        return True

    def workplace(self, key: str) -> Path:
        """A folder of this machine; other hosts have their own."""
        return self.room().joinpath("work", *plain_parts(key))

    def link(self, key: str, *, media_type: str, disposition: str) -> str | None:
        """A signed address, good for a minute to begin a download; None where none may come."""
        return self.bucket.link(key, LINK_S, media_type, disposition)

    def ready(self) -> bool:
        """Whether the bucket answers."""
        return self.bucket.answers()

    def tidy(self, before: datetime) -> None:
        """Remove old copies on this machine, uploads in parts that nobody ends, old marks."""
        for path in [*self.room().glob("tmp*"), *self.room().glob("work/*/*")]:
            with suppress(OSError):  # somebody else removes it
                if path.stat().st_mtime < before.timestamp():
                    shutil.rmtree(path)
        if count := self.bucket.abort_unfinished("", before):
            log.info("gave up %d uploads in parts that nobody ended", count)
        for mark in list(self.bucket.listed(GOING)):
            if mark.changed_at < before:
                self.bucket.delete(mark.key)

    def _put(self, file: IO[bytes], key: str) -> None:
        size_bytes = file.seek(0, io.SEEK_END)
        self.bucket.put(key, file, size_bytes)
        if self.size(key) != size_bytes:
            raise BucketBroken(f"{key} did not arrive whole")

    def _going(self, marks: list[Entry], found: Entry) -> bool:
        return any(found.changed_at - mark.changed_at < STALE for mark in marks)

    def _waiting(self) -> IO[bytes]:
        """A file without a name: it is gone with its process."""
        return tempfile.TemporaryFile(dir=self.room())

    def room(self) -> Path:
        """The folder for what is on its way; it is there."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        return self.scratch


class _Object(io.RawIOBase):
    """An object of a bucket, read by ranges."""

    def __init__(self, bucket: Bucket, key: str, size_bytes: int) -> None:
        self.bucket, self.key, self.size_bytes = bucket, key, size_bytes
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size_bytes}[whence]
        self.at = max(0, begin + offset)
        return self.at

    def readinto(self, buffer: Any) -> int:
        stop = min(self.size_bytes, self.at + len(buffer))
        if self.at >= stop:
            return 0
        piece = b"".join(self.bucket.stream(self.key, self.at, stop))
        buffer[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)
