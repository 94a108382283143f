"""A bucket's files on the disk of the worker that makes a packet of them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from app.shared.files import FileStore, plain_parts


class Fetched:
    """Files of a store, each fetched once into `folder`, which its maker removes.

    So the worker's disk holds a packet twice for a while: its files, and the packet.
    """

    def __init__(self, files: FileStore, folder: Path) -> None:
        self.files, self.folder = files, folder

    def path(self, key: str) -> Path:
        """Where the file lies now; a file that the store has not is absent.  Raises OSError."""
        path = self.folder.joinpath(*plain_parts(key))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError), self.files.local(key) as copy:
                copy.rename(path)
        return path

    def size(self, key: str) -> int | None:
        """Bytes of the file in the store, or None.  Raises OSError."""
        return self.files.size(key)
