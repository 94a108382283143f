"""The worker: runs what waits in the queue, each job in a forked and fenced horse.

    python worker.py                     serve photos, then packets, then upkeep
    python worker.py --queues photos     serve only these
    python worker.py --clock             ring for the sweeper every ten seconds, for reminders
                                         and the nightly retention every ten minutes

The application is loaded and warmed once, here; a horse is a fork of it and starts in some
20 ms instead of 600.  Nothing is lost when a horse, this process or Redis dies: rows say what
is to be done, and the sweeper rings again.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import DeserializationError
from rq.executions import Execution
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from app import create_app
from app.backups.mark import MARK as RESTORING
from app.shared.db import db
from app.shared.fence import raise_fence
from app.shared.job_log import note_job
from app.shared.logs import begin as begin_logs
from app.shared.queue import (
    JOBS,
    QUEUES,
    RESULT_TTL_S,
    DoorbellBroken,
    ListedJob,
    connect,
    queue_named,
    sender,
)
from app.shared.versions import check_decoder
from config import Settings, load_settings

log = logging.getLogger("lakthan.worker")

SWEEP = "app.upkeep.jobs.sweep"
REMIND = "app.reminders.jobs.remind"
RETAIN = "app.retention.jobs.run"  # knows itself whether tonight's run is owed
TICK_S = 10
REMIND_EVERY_S = 600  # its own days are Bangkok's; so often, because it also rings for tries again
SHORTEST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0  # between tries to reach Redis: it may be back any moment
MAINTENANCE_S = 30  # RQ's own is ten minutes, for which a dead worker's jobs look alive
WORKER_TTL_S = 45  # a waiting worker shows a sign of life every 30 s
UNLISTED_TIMEOUT_S = 5  # for a job that will be refused


class FencedWorker(Worker):
    """An RQ worker that runs listed jobs only, each behind the fence of its queue."""

    max_connection_wait_time = LONGEST_PAUSE_S

    def __init__(self, app: Flask, queues: Sequence[str], connection: Redis) -> None:
        super().__init__(
            [queue_named(name, connection) for name in queues],
            connection=connection,
            serializer=JSONSerializer,
            job_class=ListedJob,
            default_result_ttl=RESULT_TTL_S,
            maintenance_interval=MAINTENANCE_S,
            worker_ttl=WORKER_TTL_S,
            log_job_description=False,
        )
        self.app = app
        self.asked_to_stop = False

    def _set_ip_address(self, connection: Redis) -> None:
        """Tell Redis this worker's name.  Its address is for lists only: a unix socket in a folder
        with a blank in its name is one that redis-py cannot read out of what Redis answers.
        """
        try:
            super()._set_ip_address(connection)
        except ValueError:
            self.ip_address = "unknown"

    def subscribe(self) -> None:
        """Take no commands through Redis: they would need a thread, and forks dislike threads."""

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Finish the job in hand, then stop; asked twice, stop at once."""
        self.asked_to_stop = True
        super().request_stop(signum, frame)

    def set_shutdown_requested_date(self) -> None:
        """Tell Redis, if it is there, that this worker is going."""
        with suppress(RedisError):
            super().set_shutdown_requested_date()

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run one job in a horse; a Redis that goes away meanwhile does not end the worker."""
        job.timeout = _timeout_s(job)  # ours, not what the job says of itself
        if not self._is_whole():
            return  # its row says what is to be done; the sweeper rings again
        began = time.monotonic()
        try:
            super().execute_job(job, queue)
            self._count(job, time.monotonic() - began)
        except RedisError as error:
            log.warning("Redis went away during a job: %s", type(error).__name__)
            if self.horse_pid:
                self.wait_for_horse()  # its work counts; only the telling failed
                self._horse_pid = 0

    def _is_whole(self) -> bool:
        """Wait while a backup is brought back; False: it still is, and this worker is to stop."""
        mark = self.app.config["SETTINGS"].var_dir / RESTORING
        while (restoring := mark.exists()) and not self.asked_to_stop:
            time.sleep(SHORTEST_PAUSE_S)
        return not restoring

    def _count(self, job: Job, seconds: float) -> None:
        broken = job.get_status(refresh=True) == JobStatus.FAILED
        note_job(self.connection, _named(job), broken=broken, seconds=seconds)

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """Show signs of life while a horse works, as far as Redis is there to see them."""
        with suppress(RedisError):
            super().maintain_heartbeats(job, execution)

    def main_work_horse(self, job: Job, queue: Queue) -> NoReturn:
        """In the fork: put up the fence, drop what the fork must not share, do the job."""
        try:
            raise_fence(queue.name, parent_pid=self.pid or 0)
            with self.app.app_context():
                db.engine.dispose(close=False)  # the connections belong to the parent
            super().main_work_horse(job, queue)
        finally:
            os._exit(1)  # RQ leaves through os._exit; who comes here failed before that

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Do the job inside an application context of its own."""
        with self.app.app_context():
            return bool(super().perform_job(job, queue, execution))


