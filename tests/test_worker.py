"""The real worker on a real Valkey: what is killed is done again, and done once."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from redis import Redis
from rq import Callback, Queue
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import DefaultSerializer, JSONSerializer
from sqlalchemy import update

from app.photos import service
from app.photos.models import Photo
from app.photos.rules import PhotoDraft, Subject
from app.shared.db import db
from app.shared.files import content_key
from app.shared.ids import new_id
from app.shared.job_log import job_figures
from app.shared.logs import follow
from app.shared.queue import connect, queue_named, sender
from app.shared.record import Capture
from config import ROOT, Settings
from tests.conftest import World
from tests.photos import makers
from tools.supervisor import queue_server

PROCESS = "app.photos.jobs.process"
SOON_S = 60  # the longest any test waits for what takes a second or two


@pytest.fixture
def database_url(filled_sqlite: Path, tmp_path: Path) -> str:
    """One database will do: what the two do differently is told by tests/photos."""
    shutil.copyfile(filled_sqlite, tmp_path / "test.db")
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def settings(database_url: str, tmp_path: Path, redis_url: str) -> Settings:
    """Settings that the test and its workers share."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
    return Settings(
        env="test",
        secret_key="a secret for tests only, long enough",
        signing_key="A" * 43,
        database_url=database_url,
        redis_url=redis_url,
        var_dir=tmp_path / "var",
    )


@pytest.fixture
def start(settings: Settings, app: Flask) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """A function: start `worker.py` with these words; what still runs at the end is killed."""
    running = []

    def run(*words: str, redis_url: str = settings.redis_url) -> subprocess.Popen[bytes]:
        environ = os.environ | {
            "LAKTHAN_ENV": "test",
            "SECRET_KEY": settings.secret_key,
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": redis_url,
            "LAKTHAN_VAR": str(settings.var_dir),
        }
        command = [sys.executable, str(ROOT / "worker.py"), *words]
        log = (settings.var_dir / f"worker-{len(running)}.log").open("wb")
        with log:
            running.append(subprocess.Popen(command, env=environ, stdout=log, stderr=log))
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def receive(app: Flask, world: World) -> Callable[..., UUID]:
    """A function: store a picture as a photo that waits to be processed; returns its id."""

    def receive_photo(data: bytes) -> UUID:
        with app.app_context():
            stream = io.BytesIO(data)
            original = service.keep_original(app.extensions["files"], stream, max_bytes=30_000_000)
            instant = datetime.now(UTC)
            subject = Subject("centre", world.centre, world.centre)
            draft = PhotoDraft(new_id(), subject, Capture(instant))
            photo, _created = service.receive_photo(
                db.session(), original, draft,
                recorder_id=world["officer"].account_id, now=instant,
            )  # fmt: skip
            db.session.commit()
            return photo.id

    return receive_photo


@pytest.fixture(scope="module")
def slow_picture() -> bytes:
    """A true picture of 56 MP whose decoding takes a second or two: time to be killed in."""
    target = io.BytesIO()
    Image.new("RGB", (7500, 7500), "green").save(target, "JPEG", progressive=True)
    return target.getvalue()


def until(true: Callable[[], object], what: str) -> None:
    """Wait for `true()`; ask often, fail after `SOON_S`."""
    deadline = time.monotonic() + SOON_S
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"still not: {what}")
        time.sleep(0.01)


def look(app: Flask, photo_id: UUID) -> Photo:
    with app.app_context():
        photo = db.session.get_one(Photo, photo_id)
        db.session.remove()
    return photo


def is_claimed(app: Flask, photo_id: UUID, times: int = 1) -> bool:
    photo = look(app, photo_id)
    return photo.state == "received" and photo.attempts == times


def is_processed(app: Flask, photo_id: UUID) -> bool:
    return look(app, photo_id).state == "processed"


def let_lease_run_out(app: Flask) -> None:
    """As if 45 seconds had passed."""
    with app.app_context():
        past = datetime(2024, 1, 1, tzinfo=UTC)
        db.session.execute(update(Photo).values(lease_until=past))
        db.session.commit()
        db.session.remove()


def horse_of(worker: subprocess.Popen[bytes]) -> int | None:
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    return int(children[0]) if children else None


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def ring(settings: Settings, photo_id: UUID) -> None:
    sender(settings.redis_url)(PROCESS, photo_id=str(photo_id))


def assert_made_once(app: Flask, photo_id: UUID) -> None:
    photo = look(app, photo_id)
    files = app.extensions["files"]
    assert photo.state == "processed"
    for digest in (photo.view_sha256, photo.thumb_sha256):
        assert files.exists(content_key("renditions", str(digest)))
    assert not list(files.root.rglob("*.partial"))


def test_the_worker_processes_what_it_is_rung_for_and_what_else_waits(
    app, settings, start, receive
):
    first, second = receive(makers.jpeg()), receive(makers.jpeg(quality=50))
    ring(settings, first)

    assert start("--burst", "--queues", "photos").wait(SOON_S) == 0

    assert_made_once(app, first)
    assert_made_once(app, second)


