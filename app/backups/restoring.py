"""A backup is brought back: checked whole, loaded, migrated up, made to forget - then served.

From the first change to the last a mark stands in the installation's folder (`var/restoring`);
while it stands nothing is served, no job is done and no backup made, so nobody sees whom we had
forgotten.  A restore that was killed is begun again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.sessions import end_everybodys
from app.audit import anchors
from app.audit import service as audit
from app.audit.anchors import Anchor, missing_anchor
from app.backups.again import forget_again, newer_than_backup
from app.backups.checking import expect
from app.backups.copying import bring_back, issued, read_list, set_aside
from app.backups.loading import empty, load
from app.backups.service import FILES, House
from app.backups.shelf import Shelf
from app.keeping.erasures import Erased, list_of
from app.shared.errors import DomainError
from app.shared.files import sync_folder
from app.visits.tallies import first_wrong, rebuild

ASIDE = "set-aside"  # in the installation's folder: files that no record names since a restore


class NotEmpty(DomainError):
    """There are people's records in this installation already."""

    code = "not_empty"


class OtherKeys(DomainError):
    """The keys in force are not those that the backup was made with."""

    code = "other_keys"


class RestoreBusy(DomainError):
    """Another restore into this installation is under way."""

    code = "restore_busy"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and how many files of the installation were set aside for it."""

    name: str
    rows: int
    files: int
    forgotten_again: int
    set_aside: int


@dataclass(slots=True)
class Mark:
    """Whether anything was changed yet."""

    changed: bool = False


@contextmanager
def marked(path: Path) -> Iterator[Mark]:
    """While this lasts nothing is served; the mark stays where it ends badly after a change.

    Raises RestoreBusy.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stood = path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    mark = Mark(changed=stood)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            mark.changed = True  # the mark is the other's
            raise RestoreBusy from error
        sync_folder(path.parent)
        yield mark
        path.unlink(missing_ok=True)
    except BaseException:
        if not mark.changed:
            path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def forget(session: Session, listed: Iterable[Erased], now: datetime) -> int:
    """Forget again whom the list names and the backup still knew; returns how many.  Flushes."""
    newer = newer_than_backup(session, listed)
    return sum(forget_again(session, each, now=now) for each in newer)


def listed_erasures(shelf: Shelf, house: House) -> list[Erased]:
    """Whom we ever forgot: what the backups' folder knows, and the installation itself."""
    return [*(shelf.erasures.read() | list_of(house.settings).read()).values()]


def settle(session: Session, manifest: dict[str, Any], forgotten: int, now: datetime) -> None:
    """Count the tallies anew, sign browsers out, write the restore into the log, look at both.

    Who was signed out after the backup would be signed in again with it; so everybody signs in
    anew.  Phones keep their token: their unsent records must find the way.

    Raises:
        BackupDamaged: the audit log or the sums do not fit.
    """
    rebuild(session)
    session.flush()
    expect(first_wrong(session) is None, "visit_tally")
    signed_out = end_everybodys(session, now=now)
    audit.record(
        session, actor_id=None, action="backup.restored", kind="backup",
        object_id=manifest["name"][:60], now=now,
        facts={"forgotten_again": forgotten, "signed_out": signed_out},
    )  # fmt: skip
    while audit.seal(session):
        pass
    expect(audit.first_break(session) is None, "audit_entry")
    if manifest["audit"]:
        expect(missing_anchor(session, [Anchor(**manifest["audit"])]) is None, "audit_entry")


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
        RestoreBusy: nothing was changed.
        BackupDamaged, UnknownErasure, OSError: the mark stays, and nothing is served.
    """
    name, var_dir = manifest["name"], house.settings.var_dir
    folder = shelf.set_of(name)
    with marked(house.mark) as mark:
        empty(engine, lambda: setattr(mark, "changed", True))
        upgrade(manifest["revision"])
        rows = load(engine, folder, manifest)
        upgrade("head")
        with engine.connect() as connection:
            packets = {key for key, _ in issued(connection)}
        keys = bring_back(shelf, read_list(folder / FILES), house.files, house.vault, packets)
        moved = set_aside(house.files, house.vault, keys, var_dir / ASIDE / name)

        def finish(session: Session) -> int:
            forgotten = forget(session, listed_erasures(shelf, house), now)
            settle(session, manifest, forgotten, now)
            _let_go_of_anchors(session, var_dir, name)
            return forgotten

        forgotten = unit(finish)
    return Restored(name, rows, len(keys), forgotten, moved)


def _let_go_of_anchors(session: Session, var_dir: Path, name: str) -> None:
    """Rename the installation's own anchors where they are of the log that was replaced.

    The restored log ends earlier; that it does stands in it.
    """
    path = var_dir / anchors.FILE
    if path.exists() and missing_anchor(session, anchors.read_anchors(path)):
        path.replace(path.with_name(f"{path.stem}.before-{name}{path.suffix}"))
