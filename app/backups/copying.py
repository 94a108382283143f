"""Files into a backup and out of it again: each once by its digest, whatever holds it.

What lies under the name of its own digest and is in the folder already is not read again; whether
it is still whole, `check` finds.  Files that a forgetting removes meanwhile are left out.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from app.backups.shelf import PRIVATE_FOLDER, BackupDamaged, Shelf, digest_of, private
from app.packets.models import Packet
from app.packets.vault import S3Vault, Vault
from app.shared.files import Entry, FileStore
from app.shared.folder_store import FolderStore

_OWN_DIGEST = re.compile(r"/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})$")
_PASSING = frozenset({"incoming", "checks", "going"})  # what is sent, made or removed just now


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup; `in_vault`: it lay in a bucket of the packets' own."""

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
    damaged: list[str] = field(default_factory=list)  # keys: not what their names say


class Copier:
    """Copies files into the folder, and remembers what it copied."""

    def __init__(self, shelf: Shelf, before: Iterable[Kept]) -> None:
        self.shelf = shelf
        # Names that are no digest are known again by key and size: an issued packet never changes.
        named = (each for each in before if not _OWN_DIGEST.search(f"/{each.key}"))
        self.before = {(each.key, each.size_bytes): each.sha256 for each in named}
        self.sums = Copied()

    def everything(
        self, files: FileStore, vault: Vault, packets: Iterable[tuple[str, str | None]]
    ) -> Iterator[Kept]:
        """Every whole file of the store, then issued packets that lie in a bucket of their own.

        Raises OSError: a disk or a bucket refused.
        """
        for each in _lasting(files):
            yield from self._kept(files, each.key, each.size_bytes, in_vault=False)
        if (apart := packets_apart(vault)) is None:
            return
        for key, sha256 in packets:
            size = apart.size(key)
            if size is None:
                self.sums.missing += 1
                continue
            if sha256:
                self.before[key, size] = sha256
            yield from self._kept(apart, key, size, in_vault=True)

    def _kept(self, store: FileStore, key: str, size: int, *, in_vault: bool) -> Iterator[Kept]:
        """One file, or none.  A bad one must not cost all others their backup."""
        own = _OWN_DIGEST.search(f"/{key}")
        known = own[3] if own else self.before.get((key, size))
        try:
            if known is None or not _has(self.shelf, known, size):
                known, size = self.shelf.keep(store.stream(key, 0, size), expected=known)
                self.sums.new_files += 1
                self.sums.new_bytes += size
        except FileNotFoundError:  # removed since it was listed
            self.sums.missing += 1
            return
        except BackupDamaged:
            self.sums.damaged.append(key)
            return
        self.sums.files += 1
        self.sums.size_bytes += size
        yield Kept(key, known, size, in_vault)


def packets_apart(vault: Vault) -> FileStore | None:
    """The store that holds issued packets only, where there is one."""
    return vault.files if isinstance(vault, S3Vault) else None


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


def bring_back(
    shelf: Shelf, kept: Iterable[Kept], files: FileStore, vault: Vault, packets: Collection[str]
) -> set[str]:
    """Put a backup's files where this installation looks for them; returns their keys.

    `packets` are the keys that the vault is asked for, wherever they lay.  What lies in its
    place with the same digest stays.

    Raises:
        OSError: the disk or the bucket refused; a second try goes on from there.
    """
    keys: set[str] = set()
    apart = packets_apart(vault)
    for each in kept:
        store = apart if apart is not None and each.key in packets else files
        if not _lies_whole(store, each):
            store.put_file(shelf.blob(each.sha256), each.key)
        keys.add(each.key)
    return keys


def set_aside(files: FileStore, vault: Vault, keys: Collection[str], aside: Path) -> int:
    """Move what the backup does not have out of the stores into `aside`; returns how many files.

    They came after the backup, and may be the only copies; no record names them any more.
    Raises OSError.
    """
    apart = packets_apart(vault)
    found = [(files, each.key) for each in _lasting(files) if each.key not in keys]
    if apart is not None:
        found += [(apart, each.key) for each in apart.keys("packets") if each.key not in keys]
    for store, key in found:
        place = aside / key
        place.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if isinstance(store, FolderStore):
            shutil.move(store.path(key), place)
        else:
            with private(place) as target, store.open(key) as source:
                shutil.copyfileobj(source, target)
            store.delete(key)
    return len(found)


def _lies_whole(store: FileStore, kept: Kept) -> bool:
    if store.size(kept.key) != kept.size_bytes:
        return False
    digest = hashlib.sha256()
    for piece in store.stream(kept.key, 0, kept.size_bytes):
        digest.update(piece)
    return digest.hexdigest() == kept.sha256


def _lasting(files: FileStore) -> Iterator[Entry]:
    """Every file of the store but those on their way."""
    return (each for each in files.keys("") if each.key.partition("/")[0] not in _PASSING)


def _has(shelf: Shelf, sha256: str, size: int) -> bool:
    try:
        return shelf.blob(sha256).stat().st_size == size
    except FileNotFoundError:
        return False
