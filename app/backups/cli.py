"""`flask backup FOLDER` and `flask restore FOLDER`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import click
from flask import Flask, abort, current_app, request
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.backups import restoring, service
from app.backups.keys import give_keys, keys_differ
from app.backups.sealing import open_keys
from app.backups.shelf import Shelf
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError
from app.shared.work import work
from app.upkeep.scrub_jobs import scrub
from config import Settings

ASKED_OF = "LAKTHAN_BACKUP_PASSPHRASE"  # the variable that holds the passphrase
_FOLDER = click.Path(file_okay=False, path_type=Path)
_SENTENCES = {
    "backup_busy": "Another backup is being written into this folder.",
    "backup_damaged": "The backup is not whole: {what}",
    "no_backup": "There is no such backup in this folder.",
    "passphrase_too_short": "The passphrase must have at least {min} characters.",
    "wrong_passphrase": "The keys cannot be opened with this passphrase.",
    "schema_behind": "The database is at revision {found}, the program at {head}: flask db upgrade",
    "not_empty": "This installation holds records already. --replace removes them.",
    "unknown_erasure": "A newer version erased a {kind}: restore with that version.",
    "other_keys": "The keys in force are not the backup's. Get those with --write-keys FILE, set "
    "them, and restore then.",
}  # fmt: skip


def init_app(app: Flask) -> None:
    """While a restore is under way nothing is served: it may still know whom we forgot."""
    settings: Settings = app.config["SETTINGS"]
    mark = settings.var_dir / restoring.MARK

    @app.before_request
    def wait_for_the_restore() -> None:
        if request.endpoint != "upkeep.healthz" and mark.exists():
            abort(503)


@click.command("backup")
@click.argument("folder", type=_FOLDER)
@click.option("--check", is_flag=True, help="Make none: read all backups there against digests.")
@click.option("--keep-days", type=click.IntRange(1), help="Then remove backups older than this.")
@with_appcontext
def backup(folder: Path, check: bool, keep_days: int | None) -> None:
    """Back up the database, the files and the keys into FOLDER.

    The keys are sealed with the passphrase of LAKTHAN_BACKUP_PASSPHRASE, or with one asked for.
    """
    with _told():
        if check:
            _check_all(Shelf(folder))
            return
        began = monotonic()
        made = service.back_up(
            db.engine, _house(), folder, passphrase=_passphrase(confirm=True), now=now()
        )
        took = max(monotonic() - began, 0.001)
        click.echo(
            f"{made.name}: {made.rows} rows, {made.copied.files} files "
            f"({made.copied.new_files} new, {made.copied.new_bytes / 1e6:.1f} MB) in {took:.1f} s"
        )
        if made.copied.missing:
            click.echo(f"{made.copied.missing} files were removed meanwhile.")
        if keep_days:
            gone, blobs = service.prune(folder, keep_days=keep_days, now=now())
            click.echo(f"Removed {gone} old backups and {blobs} files that none needs.")


@click.command("restore")
@click.argument("folder", type=_FOLDER)
@click.option("--at", "name", help="Which backup; the newest, if not said.")
@click.option("--replace", is_flag=True, help="Remove what this installation holds.")
@click.option(
    "--write-keys", "keys_file", type=click.Path(exists=False, dir_okay=False, path_type=Path),
    help="Only write the backup's keys into this new file, as settings.",
)  # fmt: skip
@with_appcontext
def restore(folder: Path, name: str | None, replace: bool, keys_file: Path | None) -> None:
    """Bring a backup back, without whom we forgot since.  Stop the server and the workers first."""
    shelf, house = Shelf(folder), _house()
    with _told():
        sealed = (shelf.set_of(name) / service.SEALED).read_bytes()
        keys = open_keys(sealed, _passphrase(confirm=False))
        if keys_file is not None:
            give_keys(keys_file, keys)
            click.echo(f"The keys are in {keys_file.name}. Remove it when they are set.")
            return
        if keys_differ(house.settings, keys):
            raise click.ClickException(_SENTENCES["other_keys"])
        if not replace and restoring.is_filled(db.engine):
            raise restoring.NotEmpty
        manifest = restoring.check(shelf, name, keys["signing_key"])
        done = restoring.restore(
            db.engine, house, shelf, manifest, upgrade=_upgrade, unit=_unit, now=now()
        )
        scrub(house.files, now())
    click.echo(
        f"{done.name}: {done.rows} rows and {done.files} files are back; "
        f"{done.forgotten_again} people were forgotten again."
    )


def _check_all(shelf: Shelf) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    names = shelf.names()
    shelf.set_of(None)
    for name in names:
        manifest = restoring.check(shelf, name, settings.signing_key)
        rows = sum(each["rows"] for each in manifest["tables"])
        click.echo(f"{name}: {rows} rows and {manifest['files']['count']} files are whole.")


def _house() -> service.House:
    from app.backups.schema import head_revision

    extensions, settings = current_app.extensions, current_app.config["SETTINGS"]
    version: str = current_app.config["VERSION"]
    files, vault = extensions["files"], extensions["packet_vault"]
    return service.House(settings, files, vault, version, head_revision())


def _passphrase(*, confirm: bool) -> str:
    given = os.environ.get(ASKED_OF)
    if given:
        return given
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))


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
    """Refusals and a full disk, in one sentence each."""
    try:
        yield
    except DomainError as refusal:
        sentence = _SENTENCES.get(refusal.code, refusal.code)
        raise click.ClickException(sentence.format(**refusal.facts)) from refusal
    except OSError as error:
        raise click.ClickException(f"The disk refused: {error.strerror or error}") from error


COMMANDS = (backup, restore)
