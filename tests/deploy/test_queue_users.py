"""The queue's users (deploy/valkey/users.acl) on a real server: each may do its work, no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError
from rq import Worker
from rq.job import JobStatus

from app.shared.job_log import job_figures, note_job
from app.shared.queue import QUEUES, connect, queue_named, sender
from app.upkeep.bells import doorbell
from app.upkeep.health import queue_ready
from app.verification.throttle import Throttle, TooManyTries
from config import load_settings
from tests.deploy.conftest import GuardedQueue
from tests.deploy.tls_relay import TlsRelay, relay_with_tls

SWEEP = "app.upkeep.jobs.sweep"
USERS = ("web", "worker", "clock", "exporter")
FORBIDDEN = (
    ("CONFIG", "GET", "*"), ("CONFIG", "SET", "maxmemory", "1"), ("FLUSHALL",), ("FLUSHDB",),
    ("KEYS", "*"), ("SHUTDOWN", "NOSAVE"), ("ACL", "LIST"), ("MONITOR",),
    ("REPLICAOF", "NO", "ONE"), ("CLIENT", "KILL", "ID", "1"), ("MODULE", "LIST"), ("SAVE",),
    ("PUBLISH", "rq:pubsub:x", "{}"), ("SCAN", "0"),
)  # fmt: skip


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("command", FORBIDDEN, ids=" ".join)
def test_nobody_may_rule_the_server(
    guarded_queue: GuardedQueue, user: str, command: tuple[str, ...]
) -> None:
    with connect(guarded_queue.url(user)) as client, pytest.raises(NoPermissionError):
        client.execute_command(*command)


def test_nobody_comes_in_without_a_password(guarded_queue: GuardedQueue) -> None:
    assert not queue_ready(f"redis://127.0.0.1:{guarded_queue.port}/0")
    wrong = guarded_queue.url("web").replace("web:", "web:x")
    with connect(wrong) as client, pytest.raises(AuthenticationError):
        client.ping()


def test_each_finds_the_queue_ready(guarded_queue: GuardedQueue, user: str) -> None:
    assert queue_ready(guarded_queue.url(user))


def test_the_web_rings_and_cannot_read_what_is_not_the_queue_s(
    guarded_queue: GuardedQueue,
) -> None:
    url = guarded_queue.url("web")
    guarded_queue.refused()
    send = sender(url)
    send("app.photos.jobs.process", photo_id="0")
    send("app.packets.jobs.begin", packet_id="0")
    assert guarded_queue.refused() == []
    with connect(url) as client:
        for command in (("LPOP", "rq:queue:photos"), ("DEL", "rq:queue:photos"), ("GET", "other")):
            with pytest.raises(NoPermissionError):
                client.execute_command(*command)


def test_the_web_counts_wrong_codes(guarded_queue: GuardedQueue) -> None:
    throttle = Throttle(guarded_queue.url("web"))
    for _ in range(30):
        throttle.count("code", "192.0.2.1", 1)
    with pytest.raises(TooManyTries):
        throttle.check("code", "192.0.2.1", 1)


def test_the_web_tells_how_the_queue_is(guarded_queue: GuardedQueue) -> None:
    """`/state` and `/metrics` look at queues, failed jobs and workers."""
    sender(guarded_queue.url("web"))("app.photos.jobs.process", photo_id="0")
    with connect(guarded_queue.url("worker"), patient=True) as client:
        worker = Worker([queue_named("photos", client)], connection=client)
        worker.register_birth()
        note_job(client, "app.photos.jobs.process", broken=False, seconds=0.5)
        guarded_queue.refused()
        with connect(guarded_queue.url("web")) as web:
            told = doorbell(web)
            assert told is not None
            assert told.version
            assert [hand.name for hand in told.hands] == [worker.name]
            assert job_figures(web)
        worker.register_death()
    assert guarded_queue.refused() == []


def test_the_clock_rings_for_the_sweep_and_nothing_else(guarded_queue: GuardedQueue) -> None:
    url = guarded_queue.url("clock")
    guarded_queue.refused()
    sender(url)(SWEEP)
    with connect(url) as client:
        assert queue_named("upkeep", client).count > 0
        assert guarded_queue.refused() == []
        with pytest.raises(NoPermissionError):
            client.get("lakthan:verify:code:1")


def test_the_exporter_measures_queues_and_changes_none(guarded_queue: GuardedQueue) -> None:
    with connect(guarded_queue.url("exporter")) as client:
        length = "return redis.call(ARGV[1], KEYS[1])"  # as KEDA asks: by a script
        assert client.eval(length, 1, "rq:queue:photos", "llen") is not None
        assert client.info("memory")["used_memory"] > 0
        for name in QUEUES:
            assert client.llen(f"rq:queue:{name}") >= 0
        with pytest.raises(NoPermissionError):
            client.rpush("rq:queue:photos", "x")
        with pytest.raises(Exception, match=r"ermission|can't run"):
            client.eval(length, 1, "rq:queue:photos", "lpop")


def test_a_worker_that_died_is_cleared_away_and_its_jobs_are_kept_as_failed(
    guarded_queue: GuardedQueue,
) -> None:
    """RQ's own upkeep, with the commands that the worker's user has and no others."""
    with connect(guarded_queue.url("worker"), patient=True) as client:
        guarded_queue.refused()
        queue = queue_named("packets", client)
        first = queue.enqueue_call("app.packets.jobs.part", timeout=5, failure_ttl=60)
        after = queue.enqueue_call("app.packets.jobs.join", depends_on=first, failure_ttl=60)
        Worker([queue], connection=client, serializer=queue.serializer).clean_registries()
        first.set_status(JobStatus.FAILED)
        queue.failed_job_registry.add(first, ttl=60)
        for registry in (queue.started_job_registry, queue.failed_job_registry,
                         queue.deferred_job_registry, queue.scheduled_job_registry):  # fmt: skip
            registry.cleanup()
        assert first.id in queue.failed_job_registry.get_job_ids()
        after.delete()
        first.delete(delete_dependents=True)
        assert guarded_queue.refused() == []


def test_everybody_speaks_over_tls_where_the_address_says_so(
    guarded_queue: GuardedQueue, tmp_path: Path, user: str
) -> None:
    with relay_with_tls(guarded_queue.port, tmp_path) as relay:
        url = over_tls(guarded_queue.url(user), relay)
        assert queue_ready(url)
        if user in ("web", "clock"):
            sender(url)(SWEEP)
    assert relay.carried > 0


def test_another_s_certificate_is_not_believed(guarded_queue: GuardedQueue, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with (
        relay_with_tls(guarded_queue.port, tmp_path) as relay,
        relay_with_tls(guarded_queue.port, tmp_path / "other") as other,
    ):
        url = over_tls(guarded_queue.url("web"), relay)
        assert queue_ready(url)
        assert not queue_ready(url.replace(str(relay.authority), str(other.authority)))


def test_production_takes_such_an_address(guarded_queue: GuardedQueue, tmp_path: Path) -> None:
    given = {
        "LAKTHAN_ENV": "production", "LAKTHAN_HOSTS": "lakthan.example.go.th",
        "SECRET_KEY": "x" * 40, "LAKTHAN_SIGNING_KEY": "x" * 43, "LAKTHAN_VAR": str(tmp_path),
        "DATABASE_URL": "postgresql+psycopg://db/lakthan?sslmode=verify-full",
        "REDIS_URL": "rediss://web:secret@queue.example.go.th:6379/0?ssl_ca_certs=/etc/ca.pem",
    }  # fmt: skip
    assert load_settings(given).redis_url == given["REDIS_URL"]


def over_tls(url: str, relay: TlsRelay) -> str:
    told = url.replace("redis://", "rediss://").rpartition("@")[0]
    return f"{told}@localhost:{relay.port}/0?ssl_ca_certs={relay.authority}"


def test_no_user_is_another(guarded_queue: GuardedQueue) -> None:
    for name in USERS:
        with Redis.from_url(guarded_queue.url(name)) as client, pytest.raises(NoPermissionError):
            client.acl_whoami()
