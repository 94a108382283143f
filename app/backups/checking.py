"""A backup is read against its digests, every byte, before anything is changed for its sake."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from pathlib import Path
from typing import Any

from app.backups.copying import read_list
from app.backups.dump import Dumped
from app.backups.sealing import manifest_seal
from app.backups.service import FILES, FORMAT, SEALED, dumped_in, manifest_of
from app.backups.shelf import BackupDamaged, Shelf, digest_of
from app.shared.errors import DomainError


class BackupNewer(DomainError):
    """A newer version of the program made the backup (`version`); this one cannot read it."""

    code = "backup_newer"


def check(
    shelf: Shelf,
    name: str | None,
    signing_key: str,
    *,
    revisions: Collection[str] = (),
    read: set[str] | None = None,
) -> dict[str, Any]:
    """Read every byte of a backup against its digests; returns its manifest.

    `revisions`: of the schema, those it may have; none: any.  `read` remembers the digests that
    were found whole, for the next backup of the folder: most of their files are the same.

    Raises:
        NoBackup: there is none of this name.
        BackupNewer: it was made by a newer version; not everything was read.
        BackupDamaged: something is missing or not as it was (`what`; `sha256` of a file).
        OSError: the disk does not answer.
    """
    folder = shelf.set_of(name)
    try:
        manifest = manifest_of(folder)
        if manifest["format"] != FORMAT:
            raise BackupNewer(version=manifest.get("version", "?"))
        expect(hmac.compare_digest(manifest_seal(signing_key, manifest), manifest["seal"]),
               "manifest.json")  # fmt: skip
        if revisions and manifest["revision"] not in revisions:
            raise BackupNewer(version=manifest["version"])
        _check_lists(folder, manifest)
        for kept in read_list(folder / FILES):
            _check_file(shelf, kept.key, kept.sha256, set() if read is None else read)
    except (FileNotFoundError, ValueError, KeyError, TypeError, EOFError) as error:
        raise BackupDamaged(what=_name_of(error)) from error
    return manifest


def expect(true: bool, what: str) -> None:
    """Raises BackupDamaged, naming `what`, unless `true`."""
    if not true:
        raise BackupDamaged(what=what)


def _check_lists(folder: Path, manifest: dict[str, Any]) -> None:
    for each in dumped_in(manifest):
        _check_table(folder, each)
    expect(digest_of(folder / FILES) == manifest["files"]["sha256"], FILES)
    expect(digest_of(folder / SEALED) == manifest["keys"]["sha256"], SEALED)


def _check_table(folder: Path, dumped: Dumped) -> None:
    path = folder / "tables" / f"{dumped.table}.jsonl.gz"
    expect(digest_of(path) == dumped.sha256, path.name)


def _check_file(shelf: Shelf, key: str, sha256: str, read: set[str]) -> None:
    if sha256 in read:
        return
    if digest_of(shelf.blob(sha256)) != sha256:
        raise BackupDamaged(what=key, sha256=sha256)
    read.add(sha256)


def _name_of(error: Exception) -> str:
    """The name of the file that is not there, without the folders above; else what was said."""
    if isinstance(error, FileNotFoundError) and error.filename:
        return Path(str(error.filename)).name
    return str(error)[:200]
