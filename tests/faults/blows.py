"""Blows: what may happen to a machine, each named.  They strike from the main thread only."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress

from tests.faults.stand import Stand, backends, comes, until

Blow = Callable[[Stand, random.Random], None]


def kill_the_web(stand: Stand, _chance: random.Random) -> None:
    """kill -9 of gunicorn and its processes at once."""
    stand.kill("web")
    stand.start("web")


def kill_a_web_process(stand: Stand, chance: random.Random) -> None:
    """kill -9 of one process; gunicorn itself brings another."""
    _kill(chance.choice(stand.parts["web"].children() or [0]))


def kill_the_worker(stand: Stand, _chance: random.Random) -> None:
    """kill -9 of the worker; its horse must not go on beside the next one's."""
    horses = stand.parts["worker"].children()
    stand.kill("worker")
    stand.start("worker")
    until(lambda: not any(map(_lives, horses)), "the horse went with its worker")


def kill_the_horse(stand: Stand, _chance: random.Random) -> None:
    """kill -9 in the middle of a job, as soon as there is one."""
    worker = stand.parts["worker"]
    comes(worker.children, patience_s=10)
    for horse in worker.children():
        _kill(horse)


def kill_the_queue(stand: Stand, _chance: random.Random) -> None:
    """kill -9 of Valkey; it comes back empty."""
    stand.kill("queue")
    stand.start("queue")


def forget_the_queue(stand: Stand, _chance: random.Random) -> None:
    """FLUSHALL."""
    with stand.redis() as redis:
        redis.flushall()


def kill_the_database(stand: Stand, _chance: random.Random) -> None:
    """kill -9 of the postmaster and all its processes; recovery from the log."""
    stand.kill("database")
    stand.start("database")


def end_the_database_at_once(stand: Stand, _chance: random.Random) -> None:
    """An immediate shutdown (SIGQUIT), as `pg_ctl stop -m immediate`."""
    part = stand.parts["database"]
    os.kill(part.pid, signal.SIGQUIT)
    assert part.process is not None
    part.process.wait()
    stand.start("database")


def kill_a_connection(stand: Stand, chance: random.Random) -> None:
    """kill -9 of one backend: PostgreSQL throws all others out and recovers."""
    with suppress(Exception):
        _kill(chance.choice(backends(stand.settings.database_url) or [0]))
    until(stand.parts["database"].ready, "the database answers")


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        if pid:
            os.kill(pid, signal.SIGKILL)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


ANYWHERE: dict[str, Blow] = {
    "web killed": kill_the_web,
    "web process killed": kill_a_web_process,
    "worker killed": kill_the_worker,
    "work-horse killed": kill_the_horse,
    "queue killed": kill_the_queue,
    "queue flushed": forget_the_queue,
}
ON_POSTGRESQL: dict[str, Blow] = {
    "database killed": kill_the_database,
    "database ended at once": end_the_database_at_once,
    "database connection killed": kill_a_connection,
}
EVERYWHERE = ANYWHERE | ON_POSTGRESQL
