"""The stage, built once for all tests that only look: on SQLite, and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.accounts.tries import LIMITS, Limit
from app.shared.db import db
from config import Settings
from tests.access.cast import Cast, put_on
from tests.access.state import Undo
from tests.conftest import SentJobs


def stage(database_url: str, folder: Path) -> Flask:
    """An application on this database, whose tables and areas are there."""
    settings = Settings(
        env="test",
        secret_key="a secret for tests only, long enough",
        signing_key="A" * 43,
        database_url=database_url,
        redis_url=f"unix://{folder / 'no-redis.sock'}",
        var_dir=folder / "var",
    )
    app = create_app(settings, send_job=SentJobs())
    app.config["WTF_CSRF_ENABLED"] = False  # tests/web test the token itself
    return app


@pytest.fixture(autouse=True)
def without_ceilings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for too often is refused unread (tests/accounts/test_ceilings.py)."""
    for what in ("export", "packet", "download", "look"):
        monkeypatch.setitem(LIMITS, what, Limit(3600, ceiling=10**9))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def cast(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cast]:
    """Everybody and everything.  Tests that take it leave the database as it is."""
    folder = tmp_path_factory.mktemp("stage")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("filled_sqlite"), folder / "stage.db")
        url = f"sqlite:///{folder / 'stage.db'}"
    else:
        make: Callable[..., str] = request.getfixturevalue("make_lasting_postgres_database")
        url = make(template=request.getfixturevalue("filled_postgres"))
    app = stage(url, folder)
    yield put_on(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def undo(cast: Cast, tmp_path: Path) -> Undo:
    """A function: what is done `with undo():` is undone after it.  On SQLite: a file is quick."""
    database = Path(cast.app.config["SETTINGS"].database_url.removeprefix("sqlite:///"))

    @contextmanager
    def undone() -> Iterator[None]:
        with cast.app.app_context():
            db.session.remove()
            db.engine.dispose()  # the last connection takes the log of what was written with it
        shutil.copyfile(database, tmp_path / "before.db")
        try:
            yield
        finally:
            with cast.app.app_context():
                db.session.remove()
                db.engine.dispose()
            shutil.copyfile(tmp_path / "before.db", database)

    return undone
