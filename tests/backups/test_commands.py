"""`flask backup` and `flask restore` as processes: what they say, how they end, what they leave."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.backups import service
from app.backups.checking import check
from app.backups.sealing import manifest_seal
from app.backups.shelf import BackupDamaged, Shelf
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.web.wording import SENTENCES
from config import Settings
from tests.backups.commands import Commands
from tests.backups.filling import Filled, table_sums
from tests.conftest import PASSWORD
from tests.sync.phone_client import Phone

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def settings_of(app: Flask) -> Settings:
    settings: Settings = app.config["SETTINGS"]
    return settings


def rows_of(app: Flask) -> dict[str, list[list[object]]]:
    """Every row but the log's, which says that it was restored."""
    with app.app_context():
        sums = table_sums(db.engine)
        db.session.remove()
        db.engine.dispose()
    del sums["audit_entry"]
    return sums


def begins(code: str) -> str:
    """How the English sentence of a refusal begins: up to its first fact."""
    english = SENTENCES[code]._args[0]
    return str(english).partition("%")[0]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock as another process would."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.mark.parametrize("other_kind", ["postgresql"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_machine_is_lost_and_the_folder_and_the_passphrase_bring_it_back(
    app: Flask, filled: Filled, elsewhere: Flask, commands: Commands, folder: Path, tmp_path: Path
) -> None:
    """PostgreSQL to PostgreSQL; keys out of the backup; browsers sign in anew, phones go on."""
    phone = Phone(app.test_client())
    phone.enrol("officer", PASSWORD)
    sent = phone.visit(filled.centre)
    assert phone.put(sent)["status"] == "created"
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"login": "reviewer", "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    packet = tmp_path / "packet.zip"
    here = settings_of(app)
    commands.done(here, "packet", "build", "--quarter", "2567Q2", "--area", "56", "--out", packet)
    commands.done(here, "backup", folder)
    assert "passphrase opens the keys" in commands.done(here, "backup", folder, "--check")

    bare = settings_of(elsewhere)
    fresh = bare.model_copy(update={"secret_key": "x" * 40, "signing_key": "B" * 43})
    ended = commands.run(fresh, "restore", folder)
    assert ended.sentence.startswith(begins("other_keys"))
    keys = tmp_path / "keys.env"
    commands.done(fresh, "restore", folder, "--write-keys", keys)
    assert keys.stat().st_mode & 0o777 == 0o600
    said = dict(line.split("=", 1) for line in keys.read_text().splitlines())
    assert said["SECRET_KEY"].strip("'") == here.secret_key
    assert said["LAKTHAN_SIGNING_KEY"] == here.signing_key
    assert "0 people were forgotten again" in commands.done(bare, "restore", folder)

    before, after = rows_of(app), rows_of(elsewhere)
    assert before.pop("sign_in") != after.pop("sign_in")
    assert before == after
    store: FileStore = elsewhere.extensions["files"]
    for sha256, data in filled.photos.items():
        assert store.read(content_key("originals", sha256)) == data
    commands.done(bare, "packet", "verify", packet)  # else it ends with 1: another key's
    assert "is whole" in commands.done(
        bare, "audit", "verify", "--anchor", Shelf(folder).set_of(None) / "manifest.json"
    )
    phone.client = elsewhere.test_client()
    assert phone.put(sent)["status"] == "known"  # checks the receipt against the key it knows
    assert browser.get(f"/visits/{filled.kept}").status_code == 200
    returned = elsewhere.test_client()
    returned.set_cookie("lakthan", str(browser.get_cookie("lakthan").value))  # type: ignore[union-attr]
    assert "/sign-in" in returned.get(f"/visits/{filled.kept}").location


