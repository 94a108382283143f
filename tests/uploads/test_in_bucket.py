"""With the files in a bucket: any host goes on, nothing is told that is not there, links are short.

Each test runs once, on SQLite: what databases do differently, the others ask.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.photos import claims
from app.photos.jobs import process
from app.photos.models import Photo
from app.shared.bucket_store import BucketStore
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import content_key
from app.upkeep.jobs import sweep
from config import Settings
from tests.photos import makers
from tests.photos.conftest import put
from tests.plugins.fault_proxy import Fault, FaultProxy
from tests.plugins.product import Product
from tests.uploads.tus import TusPhone, sha256_of
from tests.uploads.wire import WirePhone

__all__ = ["put"]
pytestmark = pytest.mark.parametrize("database_url", ["bucket"], indirect=True)
PICTURE = makers.jpeg() + os.urandom(3_000_000)
SMALL = makers.jpeg()
HALF = len(PICTURE) // 2


@pytest.fixture
def broken_line(
    settings: Settings, bucket_server: str, make_fault_proxy: Callable[[str], FaultProxy]
) -> tuple[str, FaultProxy]:
    """The store's address over a line that can be broken, and the line."""
    proxy = make_fault_proxy(bucket_server)
    return settings.store.replace(bucket_server, proxy.address), proxy


def test_two_hosts_share_an_upload_and_one_is_killed_in_the_middle(
    phone: TusPhone,
    files: BucketStore,
    settings: Settings,
    start_product: Callable[..., Product],
    tmp_path: Path,
):
    hosts = []
    for name in ("one", "two"):
        host = start_product()
        host.settings = settings.model_copy(update={"var_dir": tmp_path / name})
        host.folder = tmp_path / name
        host.folder.mkdir()
        host.start("web")
        hosts.append(host)
    one, two = (WirePhone(phone, host.address) for host in hosts)

    url = one.begin(PICTURE, UUID(int=7))
    assert one.patch(url, 0, PICTURE[:HALF]) == 204
    hosts[0].kill("web")
    assert two.offset(url) == HALF
    assert two.patch(url, HALF, PICTURE[HALF:]) == 204
    assert two.offset(url) == len(PICTURE)

    key = content_key("originals", sha256_of(PICTURE))
    assert files.read(key) == PICTURE
    assert [each.key for each in files.keys("")] == [key]


def test_pieces_that_overlap_are_one_file(phone: TusPhone, files: BucketStore):
    """Two lines that bring the same stretch: neither waits, and the longer of them counts."""
    url = phone.begin(PICTURE)
    folder = f"incoming/uploads/{url.rpartition('/')[2]}"
    for start, stop in ((0, 1000), (0, 5000), (2000, 9000), (20_000, 30_000)):
        files.put_bytes(f"{folder}/{start:012d}-{stop:012d}", PICTURE[start:stop])
    assert phone.offset(url) == 9000
    assert phone.patch(url, 9000, PICTURE[9000:]).status_code == 204
    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE


