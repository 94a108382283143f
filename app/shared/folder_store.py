"""Files in a folder of one machine, or of a disk that several share.

Bytes go to a `.partial` in `incoming`, are fsynced and moved to their place, whose folder is
fsynced.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from app.shared.files import (
    CHUNK_BYTES,
    PARTIAL,
    WORK,
    Entry,
    Readable,
    Stored,
    content_key,
    copy_hashed,
    plain_parts,
    sync_folder,
)

INCOMING = "incoming"  # in the store's folder: what is on its way


class FolderStore:
    """A folder of files.  Safe for several processes; keys cannot leave the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        """The file's place on disk.  Raises ValueError for a key that is not plain."""
        return self.root.joinpath(*plain_parts(key))

    def exists(self, key: str) -> bool:
        """Whether a complete file lies under `key`."""
        return self.path(key).is_file()

    def size(self, key: str) -> int | None:
        """Bytes of the file, or None."""
        try:
            return self.path(key).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def open(self, key: str) -> IO[bytes]:
        """Open for reading.  Raises FileNotFoundError."""
        return self.path(key).open("rb")

    def read(self, key: str) -> bytes:
        """All bytes of a small file."""
        return self.path(key).read_bytes()

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes of a stretch.  Raises FileNotFoundError when the first is asked for."""
        with self.open(key) as file:
            file.seek(start)
            while start < stop:
                piece = file.read(min(CHUNK_BYTES, stop - start))
                if not piece:
                    raise OSError(f"{key} ends at {start}, not at {stop}")
                start += len(piece)
                yield piece

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """The file itself."""
        path = self.path(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        yield path

    def keys(self, prefix: str) -> Iterator[Entry]:
        """Every whole file below `prefix`, a folder at a time: a province has millions."""
        top = self.path(prefix) if prefix else self.root
        for folder, names, found in os.walk(top):
            names[:] = sorted(name for name in names if not name.startswith(WORK))
            for path in (Path(folder, name) for name in sorted(found)):
                with suppress(FileNotFoundError):  # it went meanwhile
                    if not path.name.endswith(PARTIAL):
                        state, key = path.stat(), path.relative_to(self.root).as_posix()
                        changed = datetime.fromtimestamp(state.st_mtime, UTC)
                        yield Entry(key, state.st_size, changed)

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""
        self.path(key).unlink(missing_ok=True)

    def delete_below(self, prefix: str) -> None:
        """Remove the folder `prefix`."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.path(prefix))

    def delete_beside(self, prefix: str) -> None:
        """Remove the files in the folder `prefix`; its folders stay."""
        folder = self.path(prefix)
        if folder.is_dir():
            for path in folder.iterdir():
                if path.is_file():
                    path.unlink(missing_ok=True)

    def put_stream(self, prefix: str, stream: Readable, *, max_bytes: int) -> Stored:
        """Store a stream by its content; the same bytes again leave the first file as it is."""
        with self._partial() as target:
            found = copy_hashed(stream, target, max_bytes)
            target.flush()
            os.fsync(target.fileno())
            key = content_key(prefix, found.sha256)
            self._keep(Path(target.name), key)
        return replace(found, key=key)

    def adopt(self, path: Path, prefix: str, sha256: str) -> str:
        """Move a whole file of the store's own disk to its place by content; returns the key.

        `path` must be fsynced and have this digest.  Harmless twice: what lies there stays.

        Raises:
            FileNotFoundError: neither `path` nor the place holds a file.
            OSError: the disk refused; `path` is as it was.
        """
        key = content_key(prefix, sha256)
        self._keep(path, key)
        return key

    def discard(self, key: str, *, untouched_since: datetime) -> bool:
        """Remove a file unless somebody stored the same bytes since; tells whether it went."""
        path = self.path(key)
        with self._one_at_a_time():
            try:
                if path.stat().st_mtime >= untouched_since.timestamp():
                    return False
            except FileNotFoundError:
                return False
            path.unlink()
        return True

    def put_bytes(self, key: str, data: bytes) -> None:
        """Write a whole small file durably, replacing what was there."""
        with self.writing(key) as target:
            target.write(data)

    def put_file(self, path: Path, key: str) -> None:
        """Copy a file of this machine into the folder."""
        with path.open("rb") as source, self.writing(key) as target:
            shutil.copyfileobj(source, target, CHUNK_BYTES)

    @contextmanager
    def writing(self, key: str) -> Iterator[IO[bytes]]:
        """Write a file under `key`; it appears only when the block ends well."""
        final = self.path(key)
        final.parent.mkdir(parents=True, exist_ok=True)
        with self._partial() as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
            Path(target.name).replace(final)
            sync_folder(final.parent)

    def workplace(self, key: str) -> Path:
        """Beside the files: what is made there is moved, and copied by the kernel."""
        return self.path(key)

    def link(self, key: str, *, media_type: str, disposition: str) -> str | None:
        """None: only the web process can give a folder's files."""
        return None

    def ready(self) -> bool:
        """Whether the folder is there and may be written to."""
        return os.access(self.root, os.R_OK | os.W_OK | os.X_OK)

    def tidy(self, before: datetime) -> None:
        """Nothing: what killed processes left lies in `incoming`, and goes with old uploads."""

    @contextmanager
    def _partial(self) -> Iterator[IO[bytes]]:
        """A file for what is on its way; it is gone if the block breaks off.

        All of them lie in one folder: a process that is killed leaves its file, and there, not
        among millions of whole ones, the sweep finds it a day later.
        """
        incoming = self.root / INCOMING
        incoming.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=incoming, suffix=PARTIAL, delete=False) as target:
            try:
                yield target
            except BaseException:
                Path(target.name).unlink(missing_ok=True)
                raise

    def _keep(self, partial: Path, key: str) -> None:
        final = self.path(key)
        final.parent.mkdir(parents=True, exist_ok=True)
        with self._one_at_a_time():
            if final.is_file():
                os.utime(final)  # as good as new: `discard` leaves it alone
                partial.unlink(missing_ok=True)
            else:
                partial.replace(final)
        # Also where another request moved the file there: it may not have come this far.
        for folder in (final.parent, final.parent.parent, final.parent.parent.parent):
            sync_folder(folder)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Between finding a file in its place and relying on it, nobody may throw it away."""
        folder = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
