"""What the photos' tests share: a store, a clock, and a way to send a picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.photos import service
from app.photos.jobs import process
from app.photos.models import Photo
from app.photos.rules import PhotoDraft, Subject
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.geo import Position
from app.shared.ids import new_id
from app.shared.record import Capture
from tests.conftest import NOW, World
from tests.photos import makers

Send = Callable[..., tuple[Photo, bool]]
MAX_BYTES = 2_000_000


@pytest.fixture
def files(app: Flask) -> FileStore:
    """Where originals and renditions lie."""
    store: FileStore = app.extensions["files"]
    return store


def receive(
    session: Session,
    files: FileStore,
    world: World,
    data: bytes | None = None,
    *,
    photo_id: UUID | None = None,
    subject: Subject | None = None,
    position: Position | None = None,
    at: datetime = NOW,
) -> tuple[Photo, bool]:
    """Send `data` as a photo of the world's first centre, as a phone does."""
    stream = io.BytesIO(makers.jpeg() if data is None else data)
    original = service.keep_original(files, stream, max_bytes=MAX_BYTES)
    draft = PhotoDraft(
        id=photo_id or new_id(),
        subject=subject or Subject("centre", world.centre, world.centre),
        capture=Capture(at=at, position=position),
        source="camera",
        file_name="IMG_0001.jpg",
    )
    return service.receive_photo(
        session, original, draft, recorder_id=world["volunteer"].account_id, now=at
    )


@pytest.fixture
def send(session: Session, files: FileStore, world: World) -> Send:
    """A function: `receive` in the test's own session."""
    return partial(receive, session, files, world)


@pytest.fixture
def put(app: Flask, files: FileStore, world: World) -> Callable[..., Photo]:
    """A function: receive a picture and, if asked, process it; for tests that use a client.

    It leaves no application context open: a client would take it, and who is signed in, over.
    """

    def put_photo(data: bytes | None = None, *, processed: bool = False, **more: object) -> Photo:
        with app.app_context():
            photo, _created = receive(db.session(), files, world, data, **more)  # type: ignore[arg-type]
            db.session.commit()
            if processed:
                process(str(photo.id))
                db.session.refresh(photo)
            db.session.remove()
        return photo

    return put_photo
