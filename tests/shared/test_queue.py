"""The doorbell: rung in JSON, for listed functions only, and never the place where work is kept."""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app.shared import queue
from app.shared.queue import DoorbellBroken, sender

PROCESS = "app.photos.jobs.process"


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """The test's Redis, empty."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
        yield client


def test_a_ring_carries_a_name_and_ids_as_json(redis: Redis, redis_url: str):
    sender(redis_url)(PROCESS, photo_id="0190")

    [job] = Queue("photos", connection=redis, serializer=JSONSerializer).jobs
    stored = json.loads(zlib.decompress(redis.hget(job.key, "data")))
    assert stored == [PROCESS, None, [], {"photo_id": "0190"}]
    assert job.timeout == queue.JOBS[PROCESS].timeout_s
    assert "0190" not in job.description


def test_every_listed_job_has_a_queue_that_workers_serve():
    assert {kind.queue for kind in queue.JOBS.values()} == set(queue.QUEUES)


def test_a_function_that_is_not_listed_is_not_sent(redis: Redis, redis_url: str):
    with pytest.raises(KeyError):
        sender(redis_url)("os.system", command="true")

    assert not redis.keys("rq:job:*")


def test_a_redis_that_is_away_is_told_as_a_broken_doorbell(tmp_path: Path):
    with pytest.raises(DoorbellBroken):
        sender(f"unix://{tmp_path / 'none.sock'}")(PROCESS, photo_id="0190")


def test_a_redis_that_takes_a_line_and_says_nothing_is_waited_for_once(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(queue, "COMMAND_TIMEOUT_S", 0.05)
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "mute.sock"))
        mute.listen()
        mute.setblocking(False)
        ring = sender(f"unix://{tmp_path / 'mute.sock'}")

        for _ in range(3):
            with pytest.raises(DoorbellBroken):
                ring(PROCESS, photo_id="0190")

        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):  # nobody else came
            mute.accept()


def test_rings_beyond_a_thousand_are_dropped(redis: Redis, redis_url: str, monkeypatch):
    monkeypatch.setattr(queue, "MOST_WAITING", 3)
    ring = sender(redis_url)

    for number in range(5):
        ring(PROCESS, photo_id=str(number))

    assert Queue("photos", connection=redis).count == 3


def test_a_few_rings_for_a_job_that_drains_are_as_good_as_many(redis: Redis, redis_url: str):
    ring = sender(redis_url)

    for number in range(2 * queue.MOST_DRAINING):
        ring(PROCESS, photo_id=str(number))
    ring("app.findings.jobs.examine", photo_id="0190")
    for number in range(2 * queue.MOST_DRAINING):
        ring("app.sharing.jobs.make", copy_id=str(number))

    line = Queue("photos", connection=redis, serializer=JSONSerializer)
    waiting = [job.func_name for job in line.jobs]
    assert waiting.count(PROCESS) == queue.MOST_DRAINING
    assert waiting.count("app.findings.jobs.examine") == 1
    assert waiting.count("app.sharing.jobs.make") == 2 * queue.MOST_DRAINING


def test_a_ring_that_still_waits_is_not_rung_twice(redis: Redis, redis_url: str):
    ring = sender(redis_url)

    for number in ("1", "1", "2", "11"):
        ring("app.packets.jobs.part", packet_id="0190", number=number)

    assert Queue("packets", connection=redis).count == 3


def test_one_job_waits_until_the_others_have_ended(redis: Redis, redis_url: str):
    parts = [("app.packets.jobs.part", {"packet_id": "0190", "number": n}) for n in ("0", "1")]
    join = ("app.packets.jobs.join", {"packet_id": "0190"})
    ring = sender(redis_url)
    ring(*parts[0][:1], **parts[0][1])  # it waits already: as good as a new one

    ring.all_then(parts, join)

    line = queue.queue_named("packets", redis)
    assert [job.func_name for job in line.jobs] == ["app.packets.jobs.part"] * 2
    [waits] = line.deferred_job_registry.get_job_ids()
    deferred = queue.ListedJob.fetch(waits, connection=redis, serializer=JSONSerializer)
    assert deferred.func_name == "app.packets.jobs.join"
    assert deferred.allow_dependency_failures
    assert set(deferred.dependency_ids) == {job.id for job in line.jobs}


def test_when_nothing_is_to_wait_for_the_last_job_is_rung_at_once(redis: Redis, redis_url: str):
    sender(redis_url).all_then([], ("app.packets.jobs.join", {"packet_id": "0190"}))

    assert Queue("packets", connection=redis).count == 1
