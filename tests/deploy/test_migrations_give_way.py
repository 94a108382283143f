"""A migration beside the program that serves: it waits for nobody so long that others must wait."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import stamp, upgrade
from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy import table as sql_table
from sqlalchemy.exc import ProgrammingError

from app.backups.schema import head_revision
from app.shared.db import db
from tests.conftest import PASSWORD, World
from tests.sync.phone_client import Phone
from tests.test_worker import until
from tools.setup.places import ROOT

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
NEXT = """
import sqlalchemy as sa
from alembic import op
from app.shared import schema

revision = "next"
down_revision = {head!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
{body}
"""
ADD = '    op.add_column({table!r}, sa.Column("later", sa.Text(), nullable=True))\n'


@pytest.fixture
def next_release(app: Flask, tmp_path: Path) -> Callable[[str], str]:
    """A function: the migrations with one more, whose body is given; its folder."""

    def make(body: str) -> str:
        folder = tmp_path / "migrations"
        shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
        with app.app_context():
            stamp()
            text_of_it = NEXT.format(head=head_revision(), body=body)
        (folder / "versions/next.py").write_text(text_of_it)
        return str(folder)

    return make


@contextmanager
def under_way(app: Flask, folder: str, reader: Connection) -> Iterator[list[BaseException]]:
    """A migration beside the block; the list holds what it ended with, if that was bad.

    `reader` is in its way, and ends with the block.
    """
    ended: list[BaseException] = []

    def migrate() -> None:
        with app.app_context():
            try:
                upgrade(directory=folder)
            except BaseException as error:  # noqa: BLE001 - the test looks at it
                ended.append(error)

    thread = threading.Thread(target=migrate)
    thread.start()
    try:
        yield ended
    finally:
        reader.close()
        thread.join()


def wanted_locks(app: Flask) -> int:
    """How many locks a migration waits for right now."""
    asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode LIKE '%Exclusive%'")
    with app.app_context(), db.engine.connect() as connection:
        return int(connection.scalar(asked) or 0)


@pytest.mark.parametrize("tables", [["visit"], ["visit", "account"]], ids=" and ".join)
def test_while_somebody_reads_for_long_a_migration_steps_back_and_all_others_are_served(
    app: Flask, world: World, sign_in: Callable[[str], FlaskClient],
    next_release: Callable[[str], str], caplog: pytest.LogCaptureFixture, tables: list[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.WARNING, "alembic.runtime.migration")
    folder = next_release("".join(ADD.format(table=each) for each in tables))
    officer, phone = sign_in("officer"), Phone(app.test_client())
    phone.enrol("volunteer", PASSWORD)

    def everybody_is_served() -> None:
        assert officer.get("/visits").status_code == 200
        assert phone.put(phone.visit(world.centre))["status"] == "created"

    with app.app_context():
        reader = db.engine.connect()
    for table in reversed(tables):
        # and its transaction goes on
        reader.execute(select(func.count()).select_from(sql_table(table)))
    with under_way(app, folder, reader) as ended:
        until(lambda: wanted_locks(app), "the migration waiting for its lock")
        everybody_is_served()  # after a second at most, when the migration has stepped back
        until(lambda: "once more in" in caplog.text, "the migration having stepped back")
        everybody_is_served()
    assert ended == []
    with app.app_context():
        for table in tables:
            assert "later" in {each["name"] for each in inspect(db.engine).get_columns(table)}
    everybody_is_served()  # by the program of before, on the tables of after


def test_a_step_that_is_wrong_is_not_tried_again(
    app: Flask, next_release: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    folder = next_release('    op.execute("ALTER TABLE nowhere ADD COLUMN later text")')
    with app.app_context(), pytest.raises(ProgrammingError):
        upgrade(directory=folder)
    assert "once more" not in caplog.text


def test_afterwards_the_connection_waits_as_any_other(
    app: Flask, next_release: Callable[[str], str]
) -> None:
    folder = next_release(ADD.format(table="visit"))
    with app.app_context():
        upgrade(directory=folder)
        assert db.engine.pool.status()
        assert db.session.scalar(text("SHOW lock_timeout")) == "20s"


def test_an_index_is_made_beside_writers_and_one_that_was_cut_off_is_made_anew(
    app: Flask, world: World, next_release: Callable[[str], str]
) -> None:
    folder = next_release('    schema.add_index("ix_visit_later", "visit", ["trainer"])')
    phone = Phone(app.test_client())
    phone.enrol("volunteer", PASSWORD)
    with app.app_context():
        half = db.engine.connect()
    half.execute(text("CREATE INDEX ix_visit_later ON visit (trainer)"))
    half.execute(
        text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_visit_later'::regclass")
    )  # as a kill leaves it
    half.commit()
    half.execute(text("SELECT count(*) FROM visit"))
    with under_way(app, folder, half) as ended:
        until(lambda: waits_for_others(app), "the index waiting for who reads")
        assert phone.put(phone.visit(world.centre))["status"] == "created"
    assert ended == []
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_visit_later'::regclass"
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text(valid))


def waits_for_others(app: Flask) -> int:
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                 " AND query LIKE '%INDEX CONCURRENTLY%'")  # fmt: skip
    with app.app_context(), db.engine.connect() as connection:
        return int(connection.scalar(asked) or 0)
