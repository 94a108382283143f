"""Unfinished uploads in a bucket: each piece is an object, so that any host can go on.

    incoming/uploads/<upload>/<first byte>-<byte behind the last>

How far an upload is says the longest chain of pieces from its beginning.  Pieces may overlap: of
two requests that send the same stretch neither waits for the other, and both are right, for they
send one file.  Were they not, its digest tells in the end, and the phone begins afresh.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from app.shared.bucket_store import BucketStore
from app.uploads.landing import FOLDER, Found, LeftBehind, WrongOffset, check, look, owner_of
from app.uploads.models import Upload
from app.uploads.prefixes import PREFIXES

OBJECT_BYTES = 1024 * 1024  # the largest piece a phone of ours sends; so much may wait in memory


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    start: int
    stop: int
    key: str


class BucketLanding:
    """The unfinished uploads of a bucket.  One for each request: it holds what is not sent yet."""

    def __init__(self, files: BucketStore) -> None:
        self.files = files
        self._waits, self._starts_at = bytearray(), 0

    def reached(self, upload: Upload) -> int:
        """Where the longest chain of pieces ends."""
        if upload.state == "held":
            return upload.size_bytes
        return _end(self._pieces(upload.id))

    def begin(self, upload: Upload) -> None:
        """Nothing: the first piece begins it.  What comes too late, the sweep finds."""

    def append(self, upload: Upload, offset: int, piece: bytes | IO[bytes]) -> int:
        """Take a piece; it is sent with others, or by `flush`."""
        source = io.BytesIO(piece) if isinstance(piece, bytes) else piece
        while part := source.read(OBJECT_BYTES):
            if not self._waits:
                self._starts_at = offset
            self._waits += part
            offset += len(part)
            if len(self._waits) >= OBJECT_BYTES:
                self._send(upload)
        return offset

    def flush(self, upload: Upload) -> None:
        """Send what waits."""
        if self._waits:
            self._send(upload)

    def spool_folder(self) -> Path:
        """On this host: a piece without its right checksum is no part of the upload."""
        return self.files.room()

    def settle(self, upload: Upload) -> Found:
        """Bring the pieces together on this host's disk, judge them, and store the whole."""
        pieces = self._pieces(upload.id)
        if _end(pieces) < upload.size_bytes:
            raise WrongOffset(offset=_end(pieces))
        with tempfile.TemporaryFile(dir=self.files.room()) as whole:
            try:
                found = look(_copied(self._bytes(pieces, upload.size_bytes), whole))
            except FileNotFoundError:  # another request has done it meanwhile
                raise WrongOffset(offset=upload.size_bytes) from None
            check(found, upload)
            self.files.keep(whole, PREFIXES[upload.role], upload.sha256)
        return found

    def forget(self, upload_id: UUID) -> None:
        """Remove the upload's pieces."""
        for piece in self._pieces(upload_id):
            self.files.bucket.delete(piece.key)

    def left_behind(self, *, untouched_since: datetime) -> list[LeftBehind]:
        """Old pieces, by the bucket's clock."""
        return [
            (each.key, owner_of(each.key.removeprefix(f"{FOLDER}/").partition("/")[0]))
            for each in self.files.keys(FOLDER.partition("/")[0])
            if each.changed_at < untouched_since
        ]

    def _send(self, upload: Upload) -> None:
        data, start = bytes(self._waits), self._starts_at
        self._waits.clear()  # also when it is refused: nobody was told
        end = _end(self._pieces(upload.id))
        if end != start:
            raise WrongOffset(offset=end)
        stop = start + len(data)
        self.files.put_bytes(f"{FOLDER}/{upload.id}/{start:012d}-{stop:012d}", data)

    def _pieces(self, upload_id: UUID) -> list[_Piece]:
        found = []
        for each in self.files.keys(f"{FOLDER}/{upload_id}"):
            start, _, stop = each.key.rpartition("/")[2].partition("-")
            found.append(_Piece(int(start), int(stop), each.key))
        return sorted(found)

    def _bytes(self, pieces: Sequence[_Piece], size_bytes: int) -> Iterator[bytes]:
        """The upload's bytes in order; of two pieces that go on from here, the longer."""
        at = 0
        while at < size_bytes:
            fit = max((p for p in pieces if p.start <= at), key=lambda p: p.stop)
            stop = min(fit.stop, size_bytes)
            yield from self.files.stream(fit.key, at - fit.start, stop - fit.start)
            at = stop


def _end(pieces: Sequence[_Piece]) -> int:
    """Where the chain that begins at 0 ends; `pieces` are in order."""
    end = 0
    for piece in pieces:
        if piece.start > end:
            break
        end = max(end, piece.stop)
    return end


def _copied(source: Iterator[bytes], target: IO[bytes]) -> Iterator[bytes]:
    for part in source:
        target.write(part)
        yield part
