"""What is over is cleared up: never sooner than promised, and never what somebody still has."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.ids import new_id
from app.shared.work import work
from app.upkeep.jobs import sweep
from app.uploads.models import Upload
from config import ROOT
from tests.conftest import World
from tests.photos import makers
from tests.photos.conftest import receive
from tests.uploads.conftest import all_files
from tests.uploads.tus import TusPhone, sha256_of

pytestmark = pytest.mark.both_stores

PICTURE = makers.jpeg(picture=makers.scene((200, 150)))
Row = Callable[[str], Upload | None]
Age = Callable[..., None]


@pytest.fixture
def age(app: Flask, files: FileStore) -> Age:
    """A function: so many days pass for an upload (all, if none is named) and for every file."""

    def pass_by(url: str | None = None, *, days: float) -> None:
        passed = timedelta(days=days)
        with app.app_context(), work() as w:
            for upload in w.session.query(Upload):
                if url is None or upload.id == UUID(url.rpartition("/")[2]):
                    upload.touched_at -= passed
                    upload.expires_at -= passed
        for path in all_files(files):
            at = path.stat().st_mtime - passed.total_seconds()
            os.utime(path, (at, at))

    return pass_by


@pytest.fixture
def swept(app: Flask) -> Callable[[], None]:
    """A function: let the sweeper come by."""

    def run() -> None:
        with app.app_context():
            sweep()
            db.session.remove()

    return run


def test_an_upload_idle_for_29_days_goes_on_where_it_was(
    phone: TusPhone, age: Age, swept, row: Row
):
    url = phone.begin(PICTURE)
    phone.patch(url, 0, PICTURE[:500])
    age(days=29)
    swept()

    assert phone.offset(url) == 500
    assert phone.patch(url, 500, PICTURE[500:700]).status_code == 204
    age(days=29)  # thirty days from the last byte, not from the first
    swept()
    assert phone.patch(url, 700, PICTURE[700:]).status_code == 204
    assert row(url).state == "held"


def test_an_upload_idle_for_31_days_is_over(
    phone: TusPhone, age: Age, swept, row: Row, files: FileStore
):
    attachment = new_id()
    url = phone.begin(PICTURE, attachment)
    phone.patch(url, 0, PICTURE[:500])
    age(days=31)

    assert phone.head(url).status_code == 410  # also before the sweeper came by
    swept()
    assert phone.patch(url, 500, PICTURE[500:]).status_code == 410
    assert row(url).refused_code == "expired"
    assert all_files(files) == []
    assert phone.send(PICTURE, attachment) != url
    age(url, days=31)
    swept()
    assert row(url) is None


def test_held_bytes_nobody_claims_go_after_thirty_days(
    phone: TusPhone, age: Age, swept, row: Row, files: FileStore
):
    url = phone.send(PICTURE)
    age(days=29)
    swept()
    assert files.exists(content_key("originals", sha256_of(PICTURE)))

    age(days=2)
    swept()

    assert row(url) is None
    assert all_files(files) == []


def test_bytes_that_a_photo_has_stay_when_their_upload_goes(
    phone: TusPhone, age: Age, swept, row: Row, files: FileStore, app: Flask, world: World
):
    url = phone.send(PICTURE)
    with app.app_context(), work() as w:
        receive(w.session, files, world, PICTURE)  # as if a form had brought the same picture
    age(days=31)
    swept()

    assert row(url) is None
    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE


def test_bytes_that_another_upload_holds_stay(phone: TusPhone, age: Age, swept, files: FileStore):
    old, _new = phone.send(PICTURE), phone.send(PICTURE)
    age(old, days=31)
    swept()

    assert files.exists(content_key("originals", sha256_of(PICTURE)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_was_stored_again_a_moment_ago_is_not_thrown_away(files: FileStore):
    key = files.put_stream("originals", BytesIO(PICTURE), max_bytes=10**6).key
    _make_old(files.path(key), days=40)
    files.put_stream("originals", BytesIO(PICTURE), max_bytes=10**6)

    assert not files.discard(key, untouched_since=now() - timedelta(days=1))
    _make_old(files.path(key), days=40)
    assert files.discard(key, untouched_since=now() - timedelta(days=1))
    assert not files.exists(key)


def test_what_crashed_requests_left_goes_after_a_day_and_never_before(
    app: Flask, phone: TusPhone, files: FileStore, swept
):
    alive = phone.begin(PICTURE)
    phone.patch(alive, 0, PICTURE[:500])
    incoming = files.root / "incoming"
    left = [incoming / "tmp123.partial", incoming / "uploads" / str(new_id()),
            incoming / "uploads" / f"{new_id()}.whole"]  # fmt: skip
    for path in left:
        path.write_bytes(b"left")
    swept()
    assert all(path.exists() for path in left)

    for path in all_files(files):
        _make_old(path, days=2)
    swept()

    assert not any(path.exists() for path in left)
    assert phone.offset(alive) == 500


KILLED_WRITING = """
import os, signal, sys
from pathlib import Path
from app.shared.folder_store import FolderStore

store = FolderStore(Path(sys.argv[1]))

class Line:
    def read(self, size=-1):
        if os.listdir(store.root / "incoming") and os.environ.get("CAME"):
            os.kill(os.getpid(), signal.SIGKILL)
        os.environ["CAME"] = "a piece"
        return b"half"

if sys.argv[2] == "a stream":
    store.put_stream("originals", Line(), max_bytes=100)
with store.writing("renditions/ab/cd/a-picture") as target:
    target.write(b"half")
    target.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ["a stream", "a picture"])
def test_what_a_killed_process_left_half_written_is_swept_wherever_it_was_to_lie(
    files: FileStore, swept, what: str
):
    command = [sys.executable, "-c", KILLED_WRITING, str(files.root), what]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    [half] = all_files(files)
    assert half.read_bytes() in (b"half", b"")

    swept()
    assert half.exists()  # it may be somebody's who is at it
    _make_old(half, days=2)
    swept()

    assert all_files(files) == []


def _make_old(path: Path, *, days: float) -> None:
    at = (now() - timedelta(days=days)).timestamp()
    os.utime(path, (at, at))


def test_a_sweep_of_nothing_says_nothing(swept, caplog: pytest.LogCaptureFixture):
    swept()
    assert [r for r in caplog.records if "removed" in r.message] == []