@pytest.mark.parametrize("kind", ["500", "hangs", "cut"])
def test_a_bucket_that_fails_costs_a_phone_nothing_that_was_told(
    kind: str,
    app: Flask,
    phone: TusPhone,
    files: BucketStore,
    broken_line: tuple[str, FaultProxy],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("app.shared.bucket.READ_S", 1)
    monkeypatch.setattr("app.shared.bucket.TRIES", 1)
    url = phone.begin(PICTURE)
    assert phone.patch(url, 0, PICTURE[:HALF]).status_code == 204

    from tests.shared.test_stores import BROKEN, bucket_at

    address, line = broken_line
    line.faults.append({
        "500": Fault("answer", answer=BROKEN, times=99),
        "hangs": Fault("silence", 200_000, times=99),
        "cut": Fault("reset", 200_000, times=99),
    }[kind])  # fmt: skip
    app.extensions["files"] = bucket_at(address, tmp_path / "far")
    failed = phone.patch(url, HALF, PICTURE[HALF:])
    assert (failed.status_code, failed.json["code"]) == (503, "unavailable")

    app.extensions["files"] = files
    reached = phone.offset(url)
    assert HALF <= reached < len(PICTURE)
    assert phone.patch(url, reached, PICTURE[reached:]).status_code == 204
    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE


def test_a_full_bucket_is_told_as_a_full_disk(
    app: Flask, phone: TusPhone, files: BucketStore, monkeypatch: pytest.MonkeyPatch
):
    from app.shared.bucket import BucketBroken

    url = phone.begin(PICTURE)
    with monkeypatch.context() as patched:

        def full(*_args: object) -> None:
            raise BucketBroken(28, "full")

        patched.setattr(files.bucket, "put", full)
        answer = phone.patch(url, 0, PICTURE)
    assert (answer.status_code, answer.json["code"]) == (507, "disk_full")
    assert phone.offset(url) == 0


def test_a_worker_killed_between_the_bucket_and_the_row_loses_nothing(
    app: Flask, put: Callable[..., Photo], files: BucketStore, monkeypatch: pytest.MonkeyPatch
):
    photo = put(makers.jpeg())
    with app.app_context():
        db.engine.dispose()  # the child's connections are its own
    child = os.fork()
    if not child:
        with app.app_context():
            claims.finish = lambda *_a, **_k: os.kill(os.getpid(), signal.SIGKILL)
            process(str(photo.id))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    made = {each.key for each in files.keys("renditions")}
    assert made, "it was killed before it had put anything"

    with app.app_context():
        found = db.session().get_one(Photo, photo.id)
        assert found.state == "received"
        found.lease_until = now() - timedelta(seconds=1)
        db.session.commit()
        process(str(photo.id))
        found = db.session().get_one(Photo, photo.id, populate_existing=True)
        assert found.state == "processed"
        assert {each.key for each in files.keys("renditions")} >= made
        assert files.exists(content_key("renditions", str(found.thumb_sha256)))
        db.session.remove()


def test_an_original_is_given_by_a_short_link_once_it_is_logged(
    app: Flask,
    put: Callable[..., Photo],
    sign_in: Callable[[str], FlaskClient],
    files: BucketStore,
    bucket_server: str,
):
    photo = put(SMALL, processed=True)
    officer = sign_in("officer")
    assert (
        officer.get(f"/photos/{photo.id}/original").status_code == 200
    )  # no way there: through us

    object.__setattr__(files.bucket.address, "public", bucket_server)
    answer = officer.get(f"/photos/{photo.id}/original")
    assert (answer.status_code, answer.data) == (302, b"")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    fetched = requests.get(answer.headers["Location"], timeout=10)
    assert fetched.content == SMALL
    assert fetched.headers["Content-Disposition"].startswith("attachment")

    assert sign_in("other_officer").get(f"/photos/{photo.id}/original").status_code == 404
    assert officer.get(f"/photos/{photo.id}/thumb.jpg").status_code == 200  # small: through us
    with app.app_context():
        asked = select(AuditEntry).where(AuditEntry.action == "photo.original_read")
        assert len(db.session().scalars(asked).all()) == 2
        db.session.remove()


def test_a_bucket_that_is_away_is_said_and_shows_no_stranger_s_page(
    app: Flask, put: Callable[..., Photo], sign_in: Callable[[str], FlaskClient],
    files: BucketStore,
):  # fmt: skip
    photo = put(SMALL, processed=True)
    officer = sign_in("officer")
    assert officer.get("/readyz").json["parts"]["store"] == "ok"
    files.delete(content_key("originals", photo.original_sha256))
    object.__setattr__(files.bucket.address, "public", "https://s3.example.go.th")
    assert officer.get(f"/photos/{photo.id}/original").status_code == 503


def test_the_sweep_clears_what_killed_uploads_left(app: Flask, phone: TusPhone, files: BucketStore):
    url = phone.begin(PICTURE)
    phone.patch(url, 0, PICTURE[:1000])
    lost = f"incoming/uploads/{UUID(int=9)}/{0:012d}-{4:012d}"
    files.put_bytes(lost, b"lost")
    old = (now() - timedelta(days=2)).timestamp()
    for each in list(files.keys("incoming")):
        os.utime(files.path(each.key), (old, old))  # type: ignore[attr-defined]
    with app.app_context():
        sweep()
        db.session.remove()
    assert not files.exists(lost)
    assert phone.offset(url) == 1000
