"""Workers are killed in the middle of parts and of the binding, and Redis forgets everything."""

from __future__ import annotations

import hashlib
import io
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from redis import Redis
from sqlalchemy import update

from app.packets import parts, ringing_jobs
from app.packets.bag.signature import PacketKey
from app.packets.bag.verify import verify
from app.packets.compile import build_here
from app.packets.frozen.content import Content, PhotoItem, from_json, to_json
from app.packets.models import Packet, PacketPart
from app.photos.store import ORIGINALS, RENDITIONS
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.queue import sender
from app.shared.work import EXTENSION, work
from config import ROOT, Settings
from tests.conftest import World
from tests.packets.packet_lists import (
    REQUESTED,
    FolderSources,
    make_centre,
    make_content,
    make_photo,
    make_visit,
)
from tests.plugins.product import _environ

FULL = os.environ.get("LAKTHAN_FAULTS") == "full"  # as `make test-faults` asks
KILLS, PHOTOS = (30, 300) if FULL else (6, 60)
DATABASES = ["sqlite", "postgresql"] if FULL else ["postgresql"]
PART_PHOTOS = PHOTOS // 6
CENTRES = 12
WORKERS = 2

# Says its worker's number at each step of a job, so that it can be killed in the middle of one.
CHILD = f"""
import os, sys
from app.packets import heartbeat, parts
parts.MOST_PHOTOS = {PART_PHOTOS}
real = heartbeat._Pulse.tick
def tick(self):
    os.write(1, b"%d\\n" % os.getppid())
    real(self)
heartbeat._Pulse.tick = tick
import worker
sys.exit(worker.main(["--queues", "packets"]))
"""