def test_a_jobs_lines_carry_its_number_and_the_request_that_rang(app, settings, start, receive):
    photo_id = receive(makers.jpeg())
    follow(request="A1B2C3D4")
    ring(settings, photo_id)
    follow()
    with connect(settings.redis_url) as redis:
        ours = queue_named("photos", redis).jobs[0]
        foreign = Queue("photos", connection=redis, serializer=JSONSerializer)
        refused = foreign.enqueue("os.system", "true", meta=dict(ours.meta))

    assert start("--burst", "--queues", "photos").wait(SOON_S) == 0

    log = (settings.var_dir / "worker-0.log").read_text("utf-8").splitlines()
    [line] = [line for line in log if "refused a job" in line]
    assert f"job={refused.id}" in line
    assert "request=A1B2C3D4" in line
    with connect(settings.redis_url) as redis:
        figures = {each.job: (each.done, each.broken) for each in job_figures(redis)}
    assert (figures[PROCESS], figures["refused"]) == ((1, 0), (0, 1))


def test_a_photo_whose_horse_is_killed_is_processed_by_the_next(
    app, settings, start, receive, slow_picture
):
    photo_id = receive(slow_picture)
    ring(settings, photo_id)
    worker = start("--queues", "photos")
    until(lambda: is_claimed(app, photo_id), "claimed")
    horse = horse_of(worker)
    assert horse is not None

    os.kill(horse, signal.SIGKILL)
    until(lambda: is_gone(horse), "horse gone")
    let_lease_run_out(app)
    ring(settings, photo_id)

    until(lambda: is_processed(app, photo_id), "processed")
    assert_made_once(app, photo_id)
    assert look(app, photo_id).attempts == 2
    assert worker.poll() is None


def test_a_killed_worker_takes_its_horse_along_and_another_finishes(
    app, settings, start, receive, slow_picture
):
    photo_id = receive(slow_picture)
    ring(settings, photo_id)
    worker = start("--queues", "photos")
    until(lambda: is_claimed(app, photo_id), "claimed")
    horse = horse_of(worker)
    assert horse is not None

    worker.kill()
    until(lambda: is_gone(horse), "horse gone with its worker")
    assert not is_processed(app, photo_id)
    let_lease_run_out(app)
    ring(settings, photo_id)
    start("--queues", "photos")

    until(lambda: is_processed(app, photo_id), "processed")
    assert_made_once(app, photo_id)


@contextmanager
def own_redis(folder: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """A function that starts an empty server on one and the same socket."""
    socket, started = folder / "own-redis.sock", []

    def begin() -> subprocess.Popen[bytes]:
        command = queue_server.server_command(queue_server.find_binary(), socket, None)
        quiet = subprocess.DEVNULL
        started.append(subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet))
        until(lambda: queue_server.answers(socket), "server answers")
        return started[-1]

    try:
        yield begin
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_redis_killed_during_a_job_delays_work_and_loses_none(
    app, settings, start, receive, slow_picture, tmp_path
):
    with own_redis(tmp_path) as begin:
        server = begin()
        url = queue_server.url_of(tmp_path / "own-redis.sock")
        during, waiting = receive(slow_picture), None
        sender(url)(PROCESS, photo_id=str(during))
        worker = start("--queues", "photos", redis_url=url)
        until(lambda: is_claimed(app, during), "claimed")

        server.kill()
        server.wait()
        until(lambda: is_processed(app, during), "processed without Redis")
        waiting = receive(makers.jpeg(quality=40))
        begin()  # empty: everything that waited there is forgotten
        sender(url)(PROCESS, photo_id=str(waiting))

        until(lambda: is_processed(app, waiting), "processed after the restart")
        assert_made_once(app, during)
        assert worker.poll() is None


@pytest.fixture
def folder_with_a_blank() -> Iterator[Path]:
    """A folder as a person may name one, near the root: a socket's path has a longest length."""
    with TemporaryDirectory(prefix="งาน ของเรา ") as name:
        yield Path(name)


def test_a_worker_started_before_redis_waits_for_it(app, start, receive, folder_with_a_blank):
    folder = folder_with_a_blank
    with own_redis(folder) as begin:
        url = queue_server.url_of(folder / "own-redis.sock")
        photo_id = receive(makers.jpeg())
        worker = start("--queues", "photos", redis_url=url)
        begin()
        sender(url)(PROCESS, photo_id=str(photo_id))

        until(lambda: is_processed(app, photo_id), "processed")
        assert worker.poll() is None


