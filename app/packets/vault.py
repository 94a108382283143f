"""The vault: where issued packets lie, in the folder of the file store or in an S3 bucket.

A packet is built in the folder and then put into the vault.  It is whole there or absent: a
folder's file is renamed into place, an S3 upload of many parts appears when its last call ends.
Keys are those of the file store, so an installation that moves to S3 copies its folder.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from app.shared.files import CHUNK_BYTES, FileStore

if TYPE_CHECKING:
    from obstore.store import RetryConfig

UPLOAD_PART_BYTES = 8 * 1024 * 1024  # S3 takes 10,000 parts: 78 GiB; two at a time in memory
UPLOADS_AT_ONCE = 2
WINDOW_BYTES = 256 * 1024  # what a reader of a few entries fetches at once
DEFAULT_REGION = "us-east-1"  # what servers that know no regions answer to
TIMEOUT = "120s"  # of one request; a part of 8 MiB takes that at 0.6 Mbit/s
RETRIES: RetryConfig = {  # a stream that is cut goes on, too
    "max_retries": 5,
    "retry_timeout": timedelta(seconds=60),
}


class VaultBroken(OSError):
    """The bucket did not answer, or refused."""


class Vault(Protocol):
    """Holds whole files under plain keys."""

    def put(self, path: Path, key: str) -> None:
        """Take the file over: afterwards it lies under `key`, and `path` may be gone.

        Harmless twice.  Raises OSError; then `path` is as it was and the vault holds nothing new.
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

    def delete(self, key: str) -> None:
        """Remove the file if it is there.  Raises OSError."""


class FolderVault:
    """Issued packets in the file store's own folder, where they were built."""

    def __init__(self, files: FileStore) -> None:
        self.files = files

    def put(self, path: Path, key: str) -> None:
        """Move the file to its place, unless it was built there."""
        place = self.files.path(key)
        if path != place:
            with path.open("rb") as source, self.files.writing(key) as target:
                while piece := source.read(CHUNK_BYTES):
                    target.write(piece)
            path.unlink()

    def size(self, key: str) -> int | None:
        """Bytes of the file, or None."""
        try:
            return self.files.path(key).stat().st_size
        except FileNotFoundError:
            return None

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes of a stretch.  Raises FileNotFoundError when the first is asked for."""
        with self.files.open(key) as file:
            file.seek(start)
            while start < stop:
                piece = file.read(min(CHUNK_BYTES, stop - start))
                if not piece:
                    raise OSError(f"{key} ends at {start}, not at {stop}")
                start += len(piece)
                yield piece

    def open(self, key: str) -> IO[bytes]:
        """The file itself."""
        return self.files.open(key)

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""
        self.files.delete(key)


class S3Vault:
    """Issued packets in a bucket; memory stays the same whatever a packet's size."""

    def __init__(self, store: S3Store) -> None:
        self.store = store

    def put(self, path: Path, key: str) -> None:
        """Upload in parts, look that all arrived, and only then remove the local file."""
        size_bytes = path.stat().st_size
        with _told():
            obstore.put(
                self.store, key, path, chunk_size=UPLOAD_PART_BYTES,
                max_concurrency=UPLOADS_AT_ONCE,
            )  # fmt: skip
        if self.size(key) != size_bytes:
            raise VaultBroken(f"{key} did not arrive whole")
        path.unlink()

    def size(self, key: str) -> int | None:
        """Bytes of the object, or None."""
        try:
            with _told():
                return int(obstore.head(self.store, key)["size"])
        except FileNotFoundError:
            return None

    def stream(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes of a stretch, by one request whose answer is passed on as it comes."""
        if start >= stop:
            return
        with _told():
            answer = obstore.get(self.store, key, options={"range": (start, stop)})
            for piece in answer.stream(min_chunk_size=CHUNK_BYTES):
                start += len(piece)
                yield bytes(piece)
        if start != stop:
            raise VaultBroken(f"{key} ended at {start}, not at {stop}")

    def open(self, key: str) -> IO[bytes]:
        """The object as a file; a look here and there fetches a window around it."""
        size_bytes = self.size(key)
        if size_bytes is None:
            raise FileNotFoundError(key)
        return io.BufferedReader(_Object(self.store, key, size_bytes), WINDOW_BYTES)

    def delete(self, key: str) -> None:
        """Remove the object if it is there."""
        try:
            with _told():
                obstore.delete(self.store, key)
        except FileNotFoundError:
            pass


class _Object(io.RawIOBase):
    """An object of a bucket, read by ranges."""

    def __init__(self, store: S3Store, key: str, size_bytes: int) -> None:
        self.store, self.key, self.size_bytes = store, key, size_bytes
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
        with _told():
            piece = obstore.get_range(self.store, self.key, start=self.at, end=stop)
        buffer[: len(piece)] = bytes(piece)
        self.at += len(piece)
        return len(piece)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever the client says of the bucket, as an OSError: jobs and pages know that."""
    try:
        yield
    except (FileNotFoundError, VaultBroken):
        raise
    except (BaseError, OSError) as error:
        # Its words hold the bucket's address and the request, never a key or secret.
        raise VaultBroken(str(error)[:300]) from error


def vault_at(url: str, files: FileStore, *, key: str = "", secret: str = "") -> Vault:
    """The vault of `LAKTHAN_PACKETS_STORE`: empty is the folder, else s3://bucket/prefix?….

    The query may say `endpoint` (of a server that is not Amazon's) and `region`.  Connects when
    first used.  Raises ValueError: the address is none.
    """
    if not url:
        return FolderVault(files)
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise ValueError("not an address of a bucket: s3://bucket/prefix?endpoint=…&region=…")
    said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    endpoint = said.get("endpoint")
    options: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
    store = S3Store(
        parts.netloc,
        prefix=unquote(parts.path).strip("/") or None,
        region=said.get("region", DEFAULT_REGION),
        access_key_id=key,
        secret_access_key=secret,
        retry_config=RETRIES,
        client_options={"allow_http": (endpoint or "").startswith("http://"), "timeout": TIMEOUT},
        **options,
    )
    return S3Vault(store)