def a_list(files: FileStore, folder: Path) -> Content:
    """Twelve centres and their photos, three of them bad."""
    one = make_photo(FolderSources(folder))
    photos = tuple(a_photo(files, one, number) for number in range(PHOTOS))
    gone, changed, cut = photos[1], photos[PHOTOS // 2], photos[-1]
    files.delete(content_key(RENDITIONS, str(gone.view_sha256)))
    files.path(content_key(RENDITIONS, str(changed.view_sha256))).write_bytes(b"another")
    damaged = keep(files, RENDITIONS, b"\xff\xd8\xff cut short")
    return make_content(
        centres=tuple(make_centre(number + 1) for number in range(CENTRES)),
        visits=tuple(
            make_visit(number, centre_code=f"5601-{number % CENTRES + 1:03}")
            for number in range(4 * CENTRES)
        ),
        photos=(*photos[:-1], replace(cut, view_sha256=damaged)),
    )


def a_photo(files: FileStore, one: PhotoItem, number: int) -> PhotoItem:
    picture = io.BytesIO()
    Image.effect_noise((160, 120), 20 + number).save(picture, "JPEG", comment=b"%d" % number)
    original = b"original %d" % number
    return replace(
        one,
        id=f"018d2222-0000-7000-8000-{number:012}",
        centre_code=f"5601-{number * CENTRES // PHOTOS + 1:03}",
        view_sha256=keep(files, RENDITIONS, picture.getvalue()),
        thumb_sha256=None,
        original_sha256=keep(files, ORIGINALS, original),
        original_bytes=len(original),
    )


def keep(files: FileStore, prefix: str, data: bytes) -> str:
    return files.put_stream(prefix, io.BytesIO(data), max_bytes=1 << 30).sha256


@pytest.fixture
def packet_id(app: Flask, world: World, tmp_path: Path) -> UUID:
    """A packet asked for, as its row says."""
    folder = tmp_path / "unused"
    folder.mkdir()
    content = a_list(app.extensions["files"], folder)
    with app.app_context():
        with work() as w:
            packet = Packet(
                scope_kind="district", scope_code="5601", quarter="2567Q2", edition=1,
                frozen=to_json(content), content_sha256=content.list_sha256,
                state_since=REQUESTED, requested_at=REQUESTED,
                requested_by=world["officer"].account_id,
            )  # fmt: skip
            w.session.add(packet)
        db.session.remove()
        return packet.id


def look(packet_id: UUID) -> Packet:
    packet = db.session.get_one(Packet, packet_id, populate_existing=True)
    db.session.remove()
    return packet


@contextmanager
def workers(settings: Settings, log: Path) -> Iterator[Line]:
    """Two workers that tell where they are; killed ones are replaced."""
    line = Line(settings, log)
    try:
        for _ in range(WORKERS):
            line.start()
        yield line
    finally:
        line.end()


class Line:
    """The workers, and what they say."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.settings, self.log = settings, log
        self.reading, self.writing = os.pipe()
        self.running: dict[int, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """One more worker."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", CHILD],
                cwd=ROOT, env=os.environ | _environ(self.settings),
                stdout=self.writing, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.running[process.pid] = process

    def hear(self, seconds: float) -> int | None:
        """The worker that told its next step, or None: nobody did."""
        if not select.select([self.reading], [], [], seconds)[0]:
            return None
        said = b""
        while not said.endswith(b"\n"):
            said += os.read(self.reading, 1)
        return int(said)

    def kill(self, pid: int) -> None:
        """End a worker as a power cut would; its horse dies with it."""
        process = self.running.pop(pid)
        os.killpg(pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for pid in list(self.running):
            self.kill(pid)
        os.close(self.reading)
        os.close(self.writing)


def minutes_pass(packet_id: UUID) -> None:
    """The leases of the dead end, and the sweeper comes by."""
    ended = now() - timedelta(seconds=1)
    with work() as w:
        w.session.execute(
            update(PacketPart)
            .where(PacketPart.packet_id == packet_id, PacketPart.state == "making")
            .values(lease_until=ended)
        )
        w.session.execute(
            update(Packet)
            .where(Packet.id == packet_id, Packet.lease_until.is_not(None))
            .values(lease_until=ended)
        )
    with work() as w:
        ringing_jobs.ring_waiting(w, now() + timedelta(minutes=2))


@pytest.mark.faults
@pytest.mark.timeout(900 if FULL else 180)
@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_a_packet_whose_workers_are_killed_has_the_bytes_of_an_undisturbed_one(
    app: Flask,
    packet_id: UUID,
    settings: Settings,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "MOST_PHOTOS", PART_PHOTOS)
    settings = settings.model_copy(update={"redis_url": redis_url})
    app.extensions[EXTENSION] = sender(redis_url)
    chance, kills = random.Random(6), 0
    with (
        app.app_context(),
        Redis.from_url(redis_url) as redis,
        workers(settings, tmp_path / "workers.log") as line,
    ):
        redis.flushall()
        with work() as w:
            w.after_commit(ringing_jobs.BEGIN, packet_id=str(packet_id))
        steps = chance.randint(1, 40)
        while not (packet := look(packet_id)).sha256:
            assert packet.state != "failed", (tmp_path / "workers.log").read_text()
            worker = line.hear(seconds=2)
            if worker is None:
                minutes_pass(packet_id)
            steps -= 1
            if worker in line.running and steps < 0 and kills < KILLS:
                line.kill(worker)
                line.start()
                kills, steps = kills + 1, chance.randint(1, 40)
                if kills == KILLS // 2:
                    redis.flushall()
                minutes_pass(packet_id)
        files: FileStore = app.extensions["files"]
        path = files.path(packet.file_key or "")
        undisturbed = tmp_path / "undisturbed.zip"
        with undisturbed.open("w+b") as target:
            done = build_here(
                content_of(packet_id), files, target, seal=PacketKey(settings.signing_key)
            )

    assert kills == KILLS
    assert verify(path).whole
    assert sorted(gap.reason for gap in done.gaps) == [
        "view_changed", "view_damaged", "view_missing",
    ]  # fmt: skip
    assert packet.n_gaps == len(done.gaps)
    assert sha256_of(path) == sha256_of(undisturbed) == packet.sha256
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def content_of(packet_id: UUID) -> Content:
    content = from_json(db.session.get_one(Packet, packet_id).frozen)
    db.session.remove()
    return content


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
