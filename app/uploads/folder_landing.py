"""Unfinished uploads in a folder: each is one file, and how far it is says that file's size.

A piece is appended in one short turn, and only if the file still ends where the sender says.  So
a request whose line is dead blocks nobody: the newer one goes on, the older finds the end moved.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import IO
from uuid import UUID

from app.shared.files import CHUNK_BYTES, content_key, sync_folder
from app.shared.folder_store import FolderStore
from app.uploads.landing import FOLDER, Found, LeftBehind, WrongOffset, check, look, owner_of
from app.uploads.line import PIECE_BYTES
from app.uploads.models import Upload
from app.uploads.prefixes import PREFIXES

_WHOLE = ".whole"  # beside a file that was found whole and is being moved to its place


class FolderLanding:
    """The folder of unfinished uploads in a store.  Safe for several processes."""

    def __init__(self, files: FolderStore) -> None:
        self.files = files
        self.folder = files.path(FOLDER)

    def reached(self, upload: Upload) -> int:
        """How many bytes of an upload lie on disk: they survive a power cut from now on."""
        if upload.state == "held" or self._is_moved(upload):
            return upload.size_bytes
        try:
            with self._path(upload.id).open("rb") as file:
                os.fsync(file.fileno())  # a line may have been cut before its request said so
                return file.seek(0, os.SEEK_END)
        except FileNotFoundError:
            return 0

    def begin(self, upload: Upload) -> None:
        """Make the file that pieces are appended to.

        Once, when the first request comes: a late piece must not begin a file that has left.
        """
        path = self._path(upload.id)
        if path.exists() or self._marker(upload.id).exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path.touch()
        sync_folder(self.folder)

    def append(self, upload: Upload, offset: int, piece: bytes | IO[bytes]) -> int:
        """Add `piece` where the file ends, which must be at `offset`; returns the new end.

        Not fsynced yet: `flush` comes before anybody is told.

        Raises:
            WrongOffset: the file ends elsewhere, or is whole.
            OSError: the disk refused; not a byte of the piece is left.
        """
        with self._turn(upload, offset) as file:
            try:
                for part in [piece] if isinstance(piece, bytes) else _parts(piece):
                    _write(file, part)
                return file.tell()
            except OSError:
                file.truncate(offset)
                raise

    def flush(self, upload: Upload) -> None:
        """Make what was appended survive a power cut."""
        with suppress(FileNotFoundError), self._path(upload.id).open("rb") as file:
            os.fsync(file.fileno())  # moved away: then it was whole, and `settle` did it

    def spool_folder(self) -> Path:
        """Where bytes may wait that are not an upload's yet: on the disk they will lie on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder

    def settle(self, upload: Upload) -> Found:
        """Judge a file whose last byte has come, and move it to its place by content.

        Harmless twice, and after a crash at any point.

        Raises:
            WrongDigest, NoPicture: it stays where it is, for `forget`.
            OSError: the disk refused; nothing has moved.
        """
        moved = self._is_moved(upload)
        try:
            found = _look(self._place(upload) if moved else self._path(upload.id))
        except FileNotFoundError:  # another request was quicker by a moment
            raise WrongOffset(offset=upload.size_bytes) from None
        check(found, upload)
        if not moved:
            self._marker(upload.id).touch()
            self.files.adopt(self._path(upload.id), PREFIXES[upload.role], upload.sha256)
        return found

    def forget(self, upload_id: UUID) -> None:
        """Remove what an upload left here.  What was moved to its place stays there."""
        self._path(upload_id).unlink(missing_ok=True)
        self._marker(upload_id).unlink(missing_ok=True)

    def left_behind(self, *, untouched_since: datetime) -> list[LeftBehind]:
        """Old files here and in the folder above, each with the upload it may belong to."""
        limit = untouched_since.timestamp()
        found: list[LeftBehind] = []
        for path in [*self.folder.parent.glob("*"), *self.folder.glob("*")]:
            with suppress(FileNotFoundError):  # it went where it belongs meanwhile
                if path.is_file() and path.stat().st_mtime < limit:
                    key = path.relative_to(self.files.root).as_posix()
                    found.append((key, owner_of(path.name.removesuffix(_WHOLE))))
        return found

    def _path(self, upload_id: UUID) -> Path:
        return self.folder / str(upload_id)

    def _marker(self, upload_id: UUID) -> Path:
        return self.folder / f"{upload_id}{_WHOLE}"

    def _place(self, upload: Upload) -> Path:
        return self.files.path(content_key(PREFIXES[upload.role], upload.sha256))

    def _is_moved(self, upload: Upload) -> bool:
        """Whether the file was found whole and lies in its place, while its row does not say so.

        The marker is what tells this from a file of the same content that others brought.
        """
        return self._marker(upload.id).exists() and not self._path(upload.id).exists()

    @contextmanager
    def _turn(self, upload: Upload, offset: int) -> Iterator[IO[bytes]]:
        """The upload's file, for this request alone, if it ends at `offset`."""
        try:
            file = self._path(upload.id).open("r+b", buffering=0)
        except FileNotFoundError:
            raise WrongOffset(offset=self.reached(upload)) from None
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = file.seek(0, os.SEEK_END)
            if end != offset or self._marker(upload.id).exists():
                raise WrongOffset(offset=end)
            yield file


def _write(file: IO[bytes], part: bytes) -> None:
    """All of it: a file without a buffer may take less at a time, as when the disk fills."""
    rest = memoryview(part)
    while rest:
        rest = rest[file.write(rest) :]


def _parts(source: IO[bytes]) -> Iterator[bytes]:
    while part := source.read(PIECE_BYTES):
        yield part


def _views(file: FileIO, size: int) -> Iterator[memoryview]:
    """The file through one buffer: as many are read at once as there are threads."""
    whole = memoryview(bytearray(size))
    while came := file.readinto(whole):
        yield whole[:came]


def _look(path: Path) -> Found:
    with path.open("rb", buffering=0) as file:
        found = look(_views(file, CHUNK_BYTES // 2))
        os.fsync(file.fileno())
    return found
