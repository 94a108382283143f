"""The drill: fill, back up, forget somebody, go on recording, lose everything, restore, look."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from app.audit import service as audit
from app.audit.models import AuditEntry
from app.backups import restoring, service
from app.backups.checking import check
from app.backups.cli import _house as house_of
from app.backups.cli import _unit, _upgrade
from app.backups.dump import tables
from app.backups.shelf import BackupDamaged, Shelf
from app.followups.models import Followup
from app.keeping.models import Destruction
from app.photos.destruction import destroy_photos
from app.photos.models import Photo
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.work import work
from app.upkeep.scrub_jobs import scrub
from app.visits.models import Visit, VisitRevision
from app.visits.queries import VisitFilter, visit_totals
from app.visits.service import forget_visitor, record_visit
from app.visits.tallies import first_wrong
from tests.backups.filling import PASSPHRASE, Filled, table_sums
from tests.conftest import NOW, PASSWORD, World

# What does not depend on the database is shown on one.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def back_up(app: Flask, folder: Path, after_s: int = 0) -> service.Made:
    with app.app_context():
        instant = NOW + timedelta(seconds=after_s)
        return service.back_up(db.engine, house_of(), folder, passphrase=PASSPHRASE, now=instant)


def restore(app: Flask, folder: Path, name: str | None = None) -> restoring.Restored:
    with app.app_context():
        house, shelf = house_of(), Shelf(folder)
        manifest = check(shelf, name, house.settings.signing_key)
        done = restoring.restore(
            db.engine, house, shelf, manifest, upgrade=_upgrade, unit=_unit, now=NOW
        )
        db.session.remove()
        return done


@pytest.mark.parametrize("other_kind", ["sqlite", "postgresql"])
def test_what_was_backed_up_comes_back_in_either_database(
    app: Flask, filled: Filled, elsewhere: Flask, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    made = back_up(app, folder)
    with app.app_context():
        before = table_sums(db.engine)
    done = restore(elsewhere, folder)
    assert done.rows == made.rows
    with elsewhere.app_context():
        after = table_sums(db.engine)
        log = after.pop("audit_entry"), before.pop("audit_entry")
        assert after == before  # every row of every table, byte for byte as JSON
        assert log[0] != log[1]  # that it was restored stands in the log
        session = db.session()
        assert first_wrong(session) is None
        assert audit.first_break(session) is None
        store: FileStore = elsewhere.extensions["files"]
        for sha256, data in filled.photos.items():
            assert store.read(content_key("originals", sha256)) == data
        assert not (elsewhere.config["SETTINGS"].var_dir / service.MARK).exists()
    client = elsewhere.test_client()
    answer = client.post("/sign-in", data={"login": "officer", "password": PASSWORD})
    assert answer.status_code == 303  # people sign in, and the log goes on after what is restored
    assert client.get(f"/visits/{filled.kept}").status_code == 200
    with elsewhere.app_context(), work() as w:
        assert audit.seal(w.session) >= 1
        assert audit.first_break(w.session) is None


def test_whom_we_forgot_after_the_backup_a_restore_forgets_again(
    app: Flask, filled: Filled, world: World, elsewhere: Flask, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    back_up(app, folder)
    with app.app_context():
        with work() as w:
            forget_visitor(
                w.session, filled.marked, actor=world["officer"], now=NOW, reason="ขอให้ลบ"
            )
            destroy_photos(w.session, [filled.photo], now=NOW)
        with work() as w:  # life goes on: this is lost with the database
            record_visit(w.session, filled.later, actor=world["officer"], now=NOW)
        counts = visit_totals(db.session(), world["officer"], VisitFilter())
    kept_list = app.config["SETTINGS"].var_dir / "erasures.jsonl"
    elsewhere.config["SETTINGS"].var_dir.mkdir(exist_ok=True)
    shutil.copy(kept_list, elsewhere.config["SETTINGS"].var_dir)  # it lies beside the database

    done = restore(elsewhere, folder)

    assert done.forgotten_again == 2
    with elsewhere.app_context():
        session = db.session()
        visit = session.get_one(Visit, filled.marked)
        assert (visit.leader_name, visit.phone, visit.suggestion) == (None, None, None)
        assert session.scalar(select(VisitRevision.action).where(
            VisitRevision.visit_id == filled.marked, VisitRevision.action == "forgotten"
        ))  # fmt: skip
        check = session.scalars(select(Followup).where(Followup.visit_id == filled.marked)).one()
        assert (check.reason, check.next_step) == (None, None)
        photo = session.get_one(Photo, filled.photo)
        assert photo.destroyed_at is not None
        causes = set(session.scalars(select(Destruction.cause)))
        assert causes == {"restored"}
        after = visit_totals(session, world["officer"], VisitFilter())
        assert counts.visits - after.visits == 1  # only the visit recorded since is missing
        session.rollback()
        store: FileStore = elsewhere.extensions["files"]
        scrub(store, NOW + timedelta(days=10_000))
        assert not store.exists(content_key("originals", filled.photo_sha256))


@on_sqlite
def test_the_folder_alone_knows_whom_a_later_backup_had_seen_forgotten(
    app: Flask, filled: Filled, world: World, elsewhere: Flask, tmp_path: Path
) -> None:
    """Restoring Monday's backup after Tuesday's forgetting, though the machine is gone."""
    folder = tmp_path / "backups"
    monday = back_up(app, folder)
    with app.app_context(), work() as w:
        forget_visitor(w.session, filled.marked, actor=world["officer"], now=NOW, reason="ขอให้ลบ")
    back_up(app, folder, after_s=86_400)
    assert restore(elsewhere, folder, monday.name).forgotten_again == 1
    with elsewhere.app_context():
        assert db.session().get_one(Visit, filled.marked).leader_name is None


@on_sqlite
def test_a_restore_that_fails_serves_nothing_and_is_begun_again(
    app: Flask, filled: Filled, elsewhere: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    back_up(app, folder)
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "bring_back", _full_disk)
        with pytest.raises(OSError, match="No space"):
            restore(elsewhere, folder)
    client = elsewhere.test_client()
    assert client.get("/sign-in").status_code == 503
    assert client.get("/healthz").status_code == 200
    restore(elsewhere, folder)
    assert client.get("/sign-in").status_code == 200


@on_sqlite
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    app: Flask, filled: Filled, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    made = back_up(app, folder)
    shelf = Shelf(folder)
    places = [
        shelf.set_of(None) / "tables" / "visit.jsonl.gz",
        shelf.set_of(None) / "manifest.json",
        shelf.blob(filled.photo_sha256),
    ]
    for place in places:
        whole = place.read_bytes()
        place.write_bytes(whole[:-3] + b"xyz" if place.suffix != ".json" else
                          whole.replace(b'"rows": ', b'"rows": 1', 1))  # fmt: skip
        with pytest.raises(BackupDamaged):
            restore(app, folder)
        place.write_bytes(whole)
    with app.app_context():
        assert db.session.scalar(select(func.count(Visit.id)))
        assert inspect(db.engine).has_table("visit")
        assert db.session.scalar(text("SELECT 1")) == 1
    assert check(shelf, made.name, app.config["SETTINGS"].signing_key)


def test_every_table_is_in_the_backup_but_what_is_counted_anew(app: Flask) -> None:
    assert {table.name for table in tables()} == set(db.metadata.tables) - {"visit_tally"}


@on_sqlite
def test_the_log_says_that_it_was_restored(app: Flask, filled: Filled, tmp_path: Path) -> None:
    back_up(app, tmp_path / "backups")
    restore(app, tmp_path / "backups")
    with app.app_context():
        session: Session = db.session()
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "backup.restored")
        ).one()
        assert entry.facts == {"forgotten_again": 0, "signed_out": 0}


def _full_disk(*_args: object) -> int:
    raise OSError(28, "No space left on device")
