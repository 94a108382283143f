"""`flask backup FOLDER` and `flask restore FOLDER`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.backups import loading, restoring, service
from app.backups.checking import check as check_backup
from app.backups.keys import give_keys, keys_differ
from app.backups.sealing import open_keys
from app.backups.shelf import BackupDamaged, Shelf
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError
from app.shared.work import work
from app.upkeep.scrub_jobs import scrub
from app.web.wording import wording
from config import Settings

ASKED_OF = "LAKTHAN_BACKUP_PASSPHRASE"  # the variable that holds the passphrase
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("backup")
@click.argument("folder", type=_FOLDER)
@click.option("--check", is_flag=True, help="Make none: read all backups there against digests.")
@click.option("--keep-days", type=click.IntRange(1), help="Then remove backups older than this.")
@with_appcontext
def backup(folder: Path, check: bool, keep_days: int | None) -> None:
    """Back up the database, the files and the keys into FOLDER.

    The keys are sealed with the passphrase of LAKTHAN_BACKUP_PASSPHRASE, or with one asked for.
    """
    if check and keep_days:
        raise click.UsageError("--check removes nothing: give --keep-days without it.")
    with _told():
        if check:
            _check_all(Shelf(folder))
            return
        began = monotonic()
        made = service.back_up(
            db.engine, _house(), folder, passphrase=_passphrase(confirm=True), now=now()
        )
        _tell(made, max(monotonic() - began, 0.001))
        if keep_days:
            gone, blobs = service.prune(folder, keep_days=keep_days, now=now())
            click.echo(f"Removed {gone} old backups and {blobs} files that none needs.")


@click.command("restore")
@click.argument("folder", type=_FOLDER)
@click.option("--at", "name", help="Which backup; the newest, if not said.")
@click.option("--replace", is_flag=True, help="Remove what this installation holds.")
@click.option(
    "--write-keys", "keys_file", type=click.Path(dir_okay=False, path_type=Path),
    help="Only write the backup's keys into this new file, as settings.",
)  # fmt: skip
@with_appcontext
def restore(folder: Path, name: str | None, replace: bool, keys_file: Path | None) -> None:
    """Bring a backup back, without whom we forgot since.  Stop the server and the workers first.

    One that was cut off is begun again with the same command.
    """
    shelf, house = Shelf(folder), _house()
    with _told(), shelf.reading():
        keys = _keys_in(shelf, name, _passphrase(confirm=False))
        if keys_file is not None:
            give_keys(keys_file, keys)
            click.echo(f"The keys are in {keys_file.name}. Remove it when they are set.")
            return
        if keys_differ(house.settings, keys):
            raise restoring.OtherKeys
        if not (replace or house.mark.exists()) and loading.is_filled(db.engine):
            raise restoring.NotEmpty
        manifest = check_backup(shelf, name, keys["signing_key"], revisions=house.revisions)
        done = restoring.restore(
            db.engine, house, shelf, manifest, upgrade=_upgrade, unit=_unit, now=now()
        )
        scrub(house.files, now())
    _tell_restored(done, manifest, house.settings)


def _tell(made: service.Made, took_s: float) -> None:
    copied = made.copied
    click.echo(
        f"{made.name}: {made.rows} rows, {copied.files} files "
        f"({copied.new_files} new, {copied.new_bytes / 1e6:.1f} MB) in {took_s:.1f} s"
    )
    if copied.missing:
        click.echo(f"{copied.missing} files were removed meanwhile.")
    if copied.damaged:  # nothing is pruned now: an older backup may be the better one
        count, first = len(copied.damaged), copied.damaged[0]
        raise service.FilesDamaged(count=count, what=first)


def _tell_restored(done: restoring.Restored, manifest: dict[str, Any], settings: Settings) -> None:
    click.echo(
        f"{done.name}: {done.rows} rows and {done.files} files are back; "
        f"{done.forgotten_again} people were forgotten again."
    )
    click.echo("Everybody signs in anew; phones go on. Phones lost since then: lock them again.")
    if lost := manifest["files"]["damaged"]:
        click.echo(f"{len(lost)} files were damaged before the backup: {', '.join(lost[:5])}")
    if done.set_aside:
        aside = settings.var_dir / restoring.ASIDE / done.name
        click.echo(f"{done.set_aside} files that came after the backup lie in {aside}.")


def _check_all(shelf: Shelf) -> None:
    """Check every backup of the folder, and tell of each; damage in one does not hide the rest."""
    settings: Settings = current_app.config["SETTINGS"]
    shelf.set_of(None)
    read: set[str] = set()
    damaged: list[BackupDamaged] = []
    for name in shelf.names():
        try:
            _check_one(shelf, name, settings.signing_key, read)
        except BackupDamaged as found:
            damaged.append(found)
            click.echo(f"{name}: {_sentence(found)}")
            if "sha256" in found.facts:
                with suppress(OSError):  # a disk only for reading: nothing is mended, but told
                    shelf.set_aside(str(found.facts["sha256"]))
    if damaged:
        raise damaged[0]


def _check_one(shelf: Shelf, name: str, signing_key: str, read: set[str]) -> None:
    manifest = check_backup(shelf, name, signing_key, read=read)
    rows = sum(each["rows"] for each in manifest["tables"])
    opened = ""
    if given := _given_passphrase():
        _keys_in(shelf, name, given)
        opened = " The passphrase opens the keys."
    click.echo(f"{name}: {rows} rows and {manifest['files']['count']} files are whole.{opened}")


def _keys_in(shelf: Shelf, name: str | None, passphrase: str) -> dict[str, str]:
    try:
        sealed = (shelf.set_of(name) / service.SEALED).read_bytes()
    except FileNotFoundError as error:
        raise BackupDamaged(what=service.SEALED) from error
    return open_keys(sealed, passphrase)


def _house() -> service.House:
    from app.backups.schema import head_revision, known_revisions

    extensions, settings = current_app.extensions, current_app.config["SETTINGS"]
    version: str = current_app.config["VERSION"]
    files, vault = extensions["files"], extensions["packet_vault"]
    return service.House(settings, files, vault, version, head_revision(), known_revisions())


def _passphrase(*, confirm: bool) -> str:
    given = _given_passphrase()
    return given or str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))


def _given_passphrase() -> str:
    """Of the environment, or of the file that `…_FILE` names, as other secrets are given."""
    if path := os.environ.get(f"{ASKED_OF}_FILE"):
        return Path(path).read_text("utf-8").strip()
    return os.environ.get(ASKED_OF, "")


def _upgrade(revision: str) -> None:
    from flask_migrate import upgrade

    db.session.remove()
    db.engine.dispose()
    upgrade(revision=revision)


def _unit(act: Callable[[Session], int]) -> int:
    with work() as w:
        return act(w.session)


@contextmanager
def _told() -> Iterator[None]:
    """Refusals, a full disk and a database that is away, in one sentence each."""
    try:
        yield
    except DomainError as refusal:
        raise click.ClickException(_sentence(refusal)) from refusal
    except OSError as error:
        raise click.ClickException(f"The disk refused: {error.strerror or error}") from error
    except DBAPIError as error:
        said = str(error.orig).partition("\n")[0]  # the lines below may quote a row
        raise click.ClickException(f"The database refused: {said}") from error


def _sentence(refusal: DomainError) -> str:
    with force_locale("en"):  # a terminal's language, as of every other command
        return wording(refusal.code, refusal.facts)


COMMANDS = (backup, restore)
