"""Migrations: up from empty on both databases, the same tables the models say, and down again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.shared.db import db
from app.visits import word_index
from config import Settings
from tests.conftest import SentJobs


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind without a single table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    make: Callable[[], str] = request.getfixturevalue("make_postgres_database")
    return make()


@pytest.fixture
def empty_app(settings: Settings, sent: SentJobs) -> Iterator[Flask]:
    app = create_app(settings, send_job=sent)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_migrations_make_what_the_models_say(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "include_object": _is_of_models}
            )
            assert compare_metadata(context, db.metadata) == []


def _is_of_models(_object: object, name: str | None, *_: object) -> bool:
    """What the models cannot say: an index of an extension that may be missing."""
    return name != word_index.NAME


def test_running_them_again_changes_nothing(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        before = sorted(inspect(db.engine).get_table_names())
        upgrade()
        assert sorted(inspect(db.engine).get_table_names()) == before


def test_down_to_nothing_and_up_again(empty_app: Flask) -> None:
    with empty_app.app_context():
        upgrade()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()
        assert "visit" in inspect(db.engine).get_table_names()


def test_there_is_one_line_of_migrations() -> None:
    files = list((Path(__file__).parent.parent / "migrations" / "versions").glob("*.py"))
    parents = [
        line.split("=", 1)[1].strip()
        for file in files
        for line in file.read_text("utf-8").splitlines()
        if line.startswith("down_revision")
    ]
    assert len(parents) == len(set(parents))
