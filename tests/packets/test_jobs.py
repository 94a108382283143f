"""Building: from the request to the issued file, whoever dies on the way."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from app.packets import claims
from app.packets.bag.verify import verify
from app.packets.jobs import build
from app.packets.models import Packet
from app.packets.store import packet_key
from app.photos.models import Photo
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.work import work
from config import ROOT, Settings
from tests.conftest import World
from tests.packets.conftest import Quarter2567Q2
from tests.packets.reading import pdf_text, read_entry
from tests.packets.test_service import ask


@pytest.fixture
def files(app: Flask) -> FileStore:
    """Where packets lie."""
    store: FileStore = app.extensions["files"]
    return store


@pytest.fixture
def packet_id(app: Flask, world: World, quarter: Quarter2567Q2) -> UUID:
    """A packet of Pong, asked for and committed."""
    with app.app_context():
        with work() as w:
            packet, _to_build = ask(w.session, world["officer"], at=now())
        db.session.remove()
        return packet.id


def look(packet_id: UUID) -> Packet:
    return db.session.get_one(Packet, packet_id, populate_existing=True)


def test_a_request_becomes_an_issued_packet_that_is_whole(
    app: Flask, packet_id: UUID, files: FileStore
) -> None:
    with app.app_context():
        build(str(packet_id))
        packet = look(packet_id)
        path = files.path(packet.file_key or "")

        assert packet.state == "ready"
        assert packet.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert packet.size_bytes == path.stat().st_size
        assert packet.n_gaps == 0
        assert verify(path).whole
        text = pdf_text(read_entry(path, "data/report.pdf"))
        assert "อำเภอปง จังหวัดพะเยา" in text
        assert "ติดตามแล้ว๑๐คนนำไปใช้๔คน(๔๐.๐%)" in text.replace(" ", "")
        assert "0812345678" not in text


def test_a_second_run_leaves_the_issued_packet_alone(
    app: Flask, packet_id: UUID, files: FileStore
) -> None:
    with app.app_context():
        build(str(packet_id))
        before = look(packet_id)
        was = before.sha256, before.ready_at, before.attempts
        build(str(packet_id))
        after = look(packet_id)
        assert (after.sha256, after.ready_at, after.attempts) == was
        assert len(list(files.path(f"packets/{packet_id}").iterdir())) == 1


def test_a_photo_that_vanished_after_the_request_is_a_gap_in_the_packet(
    app: Flask, packet_id: UUID, files: FileStore, quarter: Quarter2567Q2
) -> None:
    with app.app_context():
        photo = db.session.get_one(Photo, quarter.photos[0])
        files.delete(content_key("renditions", str(photo.view_sha256)))
        build(str(packet_id))
        packet = look(packet_id)
        assert (packet.state, packet.n_gaps) == ("ready", 1)
        assert (
            "ไม่พบไฟล์ภาพย่อ"
            in read_entry(files.path(packet.file_key or ""), "data/gaps.csv").decode()
        )


def test_a_build_that_lost_its_claim_takes_its_file_away(
    app: Flask, packet_id: UUID, files: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker takes the packet over at the moment the slow one is about to finish."""
    real = claims.finish

    def overtaken(*args: object, **named: object) -> None:
        db.session.execute(
            update(Packet).where(Packet.id == packet_id).values(attempts=Packet.attempts + 1)
        )
        real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "finish", overtaken)
    with app.app_context():
        build(str(packet_id))
        assert look(packet_id).state == "building"
        assert not files.exists(packet_key(packet_id, 1))


def test_trouble_is_written_down_and_the_packet_waits_for_the_next_try(
    app: Flask, packet_id: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.packets.report.TEMPLATE", tmp_path / "absent.typ")
    with app.app_context():
        with pytest.raises(FileNotFoundError):
            build(str(packet_id))
        packet = look(packet_id)
        assert (packet.state, packet.attempts, packet.last_error_code) == ("queued", 1, "storage")
        monkeypatch.undo()
        build(str(packet_id))
        assert look(packet_id).state == "ready"


CHILD = """
import sys
from app import create_app
from app.packets import compile, jobs
from config import load_settings

real = compile.survey
def survey(content, sources, folder, progress):
    def tell(done, of):
        progress(done, of)
        print("surveyed", flush=True)
        sys.stdin.read()
    return real(content, sources, folder, tell)
compile.survey = survey
with create_app(load_settings(), send_job=lambda *a, **k: None).app_context():
    jobs.build(sys.argv[1])
"""


def test_a_killed_build_is_finished_later_by_another_worker(
    app: Flask, packet_id: UUID, files: FileStore, settings: Settings
) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(packet_id)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        env=os.environ | {
            "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url,
            "LAKTHAN_VAR": str(settings.var_dir), "SECRET_KEY": settings.secret_key,
            "LAKTHAN_ENV": "test",
        },
    )  # fmt: skip
    with worker:
        assert worker.stdout
        assert worker.stdout.readline() == b"surveyed\n"
        worker.send_signal(signal.SIGKILL)
        worker.communicate()

    with app.app_context():
        packet = look(packet_id)
        assert (packet.state, packet.step, packet.file_key) == ("building", "survey", None)
        left = list(files.path(f"packets/{packet_id}").iterdir())
        assert [path.suffix for path in left] == [".partial"]

        with work() as w:  # two minutes pass
            ended = now() - timedelta(seconds=1)
            w.session.execute(
                update(Packet).where(Packet.id == packet_id).values(lease_until=ended)
            )
        with work() as w:
            assert claims.stale_packets(w.session, now()) == [packet_id]
        build(str(packet_id))

        packet = look(packet_id)
        assert (packet.state, packet.attempts) == ("ready", 2)
        assert verify(files.path(packet.file_key or "")).whole
        assert [p.name for p in files.path(f"packets/{packet_id}").iterdir()] == ["2.zip"]
