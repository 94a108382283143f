"""Files into a backup and out of it again: each once by its digest, whatever holds it.

What lies under the name of its own digest and is in the folder already is not read again; whether
it is still whole, `check` finds.  Files that a forgetting removes meanwhile are left out.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from app.backups.shelf import Shelf, digest_of, pieces_of, private
from app.packets.models import Packet
from app.packets.vault import FolderVault, Vault
from app.shared.files import PARTIAL, FileStore

_OWN_DIGEST = re.compile(r"/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})$")
_PASSING = frozenset({"incoming", "checks"})  # what is being sent or made at the moment


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup; `in_vault`: it lay in the packets' bucket, not in the folder."""

    key: str
    sha256: str
    size_bytes: int
    in_vault: bool = False


@dataclass(slots=True)
class Copied:
    """What copying the files came to."""

    files: int = 0
    size_bytes: int = 0
    new_files: int = 0
    new_bytes: int = 0
    missing: int = 0


class Copier:
    """Copies files into the folder, and remembers what it copied."""

    def __init__(self, shelf: Shelf, before: Iterable[Kept]) -> None:
        self.shelf = shelf
        # Names that are no digest are known again by key and size: an issued packet never changes.
        named = (each for each in before if not _OWN_DIGEST.search(f"/{each.key}"))
        self.before = {(each.key, each.size_bytes): each.sha256 for each in named}
        self.sums = Copied()

    def folder(self, files: FileStore) -> Iterator[Kept]:
        """Every whole file of the store.  Raises OSError: the disk refused; BackupDamaged."""
        for path in _whole_files(files.root):
            key = path.relative_to(files.root).as_posix()
            try:
                size = path.stat().st_size
                yield self._keep(key, size, pieces_of(path), in_vault=False)
            except FileNotFoundError:  # removed since it was listed
                self.sums.missing += 1

    def bucket(self, vault: Vault, packets: Iterable[tuple[str, str | None]]) -> Iterator[Kept]:
        """Every issued packet of a bucket.  Raises OSError, BackupDamaged."""
        if isinstance(vault, FolderVault):
            return
        for key, sha256 in packets:
            size = vault.size(key)
            if size is None:
                self.sums.missing += 1
                continue
            if sha256:
                self.before[key, size] = sha256
            yield self._keep(key, size, vault.stream(key, 0, size), in_vault=True)

    def _keep(self, key: str, size: int, pieces: Iterable[bytes], *, in_vault: bool) -> Kept:
        own = _OWN_DIGEST.search(f"/{key}")
        known = own[3] if own else self.before.get((key, size))
        if known is None or not _has(self.shelf, known, size):
            known, size = self.shelf.keep(pieces, expected=known)
            self.sums.new_files += 1
            self.sums.new_bytes += size
        self.sums.files += 1
        self.sums.size_bytes += size
        return Kept(key, known, size, in_vault)


def issued(connection: Connection) -> list[tuple[str, str | None]]:
    """Keys and digests of the packets that the vault holds."""
    held = select(Packet.file_key, Packet.sha256).where(Packet.file_key.is_not(None))
    return [(key, sha256) for key, sha256 in connection.execute(held) if key]


def write_list(path: Path, kept: Iterable[Kept]) -> str:
    """Write which files a backup has; returns the list's digest."""
    with private(path) as raw, gzip.GzipFile("", "wb", 5, raw, mtime=0) as packed:
        for each in kept:
            said = [each.key, each.sha256, each.size_bytes, each.in_vault]
            packed.write(json.dumps(said, separators=(",", ":")).encode() + b"\n")
    return digest_of(path)


def read_list(path: Path) -> Iterator[Kept]:
    """The files of a backup.  Raises OSError, ValueError: the list is damaged."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield Kept(*json.loads(line))


def bring_back(shelf: Shelf, kept: Iterable[Kept], files: FileStore, vault: Vault) -> int:
    """Put a backup's files where they lay; returns how many.  What lies there already stays.

    Raises:
        OSError: the disk or the bucket refused; a second try goes on from there.
    """
    count = 0
    for each in kept:
        place = files.path(each.key)
        if not (place.is_file() and place.stat().st_size == each.size_bytes):
            with files.writing(each.key) as target:
                for piece in pieces_of(shelf.blob(each.sha256)):
                    target.write(piece)
        if each.in_vault:
            vault.put(place, each.key)
        count += 1
    return count


def _whole_files(root: Path) -> Iterator[Path]:
    """In order of their names, a folder at a time: a province has millions."""
    for folder, names, found in os.walk(root):
        if Path(folder) == root:
            names[:] = [name for name in names if name not in _PASSING]
        names[:] = sorted(name for name in names if not name.startswith("work"))
        yield from (Path(folder, name) for name in sorted(found) if not name.endswith(PARTIAL))


def _has(shelf: Shelf, sha256: str, size: int) -> bool:
    try:
        return shelf.blob(sha256).stat().st_size == size
    except FileNotFoundError:
        return False
