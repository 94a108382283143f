"""What these tests share: a book with entries of several fiscal years, photos, and one night."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.photos.jobs import process
from app.photos.models import Photo
from app.photos.rules import PhotoDraft, Subject
from app.photos.service import keep_original, receive_photo
from app.retention import runs
from app.retention.models import RetentionRun
from app.retention.night_jobs import carry_on
from app.shared.clock import day_starts_at, now
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.ids import new_id
from app.shared.record import Capture
from app.shared.work import work
from app.visits.service import record_visit
from tests.conftest import World
from tests.photos import makers
from tests.visits.drafts import CONSENTED, PROGRAMME, make_draft

TODAY = date(2026, 10, 1)  # the first day of fiscal year 2570: what is of 2567 has had its time
Visit_ = Callable[..., UUID]
Night = Callable[..., RetentionRun]


@pytest.fixture
def files(app: Flask) -> FileStore:
    """Where originals and renditions lie."""
    store: FileStore = app.extensions["files"]
    return store


@pytest.fixture
def visit(app: Flask, world: World) -> Visit_:
    """A function: an entry of that day with a name, a phone and a remark, committed."""

    def record(day: date, *, centre: UUID | None = None, **facts: object) -> UUID:
        told = CONSENTED | {"visit_date": day, "suggestion": "ดีมาก โทรหาสมชายได้"} | facts
        draft = make_draft(centre or world.centre, **told)  # type: ignore[arg-type]
        with app.app_context():
            with work() as w:
                record_visit(
                    w.session, draft, actor=world["admin"],
                    now=day_starts_at(day) + timedelta(hours=5), programme=PROGRAMME,
                )  # fmt: skip
            db.session.remove()
        return draft.id

    return record


@pytest.fixture
def send(app: Flask, world: World, files: FileStore) -> Callable[..., Photo]:
    """A function: a photo of an entry, received and not processed yet."""

    def send_photo(visit_id: UUID, day: date, data: bytes | None = None) -> Photo:
        at = day_starts_at(day) + timedelta(hours=5)
        with app.app_context():
            picture = io.BytesIO(data or makers.jpeg())
            original = keep_original(files, picture, max_bytes=2_000_000)
            draft = PhotoDraft(
                id=new_id(), subject=Subject("visit", visit_id, world.centre, day),
                capture=Capture(at=at), source="camera", file_name="คุณสมชาย.jpg",
            )  # fmt: skip
            with work() as w:
                receive_photo(
                    w.session, original, draft, recorder_id=world["officer"].account_id, now=at
                )
            row = db.session.get_one(Photo, draft.id, populate_existing=True)
            db.session.remove()
        return row

    return send_photo


@pytest.fixture
def photo(app: Flask, send: Callable[..., Photo]) -> Callable[..., Photo]:
    """A function: the same, processed."""

    def send_and_process(visit_id: UUID, day: date, data: bytes | None = None) -> Photo:
        sent = send(visit_id, day, data)
        with app.app_context():
            process(str(sent.id))
            row = db.session.get_one(Photo, sent.id, populate_existing=True)
            db.session.remove()
        return row

    return send_and_process


@pytest.fixture
def night(app: Flask) -> Night:
    """A function: one whole run as of `today`; returns its row."""

    def run(today: date = TODAY) -> RetentionRun:
        with app.app_context():
            with work() as w:
                run_id = runs.begin(w.session, now()).id
            assert carry_on(run_id, today, go_on=lambda: True)
            found = db.session.scalars(select(RetentionRun).where(RetentionRun.id == run_id)).one()
            db.session.remove()
        return found

    return run


def on_disk(files: FileStore) -> set[str]:
    """The names of all files of photos and documents."""
    return {
        name
        for folder in ("originals", "previews", "renditions")
        for _, _, names in os.walk(Path(files.root) / folder)
        for name in names
    }
