"""Killed, out of room, and in the middle of work: no half backup, and a restore begins again.

Short forms run with the suite; `make test-faults` kills at every step (LAKTHAN_FAULTS=full).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.backups import service
from app.backups.shelf import Shelf
from app.photos.models import Photo
from app.shared.db import db
from app.shared.files import content_key
from app.shared.ids import new_id
from app.shared.work import work
from app.visits.models import Visit
from app.visits.service import record_visit
from tests.backups.commands import Commands
from tests.backups.filling import Filled, add_photo
from tests.backups.test_commands import begins, on_sqlite, rows_of, settings_of
from tests.conftest import NOW, World
from tests.faults.field import FULL
from tests.visits.drafts import make_draft

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3_600 if FULL else 180)]
SHORT = 4  # kills of a short run
BOTH = ["sqlite", "postgresql"] if FULL else ["sqlite"]


def deaths(steps: int) -> list[int]:
    """At which steps to die: all, or some of them, the first and the last among them."""
    assert steps > SHORT
    last = SHORT - 1
    return [*range(1, steps + 1)] if FULL else [1 + n * (steps - 1) // last for n in range(SHORT)]


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_a_backup_that_is_killed_is_none_and_the_next_one_is_whole(
    app: Flask, filled: Filled, commands: Commands, tmp_path: Path
) -> None:
    here, folder = settings_of(app), tmp_path / "backups"
    steps = commands.run(here, "backup", tmp_path / "trial").steps
    whole: list[str] = []
    for step in deaths(steps):
        ended = commands.run(here, "backup", folder, dies_at=step)
        assert ended.status == -9, ended.said
        found = [name for name in Shelf(folder).names() if name not in whole]
        assert len(found) <= 1  # it may have died when all was done
        whole += found
        for _ in found:
            commands.done(here, "backup", folder, "--check")
    commands.done(here, "backup", folder)
    commands.done(here, "backup", folder, "--check")
    assert len(Shelf(folder).names()) == len(whole) + 1
    assert not [*folder.rglob("*.partial")]


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_a_restore_that_is_killed_serves_nothing_and_is_begun_again(
    app: Flask, filled: Filled, elsewhere: Flask, commands: Commands, tmp_path: Path
) -> None:
    here, there, folder = settings_of(app), settings_of(elsewhere), tmp_path / "backups"
    commands.done(here, "backup", folder)
    want = rows_of(app)
    steps = commands.run(there, "restore", folder).steps
    mark, client = there.var_dir / service.MARK, elsewhere.test_client()
    died_between = 0
    for step in deaths(steps):
        ended = commands.run(there, "restore", folder, "--replace", dies_at=step)
        assert ended.status == -9, ended.said
        if mark.exists():
            died_between += 1
            assert client.get("/sign-in").status_code == 503
            assert client.get("/healthz").status_code == 200
            sentence = commands.run(there, "backup", tmp_path / "other").sentence
            assert sentence.startswith(begins("restore_unfinished"))
            commands.done(there, "restore", folder)  # the same again, and no --replace
        assert rows_of(elsewhere) == want
        assert client.get("/sign-in").status_code == 200
    assert died_between
    for sha256, data in filled.photos.items():
        assert elsewhere.extensions["files"].read(content_key("originals", sha256)) == data


@on_sqlite
def test_a_full_disk_is_told_and_what_there_was_stays(
    app: Flask, filled: Filled, elsewhere: Flask, commands: Commands, tmp_path: Path
) -> None:
    """The kernel refuses to let a file grow past the limit, as a full disk does."""
    here, there, folder = settings_of(app), settings_of(elsewhere), tmp_path / "backups"
    ended = commands.run(here, "backup", folder, largest_file=3_000)
    assert ended.sentence.startswith("The disk refused: ")
    assert Shelf(folder).names() == []
    assert not [*folder.rglob("*.partial")]
    commands.done(here, "backup", folder)
    first = Shelf(folder).names()
    assert commands.run(here, "backup", folder, largest_file=1_000).status == 1
    assert Shelf(folder).names() == first
    commands.done(here, "backup", folder, "--check")
    sentence = commands.run(there, "restore", folder, largest_file=400_000).sentence
    assert sentence.startswith(("The database refused: ", "The disk refused: "))
    assert elsewhere.test_client().get("/sign-in").status_code == 503
    commands.done(there, "restore", folder)
    assert rows_of(elsewhere) == rows_of(app)


def test_a_backup_beside_writers_is_one_moment_and_has_every_row_s_file(
    app: Flask, filled: Filled, world: World, elsewhere: Flask, commands: Commands, tmp_path: Path
) -> None:
    """Visits with a photo each, in one transaction: never one without the other."""
    folder, over, begun = tmp_path / "backups", Event(), Event()

    def go_on_recording() -> list[UUID]:
        made: list[UUID] = []
        while not over.is_set() or not made:
            draft = make_draft(world.centre, id=new_id())
            with app.app_context(), work() as w:
                record_visit(w.session, draft, actor=world["officer"], now=NOW)
                add_photo(app.extensions["files"], world, draft.id, 100 + len(made), {})
            made.append(draft.id)
            begun.set()
        return made

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(go_on_recording)
        assert begun.wait(60)
        commands.done(settings_of(app), "backup", folder)
        commands.done(settings_of(app), "backup", folder)
        over.set()
        made = writer.result(60)
    commands.done(settings_of(elsewhere), "restore", folder)  # checks sums and the audit chain
    store = elsewhere.extensions["files"]
    with elsewhere.app_context():
        session = db.session()
        there = set(session.scalars(select(Visit.id).where(Visit.id.in_(made))))
        pictured = set(session.scalars(select(Photo.subject_id).where(Photo.subject_id.in_(made))))
        assert there == pictured
        assert session.scalar(select(func.count(Visit.id)).where(Visit.id.in_(made)))
        for sha256 in session.scalars(select(Photo.original_sha256)):
            assert store.exists(content_key("originals", str(sha256)))