def _named(job: Job) -> str:
    try:
        return job.func_name or ""
    except DeserializationError:
        return ""


def _timeout_s(job: Job) -> int:
    kind = JOBS.get(_named(job))
    return kind.timeout_s if kind else UNLISTED_TIMEOUT_S


def serve(app: Flask, queues: Sequence[str], *, burst: bool = False) -> None:
    """Serve `queues` until SIGTERM, across any number of Redis restarts."""
    redis_url = app.config["SETTINGS"].redis_url
    pause_s = SHORTEST_PAUSE_S
    while True:
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGINT, _leave)
        worker = None
        try:
            worker = FencedWorker(app, queues, connect(redis_url, patient=True))
            worker.work(burst=burst)
            pause_s = SHORTEST_PAUSE_S  # it ended by itself: a job it could not even read
        except RedisError as error:
            log.warning("Redis is away: %s", type(error).__name__)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        if burst or (worker is not None and worker.asked_to_stop):
            return
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGINT, _leave)
        time.sleep(pause_s)


class Clock:
    """Rings for what nobody else rings for."""

    def __init__(self, settings: Settings) -> None:
        self._send = sender(settings.redis_url)
        self._sweeps = queue_named(JOBS[SWEEP].queue, connect(settings.redis_url))
        self._away, self._remind_at = False, 0.0

    def tick(self) -> None:
        """Ask for a sweep, unless one waits; for reminders and retention now and then."""
        try:
            if not self._sweeps.count:
                self._send(SWEEP)
            if time.monotonic() >= self._remind_at:
                self._send(REMIND)
                self._send(RETAIN)
                self._remind_at = time.monotonic() + REMIND_EVERY_S
            if self._away:
                log.info("Redis is back")
            self._away = False
        except (RedisError, DoorbellBroken) as error:
            if not self._away:
                log.warning("Redis is away, the sweep waits: %s", type(error).__name__)
            self._away = True


def ring(settings: Settings) -> None:
    """Be the clock until SIGTERM."""
    clock = Clock(settings)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    while True:
        clock.tick()
        time.sleep(TICK_S)


def warm_up(app: Flask, queues: Sequence[str]) -> None:
    """Load now what every horse of these queues will need: a fork shares it for nothing.

    Each job's module may have a `warm_up()` that does a small piece of its work.
    """
    # Else numpy's OpenBLAS starts a thread for every core, which forks dislike, and 90 MB of
    # address space for each, which the fence counts.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with app.app_context():
        for function, kind in JOBS.items():
            if kind.queue in queues:
                module = import_module(function.rpartition(".")[0])
                getattr(module, "warm_up", lambda: None)()
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page in each fork


def _leave(_signum: int, _frame: Any) -> NoReturn:
    raise SystemExit(0)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run waiting jobs, or ring for the sweeper.")
    parser.add_argument("--queues", default=",".join(QUEUES), help="in order, with commas")
    parser.add_argument("--clock", action="store_true", help="only ring for the sweeper")
    parser.add_argument("--burst", action="store_true", help="stop when nothing waits")
    chosen = parser.parse_args(words)
    chosen.queues = [name for name in chosen.queues.split(",") if name]
    if unknown := set(chosen.queues) - set(QUEUES):
        parser.error(f"unknown queue: {', '.join(sorted(unknown))}")
    return chosen


def main(words: Sequence[str] | None = None) -> int:
    """Run the worker or the clock; returns the exit status."""
    chosen = _arguments(words)
    begin_logs()
    settings = load_settings()
    if chosen.clock:
        ring(settings)
    check_decoder()
    app = create_app(settings)
    warm_up(app, chosen.queues)
    serve(app, chosen.queues, burst=chosen.burst)
    return 0


if __name__ == "__main__":
    sys.exit(main())