@on_sqlite
def test_what_cannot_be_done_is_said_in_a_sentence_and_changes_nothing(
    app: Flask, filled: Filled, commands: Commands, folder: Path, tmp_path: Path
) -> None:
    here = settings_of(app)
    commands.done(here, "backup", folder)
    before = rows_of(app)
    nowhere = tmp_path / "nowhere"
    (tmp_path / "there").write_text("other keys")
    refused = {
        "no_backup": [("restore", nowhere), ("backup", nowhere, "--check"),
                      ("restore", folder, "--at", "2020"), ("restore", folder, "--at", "../sets")],
        "not_empty": [("restore", folder)],
        "keys_file_exists": [("restore", folder, "--write-keys", tmp_path / "there")],
    }  # fmt: skip
    for code, all_words in refused.items():
        for words in all_words:
            assert commands.run(here, *words).sentence.startswith(begins(code)), words
    wrong = {"LAKTHAN_BACKUP_PASSPHRASE": "not the passphrase"}
    ended = commands.run(here, "restore", folder, "--replace", **wrong)
    assert ended.sentence.startswith(begins("wrong_passphrase"))
    assert "wrong" in commands.run(here, "backup", folder, "--check", **wrong).sentence
    short = {"LAKTHAN_BACKUP_PASSPHRASE": "short"}
    assert "at least 12" in commands.run(here, "backup", nowhere, **short).sentence
    assert commands.run(here, "backup", folder, LAKTHAN_BACKUP_PASSPHRASE="").status == 1
    assert commands.run(here, "backup", folder, "--check", "--keep-days", 3).status == 2
    assert not nowhere.exists()
    assert (tmp_path / "there").read_text() == "other keys"
    assert not (here.var_dir / service.MARK).exists()
    assert rows_of(app) == before


@on_sqlite
def test_two_at_once_are_one_and_a_sentence(
    app: Flask, filled: Filled, commands: Commands, folder: Path
) -> None:
    here, before = settings_of(app), rows_of(app)
    commands.done(here, "backup", folder)
    with locked(folder / ".lock"):
        for words in (("backup", folder), ("restore", folder, "--replace")):
            assert commands.run(here, *words).sentence.startswith(begins("backup_busy"))
    with locked(here.var_dir / service.MARK):  # another restore, which is not ours to end
        ended = commands.run(here, "restore", folder, "--replace")
        assert ended.sentence.startswith(begins("restore_busy"))
        assert (here.var_dir / service.MARK).exists()
        ended = commands.run(here, "backup", folder)
        assert ended.sentence.startswith(begins("restore_unfinished"))
    assert len(Shelf(folder).names()) == 1
    assert rows_of(app) == before


