"""The doorbell: rung in JSON, for listed functions only, and never the place where work is kept."""

from __future__ import annotations

import json
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