def hostile_jobs(redis: Redis, trace: Path) -> list[Job]:
    """Jobs as somebody would write them who can write to Redis."""
    touch = f"touch {trace}"
    plain = Queue("photos", connection=redis, serializer=JSONSerializer)
    pickled = Queue("photos", connection=redis, serializer=DefaultSerializer)
    with_callback = {"on_success": Callback("os.system"), "on_failure": Callback("os.system")}
    return [
        plain.enqueue("os.system", touch),
        plain.enqueue("subprocess.check_output", ["touch", str(trace)]),
        plain.enqueue("app.photos.jobs.sha256", touch),
        plain.enqueue("worker.os.system", touch),
        pickled.enqueue("os.system", touch),
        pickled.enqueue(os.system, touch),
        plain.enqueue("app.photos.jobs._begin", touch),
        plain.enqueue("app.shared.queue.ListedJob.perform", touch),
        plain.enqueue("builtins.eval", f"__import__('os').system('{touch}')"),
        plain.enqueue(PROCESS, kwargs={"photo_id": {"a": [1, None]}}),
        plain.enqueue(PROCESS, 5, "x", None),
        plain.enqueue(PROCESS, kwargs={"photo_id": "no uuid"}, **with_callback),
    ]


def test_jobs_that_are_not_ours_are_refused_and_seen(
    app, settings, start, receive, redis_url, tmp_path
):
    photo_id = receive(makers.jpeg())
    with Redis.from_url(redis_url) as redis:
        hostile = hostile_jobs(redis, tmp_path / "trace")
        ring(settings, photo_id)

        assert start("--burst", "--queues", "photos").wait(SOON_S) == 0

        failed = FailedJobRegistry("photos", connection=redis, serializer=JSONSerializer)
        assert {job.id for job in hostile} <= set(failed.get_job_ids())
    assert not (tmp_path / "trace").exists()
    assert_made_once(app, photo_id)


class Bomb:
    """Whoever unpickles it runs a program."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {self.trace}",)


def test_a_job_too_broken_to_read_does_not_stop_the_worker(
    app, settings, start, receive, redis_url, tmp_path
):
    photo_id = receive(makers.jpeg())
    with Redis.from_url(redis_url) as redis:
        plain = Queue("photos", connection=redis, serializer=JSONSerializer)
        bomb = zlib.compress(pickle.dumps(Bomb(tmp_path / "trace")))
        fields = {"result_ttl": "soon", "status": "flying", "data": ""}
        for field, value in (*fields.items(), ("data", bomb)):
            job = plain.enqueue(PROCESS, kwargs={"photo_id": str(photo_id)})
            redis.hset(job.key, field, value)
        redis.rpush(plain.key, b"\xff\xfe", "no-such-job")
    ring(settings, photo_id)
    worker = start("--queues", "photos")

    until(lambda: is_processed(app, photo_id), "processed")
    assert worker.poll() is None
    assert not (tmp_path / "trace").exists()


def test_a_worker_asked_to_stop_leaves_cleanly(app, settings, start, receive):
    photo_id = receive(makers.jpeg())
    ring(settings, photo_id)
    worker = start()
    until(lambda: is_processed(app, photo_id), "processed")

    worker.terminate()

    assert worker.wait(SOON_S) == 0


def test_a_photo_nobody_rang_for_is_found_by_the_sweeper(app, settings, start, receive):
    photo_id = receive(makers.jpeg())
    with app.app_context():
        db.session.execute(update(Photo).values(state_since=datetime(2024, 1, 1, tzinfo=UTC)))
        db.session.commit()
        db.session.remove()
    start("--clock")
    start()

    until(lambda: is_processed(app, photo_id), "processed")
    assert_made_once(app, photo_id)


def test_the_clock_rings_once_for_each_and_stops_when_told(start, redis_url):
    clock = start("--clock")
    with Redis.from_url(redis_url) as redis:
        queue = Queue("upkeep", connection=redis, serializer=JSONSerializer)
        until(lambda: queue.count == 3, "rung")

        assert {job.func_name for job in queue.jobs} == {
            "app.upkeep.jobs.sweep", "app.reminders.jobs.remind", "app.retention.jobs.run",
        }  # fmt: skip
    clock.terminate()

    assert clock.wait(SOON_S) == 0


def test_the_clock_waits_for_a_redis_that_is_away(start, tmp_path):
    with own_redis(tmp_path) as begin:
        url = queue_server.url_of(tmp_path / "own-redis.sock")
        clock = start("--clock", redis_url=url)
        begin()

        with Redis.from_url(url) as redis:
            queue = Queue("upkeep", connection=redis, serializer=JSONSerializer)
            until(lambda: queue.count, "rung")
        clock.terminate()
        assert clock.wait(SOON_S) == 0


def test_a_word_the_worker_does_not_know_is_answered_with_what_it_knows():
    answer = subprocess.run(
        [sys.executable, str(ROOT / "worker.py"), "--queues", "photos,emails"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert answer.returncode == 2
    assert "unknown queue: emails" in answer.stderr


def test_the_queue_of_make_run_listens_on_no_tcp_port(redis_url):
    """Nobody without the folder reaches it: a socket of ours alone, and no port at all."""
    with Redis.from_url(redis_url) as redis:
        assert redis.config_get("port")["port"] == "0"
        assert redis.info("server")["tcp_port"] == 0
    command = queue_server.server_command("valkey-server", Path("/x/redis.sock"), None)
    words = [str(word) for word in command]
    assert words[words.index("--port") + 1] == "0"
