"""`make run`'s one program for all jobs: its forks serve side by side, and die and come again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from app.shared.job_log import job_figures
from app.shared.queue import QUEUES, connect, sender
from app.upkeep.bells import _workers, doorbell
from config import ROOT, Settings
from tests.photos import makers
from tests.test_worker import (  # noqa: F401 - fixtures among them
    assert_made_once,
    database_url,
    is_claimed,
    is_gone,
    is_processed,
    let_lease_run_out,
    look,
    receive,
    ring,
    settings,
    slow_picture,
    until,
)
from tools.foreman import FIRST_PAUSE_S, LONGEST_PAUSE_S, STEADY_S, Crew
from tools.supervisor.processes import die_with_parent

BEGIN, SWEEP = "app.packets.jobs.begin", "app.upkeep.jobs.sweep"
SOON_OVER = "from tools import foreman; foreman.IDLE_S |= {'photos': 1}; foreman.main(1)"


@pytest.fixture
def start(settings: Settings, app: Flask) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:  # noqa: F811
    """A function: start the foreman; what still runs at the end is killed."""
    running = []

    def run(*words: str) -> subprocess.Popen[bytes]:
        environ = os.environ | {
            "LAKTHAN_ENV": "test",
            "SECRET_KEY": settings.secret_key,
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "LAKTHAN_VAR": str(settings.var_dir),
        }
        command = [sys.executable, *(words or ("-m", "tools.foreman", "1"))]
        with (settings.var_dir / "foreman.log").open("ab") as log:
            running.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=environ, stdout=log, stderr=log,
                    preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - main thread
                )
            )  # fmt: skip
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:  # noqa: F811
    with connect(settings.redis_url) as connection:
        yield connection


def fork_of(redis: Redis, queue: str) -> int:
    """The process that serves this queue alone; 0: none does."""
    found = [w.pid for w in _workers(redis) if list(w.queue_names()) == [queue] and w.pid]
    return next((pid for pid in found if not is_gone(pid)), 0)


def below(pid: int) -> list[int]:
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def swept(redis: Redis) -> int:
    return sum(each.done for each in job_figures(redis) if each.job == SWEEP)


def test_photos_do_not_wait_for_a_packet_and_nobody_stays_when_nothing_waits(
    app, settings, start, receive, redis  # noqa: F811
):  # fmt: skip
    foreman = start("-c", SOON_OVER)
    sender(settings.redis_url)(BEGIN, packet_id=str(settings.var_dir))  # there is none such
    until(lambda: fork_of(redis, "packets"), "a worker of packets")
    packets = fork_of(redis, "packets")
    os.kill(packets, signal.SIGSTOP)  # as if its job took ten minutes

    photo_id = receive(makers.jpeg())
    ring(settings, photo_id)

    until(lambda: is_processed(app, photo_id), "processed")
    assert_made_once(app, photo_id)
    assert not is_gone(packets)
    until(lambda: not fork_of(redis, "photos"), "the worker of photos has gone home")
    assert foreman.poll() is None
    assert "was ended" not in (settings.var_dir / "foreman.log").read_text("utf-8")


def test_it_is_the_clock_and_stands_for_every_queue_also_after_redis_forgot_all(
    start, redis
):  # fmt: skip
    start()
    until(lambda: swept(redis), "a sweep")
    told = doorbell(redis)
    assert told is not None
    assert all(bell.workers for bell in told.bells)

    redis.flushall()

    until(lambda: swept(redis), "another sweep")


def test_a_killed_fork_takes_its_horse_along_and_is_replaced(
    app, settings, start, receive, redis, slow_picture  # noqa: F811
):  # fmt: skip
    photo_id = receive(slow_picture)
    ring(settings, photo_id)
    foreman = start()
    until(lambda: is_claimed(app, photo_id), "claimed")
    worker = fork_of(redis, "photos")
    [horse] = below(worker)

    os.kill(worker, signal.SIGKILL)
    until(lambda: is_gone(horse), "horse gone with its worker")
    assert not is_processed(app, photo_id)
    let_lease_run_out(app)
    ring(settings, photo_id)

    until(lambda: is_processed(app, photo_id), "processed")
    assert_made_once(app, photo_id)
    assert foreman.poll() is None
    log = (settings.var_dir / "foreman.log").read_text("utf-8")
    assert "a worker of photos was ended by SIGKILL" in log


def test_the_foreman_killed_leaves_nobody_behind(
    app, settings, start, receive, redis, slow_picture  # noqa: F811
):  # fmt: skip
    photo_id = receive(slow_picture)
    ring(settings, photo_id)
    foreman = start()
    until(lambda: is_claimed(app, photo_id), "claimed")
    worker = fork_of(redis, "photos")
    [horse] = below(worker)

    foreman.kill()
    foreman.wait()

    until(lambda: is_gone(worker), "its worker gone")
    until(lambda: is_gone(horse), "the horse gone")
    assert not is_processed(app, photo_id)


def test_asked_to_stop_it_lets_the_job_in_hand_finish(
    app, settings, start, receive, slow_picture  # noqa: F811
):  # fmt: skip
    photo_id = receive(slow_picture)
    ring(settings, photo_id)
    foreman = start()
    until(lambda: is_claimed(app, photo_id), "claimed")

    foreman.terminate()

    assert foreman.wait(60) == 0
    assert_made_once(app, photo_id)
    assert look(app, photo_id).attempts == 1


def test_what_dies_is_replaced_after_a_growing_pause_and_what_is_done_at_once():
    crew, now_s, pauses = Crew("photos", most=1), 1000.0, []
    for pid in range(1, 11):
        crew.grew(pid, now_s)
        assert not crew.may_grow(now_s + STEADY_S)  # so many and no more
        crew.lost(pid, -signal.SIGKILL, now_s)
        pauses.append(crew.not_before_s - now_s)
        now_s = crew.not_before_s
        assert crew.may_grow(now_s)
    assert pauses[:3] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]
    assert pauses[-1] == LONGEST_PAUSE_S

    crew.grew(11, now_s)
    crew.lost(11, 0, now_s)
    assert crew.may_grow(now_s)
    crew.grew(12, now_s)
    crew.lost(12, 1, now_s)
    assert crew.not_before_s - now_s == FIRST_PAUSE_S


def test_every_queue_has_its_time_to_wait():
    from tools.foreman import IDLE_S

    assert set(IDLE_S) == set(QUEUES)
