"""What the uploads' tests share: enrolled phones, and a look at rows and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.ids import new_id
from app.shared.work import work
from app.uploads.models import Upload
from tests.conftest import World
from tests.devices.phones import enrolled
from tests.uploads.tus import TusPhone

PhoneOf = Callable[[str], TusPhone]
Row = Callable[[str], Upload | None]


@pytest.fixture
def phone_of(app: Flask, world: World) -> PhoneOf:
    """A function: `phone_of("volunteer")` enrols a new phone for someone of `world`."""

    def make(who: str) -> TusPhone:
        with app.app_context(), work() as w:
            made = enrolled(w.session, world[who].account_id, now(), install_id=new_id())
            device_id = made.device.id
        client = app.test_client(use_cookies=False)
        return TusPhone(client, made.token, device_id, world[who].account_id)

    return make


@pytest.fixture
def phone(phone_of: PhoneOf) -> TusPhone:
    """The volunteer's phone."""
    return phone_of("volunteer")


@pytest.fixture
def files(app: Flask) -> FileStore:
    """Where bytes lie."""
    store: FileStore = app.extensions["files"]
    return store


@pytest.fixture
def row(app: Flask) -> Callable[[str], Upload | None]:
    """A function: the row behind an upload's address."""

    def look(url: str) -> Upload | None:
        with app.app_context():
            found = db.session().get(Upload, UUID(url.rpartition("/")[2]))
            db.session.remove()
        return found

    return look


def all_files(files: FileStore) -> list[Path]:
    """Every file of the store."""
    return sorted(path for path in files.root.rglob("*") if path.is_file())
