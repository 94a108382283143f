"""A worker that is killed half-way through a night loses nothing: the next one goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import date

from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.keeping.models import Destruction
from app.retention import runs, service
from app.retention.models import RetentionRun
from app.retention.night_jobs import carry_on
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.visits.models import Visit
from config import Settings
from tests.retention.conftest import TODAY, Visit_


def half_a_night(settings: Settings, run_id: str) -> None:
    """In a process of its own: ends one batch, and in the middle of the second it is shot."""
    from uuid import UUID

    from app.retention import night_jobs
    from app.retention.ends import people

    app = create_app(settings, send_job=lambda *_a, **_k: None)
    service.BATCH = 2  # type: ignore[misc]
    real, asked = people.forget_visit, []

    def forget(*args: object, **how: object) -> bool:
        asked.append(1)
        if len(asked) == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **how)  # type: ignore[arg-type]

    people.forget_visit = forget  # type: ignore[assignment]
    with app.app_context():
        night_jobs.carry_on(UUID(run_id), TODAY, go_on=lambda: True)


def test_killed_in_a_batch_that_batch_is_undone_and_the_rest_goes_on(
    app: Flask, settings: Settings, visit: Visit_
):
    visits = [visit(date(2024, 5, day)) for day in range(1, 6)]
    with app.app_context():
        with work() as w:
            run_id = runs.begin(w.session, now()).id
        db.session.remove()
        db.engine.dispose()
    worker = multiprocessing.get_context("spawn").Process(
        target=half_a_night, args=(settings, str(run_id))
    )
    worker.start()
    worker.join(timeout=60)
    assert worker.exitcode == -signal.SIGKILL

    with app.app_context():
        nameless = func.count().filter(Visit.leader_name.is_(None))
        assert db.session.scalar(select(nameless)) == 2  # the first batch, and not a row more
        assert db.session.scalars(select(Destruction.n_objects)).all() == [2]
        assert db.session.get_one(RetentionRun, run_id).ended_at is None
        db.session.rollback()

        assert carry_on(run_id, TODAY, go_on=lambda: True)

        assert db.session.scalar(select(nameless)) == len(visits)
        entries = db.session.scalars(select(Destruction)).all()
        named = [each for entry in entries for each in entry.objects]
        assert sorted(named) == sorted(str(each) for each in visits)  # each one once
        run = db.session.get_one(RetentionRun, run_id, populate_existing=True)
        assert runs.total(run, "destroyed") == len(visits) and run.ended_at
    assert len(visits) < service.BATCH
