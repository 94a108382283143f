"""Upkeep: lost work is rung for again, and health tells the truth and no secrets."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import create_app
from app.audit.models import AuditEntry
from app.shared.db import db
from app.upkeep import health
from app.upkeep.jobs import sweep
from config import Settings
from tests.conftest import SentJobs, World


def test_a_sweep_seals_what_was_done(app: Flask, world: World) -> None:
    with app.app_context():
        sweep()
        unsealed = db.session.scalars(select(AuditEntry).where(AuditEntry.position.is_(None)))
        assert unsealed.all() == []


def test_a_sweep_with_nothing_to_do_rings_for_nothing(
    app: Flask, world: World, sent: SentJobs
) -> None:
    with app.app_context():
        sweep()
        sweep()
    assert sent.jobs == []


def test_a_sweep_goes_on_while_the_store_is_away(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def is_away(*_args: object, **_kwargs: object) -> NoReturn:
        raise OSError(errno.EIO, "the bucket does not answer")

    for asked in ("left_behind", "remove_files", "clear_left_over"):
        monkeypatch.setattr(f"app.upkeep.jobs.{asked}", is_away)
    with app.app_context():
        sweep()
        unsealed = db.session.scalars(select(AuditEntry).where(AuditEntry.position.is_(None)))
        assert unsealed.all() == []
    assert "the store is away" in caplog.text


def test_health_answers_without_sign_in(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}


def test_ready_names_the_part_that_is_down(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["parts"]["queue"] == "down"  # the test's Redis is not there
    assert answer.json["parts"]["disk"] == "ok"


def test_a_web_host_stays_in_service_without_the_queue_where_it_is_asked_so(
    client: FlaskClient, app: Flask
) -> None:
    with app.app_context():
        db.session.execute(text("create table alembic_version (version_num text)"))
        db.session.commit()
        db.session.remove()
    answer = client.get("/readyz?without=queue")
    assert (answer.status_code, answer.json["parts"]["queue"]) == (200, "down")
    assert client.get("/readyz").status_code == 503


def test_ready_tells_no_secrets(client: FlaskClient, settings: Settings) -> None:
    text = client.get("/readyz").text
    for secret in (settings.redis_url, settings.database_url, str(settings.var_dir), "Flask"):
        assert secret not in text


def test_a_real_queue_is_found_ready(redis_url: str) -> None:
    assert health.queue_ready(redis_url)


def test_a_database_that_was_never_migrated_is_not_ready(
    settings: Settings, sent: SentJobs
) -> None:
    app = create_app(settings, send_job=sent)
    with app.app_context():
        assert not health.database_ready(db.session())
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_folder_that_is_gone_is_not_ready(settings: Settings, tmp_path: Path) -> None:
    assert health.disk_ready(tmp_path)
    assert not health.disk_ready(tmp_path / "gone")
