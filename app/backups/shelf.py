"""The folder that backups lie in.

    FOLDER/
      erasures.jsonl            whom we forgot; every backup brings it up to date, none shortens it
      blobs/ab/cd/<sha256>      files, each once, whichever backups hold them
      sets/<name>/              one backup: manifest.json, tables/*.jsonl.gz, files.jsonl.gz,
                                keys.sealed

A set appears whole or not at all: it is made as `sets/.<name>.partial`, synced and renamed.  One
process at a time writes (`flock`); what a killed one left is removed by the next.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.keeping.erasures import FILE, ErasureList
from app.shared.errors import DomainError
from app.shared.files import CHUNK_BYTES, sync_folder

PARTIAL = ".partial"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


class BackupBusy(DomainError):
    """Another backup is being written into this folder."""

    code = "backup_busy"


class BackupDamaged(DomainError):
    """Something of a backup is missing or not as it was (`what`)."""

    code = "backup_damaged"


class NoBackup(DomainError):
    """There is no backup of this name, or none at all."""

    code = "no_backup"


class KeysFileExists(DomainError):
    """A file of this name (`name`) is there already; it may hold other keys."""

    code = "keys_file_exists"


class Shelf:
    """A folder of backups."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.erasures = ErasureList(root / FILE)

    def names(self) -> list[str]:
        """The backups there are, oldest first: their names are instants."""
        sets = self.root / "sets"
        if not sets.is_dir():
            return []
        return sorted(each.name for each in sets.iterdir() if not each.name.startswith("."))

    def set_of(self, name: str | None) -> Path:
        """The folder of one backup; None: the newest.  Raises NoBackup."""
        names = self.names()
        chosen = name or (names[-1] if names else None)
        if chosen not in names:
            raise NoBackup(name=name)
        return self.root / "sets" / str(chosen)

    def blob(self, sha256: str) -> Path:
        """Where a file of this digest lies."""
        return self.root / "blobs" / sha256[:2] / sha256[2:4] / sha256

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes meanwhile.  Raises BackupBusy, OSError."""
        self.root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        handle = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        try:
            _lock(handle, fcntl.LOCK_EX)
            self._clear_left_over()
            yield
        finally:
            os.close(handle)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Nobody writes or removes meanwhile.  Raises BackupBusy.

        A folder without a lock - a copy, or on a disk that only reads - has nobody writing.
        """
        try:
            handle = os.open(self.root / ".lock", os.O_RDONLY)
        except OSError:
            yield
            return
        try:
            _lock(handle, fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def making(self, name: str) -> Iterator[Path]:
        """A new set; it is there once the block ends well.  Raises OSError: nothing is left."""
        partial, final = self.root / "sets" / f".{name}{PARTIAL}", self.root / "sets" / name
        (partial / "tables").mkdir(mode=PRIVATE_FOLDER, parents=True)
        try:
            yield partial
            sync_folder(partial / "tables")
            sync_folder(partial)
            partial.rename(final)
            sync_folder(final.parent)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise

    def keep(self, pieces: Iterable[bytes], *, expected: str | None = None) -> tuple[str, int]:
        """Store a file's bytes under their digest; returns it and the size.

        Raises:
            BackupDamaged: the bytes are not those of `expected`; nothing is kept.
            OSError: the disk refused; nothing is kept.
        """
        blobs = self.root / "blobs"
        blobs.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        partial = blobs / f"{os.getpid()}{PARTIAL}"
        digest, size = hashlib.sha256(), 0
        try:
            with private(partial) as file:
                for piece in pieces:
                    digest.update(piece)
                    size += len(piece)
                    file.write(piece)
            sha256 = digest.hexdigest()
            if expected not in (None, sha256):
                raise BackupDamaged(what=expected)
            self._place(partial, self.blob(sha256))
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        return sha256, size

    def _place(self, partial: Path, final: Path) -> None:
        final.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        partial.replace(final)
        for folder in (final.parent, final.parent.parent, self.root / "blobs"):
            sync_folder(folder)

    def _clear_left_over(self) -> None:
        for left in self.root.glob(f"sets/.*{PARTIAL}"):
            shutil.rmtree(left)
        for left in self.root.glob(f"blobs/*{PARTIAL}"):
            left.unlink()

    def set_aside(self, sha256: str) -> None:
        """Take a damaged file out of the next backups' way: they copy it anew.  Raises OSError."""
        blob = self.blob(sha256)
        blob.replace(blob.with_name(f"{sha256}.damaged"))

    def remove(self, name: str) -> None:
        """Take a set away, so that a kill in between leaves none that looks whole."""
        doomed = self.root / "sets" / f".{name}{PARTIAL}"
        self.set_of(name).rename(doomed)
        sync_folder(doomed.parent)
        shutil.rmtree(doomed)

    def remove_blobs(self, wanted: Callable[[str], bool]) -> int:
        """Remove files that no set names any more; returns how many."""
        gone = 0
        for path in self.root.glob("blobs/*/*/*"):
            if not wanted(path.name):
                path.unlink()
                gone += 1
        return gone


def _lock(handle: int, kind: int) -> None:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BackupBusy from error


@contextmanager
def private(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that only its owner reads; synced when the block ends."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file's bytes, a mebibyte at a time.  Raises OSError."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            yield piece


def digest_of(path: Path) -> str:
    """SHA-256 of a file.  Raises OSError."""
    digest = hashlib.sha256()
    for piece in pieces_of(path):
        digest.update(piece)
    return digest.hexdigest()
