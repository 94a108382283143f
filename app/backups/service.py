"""A backup is made: the database as it is at one moment, the files, the keys, the erasures.

Runs beside the serving application: it reads one moment of the database, and files are written
once.  Order matters: rows first, then files, so that every row's file is there; what a forgetting
removes between the two is missing, which is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, select, text

from app.audit.anchors import Anchor, anchor_of
from app.backups.copying import Copied, Copier, Kept, issued, read_list, write_list
from app.backups.dump import Dumped, one_moment, write_tables
from app.backups.mark import MARK
from app.backups.sealing import manifest_seal, seal_keys
from app.backups.shelf import NoBackup, Shelf, digest_of, private
from app.keeping.erasures import Erased, list_of
from app.keeping.models import Erasure
from app.packets.vault import Vault
from app.shared.errors import DomainError
from app.shared.files import FileStore
from config import Settings

FORMAT = "lakthan-backup/1"
MANIFEST, FILES, SEALED = "manifest.json", "files.jsonl.gz", "keys.sealed"
KEEP_DAYS = 35  # so long lives on, here, what was forgotten; the notice promises it


class SchemaBehind(DomainError):
    """The database is not of the program's own version (`flask db upgrade`)."""

    code = "schema_behind"


class FilesDamaged(DomainError):
    """The backup was made, without `count` files of the store, the first of them `what`."""

    code = "files_damaged"


class RestoreUnfinished(DomainError):
    """A restore is under way or was cut off: what is here is not whole yet."""

    code = "restore_unfinished"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: its name, rows by table, and what was copied."""

    name: str
    rows: int
    copied: Copied


@dataclass(frozen=True, slots=True)
class House:
    """What a backup is of: the installation's settings, files and packets."""

    settings: Settings
    files: FileStore
    vault: Vault
    version: str
    head: str  # the schema's revision that the program is made for
    revisions: frozenset[str]  # all that it knows

    @property
    def mark(self) -> Path:
        """Where the mark of a restore stands."""
        return self.settings.var_dir / MARK


def back_up(engine: Engine, house: House, root: Path, *, passphrase: str, now: datetime) -> Made:
    """Make one backup in the folder `root`.  Harmless beside the live application, and twice.

    Raises:
        PassphraseTooShort, BackupBusy, SchemaBehind, RestoreUnfinished: nothing was written.
        OSError: the disk refused; there is no new backup, and the old ones are as they were.

    A file of the store that is not what its name says is left out and told (`copied.damaged`).
    """
    if house.mark.exists():
        raise RestoreUnfinished
    sealed = seal_keys(house.settings, passphrase)
    shelf = Shelf(root)
    name = now.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
    with shelf.alone(), one_moment(engine) as connection:
        _check_revision(connection, house.head)
        copier = Copier(shelf, _files_before(shelf))
        with shelf.making(name) as folder:
            manifest = _write(connection, house, folder, copier)
            with private(folder / SEALED) as file:
                file.write(sealed)
            manifest["keys"] = {"sha256": digest_of(folder / SEALED)}
            _close(manifest, house, folder, name, now)
        note_erasures(connection, house, shelf)
        return Made(name, sum(each["rows"] for each in manifest["tables"]), copier.sums)


def prune(root: Path, *, keep_days: int, now: datetime) -> tuple[int, int]:
    """Remove backups older than `keep_days`, never the newest; and files that none names.

    Returns how many of each.  Raises BackupBusy, OSError.
    """
    shelf = Shelf(root)
    with shelf.alone():
        oldest = (now.astimezone(UTC) - timedelta(days=keep_days)).strftime("%Y-%m-%dT%H%M%S")
        old = [name for name in shelf.names()[:-1] if name < oldest]
        for name in old:
            shelf.remove(name)
        wanted = {k.sha256 for name in shelf.names() for k in _files_of(shelf.set_of(name))}
        return len(old), shelf.remove_blobs(wanted.__contains__)


def note_erasures(connection: Connection, house: House, shelf: Shelf) -> None:
    """Bring the folder's list of erasures up to date: from the database and from beside it."""
    rows = connection.execute(
        select(Erasure.id, Erasure.kind, Erasure.object_id, Erasure.about, Erasure.at)
    )
    shelf.erasures.add(Erased(*row) for row in rows)
    shelf.erasures.add(list_of(house.settings).read().values())


def manifest_of(folder: Path) -> dict[str, Any]:
    """What a set says of itself.  Raises OSError, ValueError."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    return manifest


def dumped_in(manifest: dict[str, Any]) -> list[Dumped]:
    """The manifest's tables, parents first."""
    tables = [
        each | {"columns": [tuple(c) for c in each["columns"]]} for each in manifest["tables"]
    ]
    return [Dumped(**each) for each in tables]


def _write(connection: Connection, house: House, folder: Path, copier: Copier) -> dict[str, Any]:
    dumped = write_tables(connection, folder / "tables")
    anchor: Anchor | None = anchor_of(connection)
    packets = issued(connection)

    kept = copier.everything(house.files, house.vault, packets)
    list_sha256 = write_list(folder / FILES, kept)
    return {
        "tables": [each.plain() for each in dumped],
        "files": {"sha256": list_sha256, "count": copier.sums.files,
                  "size_bytes": copier.sums.size_bytes, "damaged": copier.sums.damaged},
        "audit": asdict(anchor) if anchor else None,
    }  # fmt: skip


def _close(manifest: dict[str, Any], house: House, folder: Path, name: str, now: datetime) -> None:
    manifest |= {
        "format": FORMAT, "name": name, "made_at": now.astimezone(UTC).isoformat(),
        "version": house.version, "revision": house.head,
        "province": house.settings.province_code, "programme": house.settings.programme,
    }  # fmt: skip
    manifest["seal"] = manifest_seal(house.settings.signing_key, manifest)
    with private(folder / MANIFEST) as file:
        file.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())


def _check_revision(connection: Connection, head: str) -> None:
    known = inspect(connection).has_table("alembic_version")
    found = connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    if found != head:
        raise SchemaBehind(found=found, head=head)


def _files_before(shelf: Shelf) -> Iterator[Kept]:
    try:
        yield from _files_of(shelf.set_of(None))
    except (NoBackup, OSError, ValueError):
        return


def _files_of(folder: Path) -> Iterator[Kept]:
    yield from read_list(folder / FILES)
