"""A backup made by the role that may only read is brought back by the role that owns the tables."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from app.areas.service import load_areas
from app.keeping.models import Erasure
from app.shared.db import db
from app.shared.work import work
from app.upkeep.scrubbing import clean_database
from app.visits.models import Visit
from app.visits.service import forget_visitor
from tests.backups.filling import PASSPHRASE, Filled, fill, table_sums
from tests.conftest import NOW, PASSWORD, World
from tests.deploy.conftest import applications
from tests.deploy.test_database_roles import app_as, run_roles
from tests.sync.phone_client import Phone

AGAIN = {"sign_in", "audit_entry", "alembic_version"}  # a restore says so in the log, signs out


@pytest.fixture
def make_installation(make_postgres_database: Callable[..., str]) -> Iterator[Callable[..., str]]:
    """A function: an empty database with the roles of deploy/, its owner the tables' owner."""
    made: list[str] = []

    def make() -> str:
        made.append(make_postgres_database())
        run_roles(made[-1])
        return made[-1]

    yield make


@pytest.fixture
def as_role(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """A function: the application as a role, in the folder of its installation."""
    with applications() as made:

        def make(role: str, url: str, installation: str = "here") -> Flask:
            made.append(app_as(role, url, tmp_path / installation))
            made[-1].config["WTF_CSRF_ENABLED"] = False
            return made[-1]

        yield make


@pytest.fixture
def here(make_installation: Callable[..., str], as_role: Callable[..., Flask]) -> str:
    """An installation's database with its tables."""
    url = make_installation()
    with as_role("owner", url).app_context():
        upgrade()
    run_roles(url)
    return url


@pytest.fixture
def app(here: str, as_role: Callable[..., Flask]) -> Flask:
    """The one that serves: rows, not tables."""
    serving = as_role("app", here)
    with serving.app_context():
        load_areas(db.session())
        db.session.commit()
    return serving


@pytest.fixture
def filled(app: Flask, world: World) -> Filled:
    with app.app_context():
        return fill(app, world)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAKTHAN_BACKUP_PASSPHRASE", PASSPHRASE)
    return tmp_path / "backups"


def command(app: Flask, *words: object) -> str:
    done = app.test_cli_runner().invoke(args=[str(word) for word in words])
    assert done.exit_code == 0, f"{done.output}\n{done.exception!r}"
    return done.output


def rows_of(app: Flask) -> dict[str, list[list[object]]]:
    with app.app_context():
        sums = table_sums(db.engine)
        db.session.remove()
    return {name: rows for name, rows in sums.items() if name not in AGAIN}


def assert_serves(app: Flask, url: str, world: World) -> None:
    """The application's role signs in, reads and writes; it still changes no table."""
    officer = app.test_client()
    assert (
        officer.post("/sign-in", data={"login": "officer", "password": PASSWORD}).status_code == 303
    )
    assert officer.get("/visits").status_code == 200
    phone = Phone(app.test_client())
    phone.enrol("volunteer", PASSWORD)
    assert phone.put(phone.visit(world.centre))["status"] == "created"
    run_roles(url)  # as docs/operations.md says
    with app.app_context():
        lacking = {
            f"{right} {table.name}"
            for table in db.metadata.sorted_tables
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if not db.session.scalar(
                text("select has_table_privilege(:table, :right)"),
                {"table": table.name, "right": right},
            )
        }
        assert "DELETE audit_entry" in lacking
        assert {each for each in lacking if not each.startswith("TRUNCATE")} == {
            "DELETE audit_entry"
        }
        assert len(lacking) == len(db.metadata.sorted_tables) + 1
        db.session.remove()


def test_an_installation_with_roles_is_lost_and_brought_back(
    app: Flask, here: str, filled: Filled, world: World, folder: Path,
    make_installation: Callable[..., str], as_role: Callable[..., Flask],
) -> None:  # fmt: skip
    before = rows_of(app)
    command(as_role("backup", here), "backup", folder)

    elsewhere = make_installation()
    owner = as_role("owner", elsewhere, "there")
    assert "0 people were forgotten again" in command(owner, "restore", folder)

    serving = as_role("app", elsewhere, "there")
    assert rows_of(serving) == before
    assert_serves(serving, elsewhere, world)
    (manifest,) = folder.glob("sets/*/manifest.json")
    assert "is whole" in command(serving, "audit", "verify", "--anchor", manifest)
    with as_role("upkeep", elsewhere, "there").app_context():
        assert clean_database(db.engine)


def test_whom_we_forgot_since_the_owner_forgets_again_and_leaves_no_bytes(
    app: Flask, here: str, filled: Filled, world: World, folder: Path,
    make_installation: Callable[..., str], as_role: Callable[..., Flask],
) -> None:  # fmt: skip
    command(as_role("backup", here), "backup", folder)
    with app.app_context(), work() as w:
        forget_visitor(w.session, filled.marked, actor=world["officer"], now=NOW, reason="ขอให้ลบ")
    elsewhere = make_installation()
    owner = as_role("owner", elsewhere, "there")
    there = owner.config["SETTINGS"].var_dir
    there.mkdir(parents=True, exist_ok=True)
    shutil.copy(app.config["SETTINGS"].var_dir / "erasures.jsonl", there)
    assert "1 people were forgotten again" in command(owner, "restore", folder)
    with owner.app_context():
        assert db.session.get_one(Visit, filled.marked).leader_name is None
        assert db.session.scalars(select(Erasure.scrubbed_at)).all() != [None]
        db.session.remove()


def test_in_place_of_what_is_there_the_owner_brings_it_back_too(
    app: Flask, here: str, filled: Filled, world: World, folder: Path,
    as_role: Callable[..., Flask],
) -> None:  # fmt: skip
    before = rows_of(app)
    command(as_role("backup", here), "backup", folder)
    phone = Phone(app.test_client())
    phone.enrol("volunteer", PASSWORD)
    phone.put(phone.visit(world.centre))
    command(as_role("owner", here), "restore", folder, "--replace")
    assert rows_of(app) == before
    assert_serves(app, here, world)


@pytest.mark.parametrize("role", ["app", "backup"])
def test_a_role_that_does_not_own_the_tables_is_refused_and_changes_nothing(
    app: Flask, here: str, filled: Filled, folder: Path, as_role: Callable[..., Flask], role: str
) -> None:
    command(as_role("backup", here), "backup", folder)
    before = rows_of(app)
    other = as_role(role, here)
    ended = other.test_cli_runner().invoke(args=["restore", str(folder), "--replace"])
    assert ended.exit_code == 1
    assert "Error: The database refused: must be owner" in ended.output
    assert rows_of(app) == before
    assert app.test_client().get("/sign-in").status_code == 200  # no mark was left
    with app.app_context():
        assert db.session.scalar(select(func.count(Visit.id))) == 8
