"""The vault: where issued packets lie: in the store of all files, or in a bucket apart.

A packet is built into the store and then handed to the vault.  It is whole there or absent.  Keys
are those of the store, so an installation that gives packets a bucket of their own copies them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Protocol

from app.shared.files import FileStore
from app.shared.folder_store import FolderStore
from app.shared.stores import store_at


class Vault(Protocol):
    """Holds whole files under plain keys.  Whatever does not answer is an OSError."""

    def put(self, path: Path, key: str) -> None:
        """Take a file of this machine over: afterwards it lies under `key`, and `path` is gone.

        Harmless twice.  Raises OSError; then `path` is as it was and the vault holds nothing new.
        """

    def take_over(self, files: FileStore, key: str) -> None:
        """Take over what was built in `files`: afterwards it lies here, and only here.

        Harmless twice.  Raises OSError; then it lies where it was.
        """

    def size(self, key: str) -> int | None:
        """Bytes of the file, or None: there is none.  Raises OSError."""

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in pieces of about 1 MiB.

        Raises:
            FileNotFoundError: nothing lies there.
            OSError: it could not be read to the end.
        """

    def open(self, key: str) -> IO[bytes]:
        """The file for reading here and there.  Raises FileNotFoundError, OSError."""

    def local(self, key: str) -> AbstractContextManager[Path]:
        """The file on this machine's disk while the block runs.  Raises FileNotFoundError."""

    def link(self, key: str, *, media_type: str, disposition: str) -> str | None:
        """An address that gives the file as a download for a minute; None: there is none."""

    def delete(self, key: str) -> None:
        """Remove the file if it is there.  Raises OSError."""


class StoreVault:
    """Issued packets in the store `files`."""

    def __init__(self, files: FileStore) -> None:
        self.files = files
        self.size, self.stream, self.open = files.size, files.stream, files.open
        self.local, self.link, self.delete = files.local, files.link, files.delete

    def put(self, path: Path, key: str) -> None:
        """Copy the file, unless it was built in its place."""
        if isinstance(self.files, FolderStore) and path == self.files.path(key):
            return
        self.files.put_file(path, key)
        path.unlink()

    def take_over(self, files: FileStore, key: str) -> None:
        """Copy it from another store; in this one it lies already."""
        if files is self.files:
            return
        with files.local(key) as path:
            self.files.put_file(path, key)
        files.delete(key)


class FolderVault(StoreVault):
    """Issued packets among all other files: what copies those has copied these."""


class S3Vault(StoreVault):
    """Issued packets in a bucket apart."""


def vault_at(
    url: str, files: FileStore, scratch: Path, *, key: str = "", secret: str = ""
) -> Vault:
    """The vault of `LAKTHAN_PACKETS_STORE`: empty is `files`, else a bucket (`stores.store_at`).

    Raises ValueError: the address is none.
    """
    if not url:
        return FolderVault(files)
    return S3Vault(store_at(url, scratch, scratch, key=key, secret=secret))
