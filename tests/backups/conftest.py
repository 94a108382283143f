"""What every test of backups may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import stamp

from app import create_app
from app.shared.db import db
from config import Settings
from tests.backups.commands import Commands, forking
from tests.backups.filling import Filled, fill
from tests.conftest import SentJobs, World


@pytest.fixture(scope="session")
def commands() -> Iterator[Commands]:
    """`flask …` in processes of their own."""
    with forking() as started:
        yield started


@pytest.fixture
def filled(app: Flask, world: World) -> Filled:
    """A book with people in it, photos, a follow-up, an audit log; at the newest revision."""
    with app.app_context():
        stamp()
        return fill(app, world)


@pytest.fixture
def other_kind() -> str:
    """Which database the other installation has."""
    return "sqlite"


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest,
    other_kind: str,
    settings: Settings,
    tmp_path: Path,
    sent: SentJobs,
) -> Iterator[Flask]:
    """Another installation with the same keys and an empty database."""
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    if other_kind == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("make_postgres_database")
        url = make()
    var_dir = tmp_path / "elsewhere"
    app = create_app(
        settings.model_copy(update={"database_url": url, "var_dir": var_dir}), send_job=sent
    )
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
