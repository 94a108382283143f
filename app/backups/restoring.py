"""A backup is brought back: checked whole, loaded, migrated up, made to forget - then served.

From the first change to the last a mark stands in the installation's folder (`var/restoring`);
while it stands nothing is served and no job is done, so nobody sees whom we had forgotten.  A
restore that was killed is begun again.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, column, func, insert, select, table, text
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.audit import service as audit
from app.audit.anchors import Anchor, missing_anchor
from app.backups.again import forget_again, newer_than_backup
from app.backups.copying import bring_back, read_list
from app.backups.dump import Dumped, read_rows
from app.backups.sealing import manifest_seal
from app.backups.service import FILES, SEALED, House, dumped_in, manifest_of
from app.backups.shelf import BackupDamaged, Shelf, digest_of
from app.backups.values import type_of
from app.keeping.erasures import Erased, list_of
from app.shared.db import WRITES
from app.shared.errors import DomainError
from app.visits.models import Visit
from app.visits.tallies import first_wrong, rebuild

MARK = "restoring"


class NotEmpty(DomainError):
    """There are people's records in this installation already."""

    code = "not_empty"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back."""

    name: str
    rows: int
    files: int
    forgotten_again: int


def check(shelf: Shelf, name: str | None, signing_key: str | None) -> dict[str, Any]:
    """Read every byte of a backup against its digests; returns its manifest.

    `signing_key` None: the seal is not looked at.

    Raises:
        NoBackup: there is none of this name.
        BackupDamaged: something is missing or not as it was.
        OSError: the disk does not answer.
    """
    folder = shelf.set_of(name)
    try:
        manifest = manifest_of(folder)
        sealed = manifest_seal(signing_key, manifest) if signing_key else manifest["seal"]
        _expect(hmac.compare_digest(sealed, manifest["seal"]), "manifest.json")
        for each in dumped_in(manifest):
            _check_table(folder, each)
        _expect(digest_of(folder / FILES) == manifest["files"]["sha256"], FILES)
        _expect((folder / SEALED).is_file(), SEALED)
        for kept in read_list(folder / FILES):
            _expect(digest_of(shelf.blob(kept.sha256)) == kept.sha256, kept.key)
    except (FileNotFoundError, ValueError, KeyError, TypeError, EOFError) as error:
        raise BackupDamaged(what=str(error)[:200]) from error
    return manifest


def is_filled(engine: Engine) -> bool:
    """Whether people's records are in the database already."""
    with engine.connect() as connection:
        present = set(_reflected(connection).tables)
        for model in (Account, Visit):
            name = model.__tablename__
            if name in present and connection.execute(select(model.id).limit(1)).first():
                return True
    return False


@contextmanager
def marked(var_dir: Path) -> Iterator[None]:
    """While this lasts nothing is served; the mark stays where it ends badly."""
    mark = var_dir / MARK
    var_dir.mkdir(parents=True, exist_ok=True)
    mark.touch(mode=0o600)
    yield
    mark.unlink(missing_ok=True)


def empty(engine: Engine) -> None:
    """Remove every table there is."""
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        _reflected(connection).drop_all(connection)


def load(engine: Engine, folder: Path, manifest: dict[str, Any]) -> int:
    """Write the backup's rows into the empty tables of its revision; returns how many.

    One transaction: all rows or none.  Raises BackupDamaged, OSError.
    """
    rows = 0
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        for dumped in dumped_in(manifest):
            rows += _load_table(connection, folder, dumped)
        _advance_sequences(connection)
    return rows


def forget(session: Session, listed: Iterable[Erased], now: datetime) -> int:
    """Forget again whom the list names and the backup still knew; returns how many.  Flushes."""
    newer = newer_than_backup(session, listed)
    return sum(forget_again(session, each, now=now) for each in newer)


def listed_erasures(shelf: Shelf, house: House) -> list[Erased]:
    """Whom we ever forgot: what the backups' folder knows, and the installation itself."""
    return [*(shelf.erasures.read() | list_of(house.settings).read()).values()]


def settle(session: Session, manifest: dict[str, Any], forgotten: int, now: datetime) -> None:
    """Count the tallies anew, write the restore into the log, and see that both are whole.

    Raises:
        BackupDamaged: the audit log or the sums do not fit.
    """
    rebuild(session)
    session.flush()
    _expect(first_wrong(session) is None, "visit_tally")
    audit.record(
        session, actor_id=None, action="backup.restored", kind="backup",
        object_id=manifest["name"][:60], now=now, facts={"forgotten_again": forgotten},
    )  # fmt: skip
    while audit.seal(session):
        pass
    _expect(audit.first_break(session) is None, "audit_entry")
    if manifest["audit"]:
        _expect(missing_anchor(session, [Anchor(**manifest["audit"])]) is None, "audit_entry")


def restore(
    engine: Engine,
    house: House,
    shelf: Shelf,
    manifest: dict[str, Any],
    *,
    upgrade: Callable[[str], None],
    unit: Callable[[Callable[[Session], int]], int],
    now: datetime,
) -> Restored:
    """Bring a checked backup back into this installation, in place of what is there.

    `upgrade` migrates the schema to a revision; `unit` does something in a unit of work.
    Harmless when begun again after a kill.

    Raises:
        BackupDamaged, UnknownErasure, OSError: the mark stays, and nothing is served.
    """
    folder = shelf.set_of(manifest["name"])
    with marked(house.settings.var_dir):
        empty(engine)
        upgrade(manifest["revision"])
        rows = load(engine, folder, manifest)
        upgrade("head")
        files = bring_back(shelf, read_list(folder / FILES), house.files, house.vault)

        def finish(session: Session) -> int:
            forgotten = forget(session, listed_erasures(shelf, house), now)
            settle(session, manifest, forgotten, now)
            return forgotten

        forgotten = unit(finish)
    return Restored(manifest["name"], rows, files, forgotten)


def _check_table(folder: Path, dumped: Dumped) -> None:
    path = folder / "tables" / f"{dumped.table}.jsonl.gz"
    _expect(digest_of(path) == dumped.sha256, path.name)


def _load_table(connection: Connection, folder: Path, dumped: Dumped) -> int:
    into = table(
        dumped.table,
        *(column(name, type_of(tag, nullable=null)) for name, tag, null in dumped.columns),
    )
    connection.execute(into.delete())  # what the schema itself comes with
    for batch in read_rows(folder / "tables" / f"{dumped.table}.jsonl.gz", dumped):
        connection.execute(insert(into), batch)
    count = connection.scalar(select(func.count()).select_from(into)) or 0
    _expect(count == dumped.rows, dumped.table)
    return count


def _advance_sequences(connection: Connection) -> None:
    """On PostgreSQL the next number of a table comes after those that were loaded."""
    if connection.dialect.name != "postgresql":
        return
    for each in _reflected(connection).tables.values():
        for key in each.primary_key.columns:
            named = {"table": each.name, "key": key.name}
            sequence = text("SELECT pg_get_serial_sequence(:table, :key)")
            if key.type.python_type is int and connection.scalar(sequence, named):
                newest = connection.scalar(select(func.max(key)))
                if newest:
                    advance = text("SELECT setval(pg_get_serial_sequence(:table, :key), :newest)")
                    connection.execute(advance, named | {"newest": newest})


def _reflected(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def _expect(true: bool, what: str) -> None:
    if not true:
        raise BackupDamaged(what=what)