@on_sqlite
def test_every_altered_cut_or_missing_file_is_named_and_nothing_is_restored(
    app: Flask, filled: Filled, commands: Commands, folder: Path
) -> None:
    here, before = settings_of(app), rows_of(app)
    commands.done(here, "backup", folder)
    newest = Shelf(folder).set_of(None)
    places = [
        newest / "tables" / "visit.jsonl.gz", newest / "manifest.json", newest / "keys.sealed",
        newest / "files.jsonl.gz", Shelf(folder).blob(filled.photo_sha256),
    ]  # fmt: skip
    for place in places:
        whole = place.read_bytes()
        flipped = whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]
        for bad in (flipped, whole[: len(whole) // 2], None):
            place.unlink() if bad is None else place.write_bytes(bad)
            with pytest.raises(BackupDamaged):
                check(Shelf(folder), None, here.signing_key)
            if bad is None or place.name == "keys.sealed":
                sentence = commands.run(here, "restore", folder, "--replace").sentence
                assert sentence.startswith((begins("backup_damaged"), begins("wrong_passphrase")))
            place.write_bytes(whole)
    assert rows_of(app) == before
    assert not (here.var_dir / service.MARK).exists()
    commands.done(here, "restore", folder, "--replace")


@on_sqlite
def test_a_check_finds_each_damaged_backup_and_the_next_one_mends_the_file(
    app: Flask, filled: Filled, commands: Commands, folder: Path
) -> None:
    here, shelf = settings_of(app), Shelf(folder)
    for _ in range(2):
        commands.done(here, "backup", folder)
    first, _second = shelf.names()
    (shelf.set_of(first) / "keys.sealed").write_bytes(b"{}")
    shelf.blob(filled.photo_sha256).write_bytes(b"rotten")
    ended = commands.run(here, "backup", folder, "--check")
    assert ended.sentence.startswith(begins("backup_damaged"))
    assert "keys.sealed" in ended.said
    assert content_key("originals", filled.photo_sha256) in ended.said
    assert "(1 new" in commands.done(here, "backup", folder)
    shelf.remove(first)
    assert commands.done(here, "backup", folder, "--check").count("are whole") == 2


@on_sqlite
def test_one_rotten_photo_does_not_cost_the_others_their_backup(
    app: Flask, filled: Filled, commands: Commands, folder: Path
) -> None:
    here, files = settings_of(app), app.extensions["files"]
    key = content_key("originals", filled.photo_sha256)
    whole = files.read(key)
    files.path(key).write_bytes(whole[:-1] + b"?")
    ended = commands.run(here, "backup", folder, "--keep-days", 1)
    assert "1 files were damaged" in ended.sentence
    assert key in ended.sentence
    commands.done(here, "backup", folder, "--check")
    assert key in commands.done(here, "restore", folder, "--replace")
    for sha256, data in filled.photos.items():
        assert sha256 == filled.photo_sha256 or files.read(content_key("originals", sha256)) == data


@on_sqlite
def test_old_backups_go_after_their_days_and_never_the_newest(
    app: Flask, filled: Filled, commands: Commands, folder: Path
) -> None:
    here, shelf = settings_of(app), Shelf(folder)
    for days in (50, 40, 30):
        with app.app_context():
            from app.backups.cli import _house

            at = now() - timedelta(days=days)
            service.back_up(db.engine, _house(), folder, passphrase="a" * 12, now=at)
    _, _, month_old = shelf.names()
    gone = app.extensions["files"].path(content_key("originals", filled.photo_sha256))
    gone.unlink()
    assert "Removed 2 old backups and 0 files" in commands.done(
        here, "backup", folder, "--keep-days", 35
    )
    assert shelf.names()[0] == month_old
    assert shelf.blob(filled.photo_sha256).exists()  # the month-old one still needs it
    said = commands.done(here, "backup", folder, "--keep-days", 1)
    assert "Removed 1 old backups and 1 files" in said
    assert len(shelf.names()) == 2
    commands.done(here, "backup", folder, "--check")


@on_sqlite
@pytest.mark.parametrize("change", [{"revision": "9999"}, {"format": "lakthan-backup/2"}])
def test_a_backup_of_a_newer_version_is_refused_before_anything_is_touched(
    app: Flask, filled: Filled, commands: Commands, folder: Path, change: dict[str, str]
) -> None:
    here, before = settings_of(app), rows_of(app)
    commands.done(here, "backup", folder)
    path = Shelf(folder).set_of(None) / "manifest.json"
    manifest = json.loads(path.read_text()) | change | {"version": "7.5.3"}
    manifest["seal"] = manifest_seal(here.signing_key, manifest)
    path.write_text(json.dumps(manifest))
    sentence = commands.run(here, "restore", folder, "--replace").sentence
    assert sentence.startswith(begins("backup_newer"))
    assert "7.5.3" in sentence
    assert rows_of(app) == before


@on_sqlite
def test_a_database_that_was_not_upgraded_is_not_backed_up(
    app: Flask, filled: Filled, commands: Commands, folder: Path
) -> None:
    here = settings_of(app)
    for change in ("UPDATE alembic_version SET version_num = '0006'", "DROP TABLE alembic_version"):
        with app.app_context():
            with db.engine.begin() as connection:
                connection.execute(text(change))
            db.engine.dispose()
        assert "flask db upgrade" in commands.run(here, "backup", folder).sentence
    assert Shelf(folder).names() == []


def test_a_restore_in_place_goes_back_and_sets_aside_what_came_since(
    app: Flask, filled: Filled, commands: Commands, folder: Path
) -> None:
    """The same installation, both databases: rows as they were, no stray bytes in the store."""
    here, files = settings_of(app), app.extensions["files"]
    commands.done(here, "backup", folder)
    before = rows_of(app)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE visit SET suggestion = 'since'"))
    rotten = files.path(content_key("originals", filled.photo_sha256))
    rotten.write_bytes(b"?" * rotten.stat().st_size)
    files.put_bytes("originals/aa/bb/came-since", b"a photo of somebody")
    assert rows_of(app) != before
    said = commands.done(here, "restore", folder, "--replace")
    assert rows_of(app) == before
    assert rotten.read_bytes() == filled.photos[filled.photo_sha256]
    assert not files.exists("originals/aa/bb/came-since")
    aside = here.var_dir / "set-aside" / Shelf(folder).names()[0]
    assert (aside / "originals/aa/bb/came-since").read_bytes() == b"a photo of somebody"
    assert str(aside) in said
    shutil.rmtree(aside)
    commands.done(here, "backup", folder)  # life goes on
