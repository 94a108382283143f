"""`make run`'s one program for all jobs: loaded once, it forks a worker for whatever waits.

    python -m tools.foreman 2     so many workers at once for photos, and for packets

Each queue has workers of its own: photos never stand behind a packet of ten minutes.  A worker is
a fork that loads what its jobs need, serves its queue, and ends when nothing has come for a while;
while nobody works there is only this process, which is the clock as well.  One that is killed is
forked again after a growing pause; all die with this process (and a horse with its worker), and
the supervisor starts it again.  Larger installations start `worker.py` once per queue instead.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError

from app import create_app
from app.shared.db import db
from app.shared.logs import begin as begin_logs
from app.shared.queue import QUEUES, connect, queue_named
from app.shared.versions import check_decoder
from config import load_settings
from tools.supervisor.processes import die_with_parent
from worker import TICK_S as CLOCK_S
from worker import Clock, FencedWorker, warm_up

log = logging.getLogger("lakthan.foreman")

LOOK_S = 0.1  # how long a job may wait to be seen
LIFE_S = 30  # between two signs of life, as a waiting worker of RQ gives them
NEXT_FORK_S = 1.0  # the one before must have had time to take its job
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
STEADY_S = 60.0  # one that lived so long was no broken start
IDLE_S = {"photos": 20, "packets": 20, "upkeep": 0}  # upkeep is loaded here; its forks just end
PATIENT = 5  # nice(2): a packet takes minutes, and must not slow what people wait for


@dataclass
class Crew:
    """The workers of one queue."""

    queue: str
    most: int
    began_s: dict[int, float] = field(default_factory=dict)  # by process id
    deaths: int = 0
    not_before_s: float = 0.0

    def may_grow(self, now_s: float) -> bool:
        """Whether one more may be forked now."""
        return len(self.began_s) < self.most and now_s >= self.not_before_s

    def grew(self, pid: int, now_s: float) -> None:
        """One more is there."""
        self.began_s[pid] = now_s
        self.not_before_s = now_s + NEXT_FORK_S

    def lost(self, pid: int, code: int, now_s: float) -> None:
        """One has ended: 0 had nothing to do any more, others wait before they are replaced."""
        lived_s = now_s - self.began_s.pop(pid)
        if code == 0:
            self.deaths = 0
            self.not_before_s = 0.0
            return
        self.deaths = 1 if lived_s >= STEADY_S else self.deaths + 1
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self.deaths - 1))
        self.not_before_s = now_s + pause_s
        log.error("a worker of %s %s; replaced in %g s", self.queue, _ended(code), pause_s)


class Foreman:
    """Sees what waits, keeps the crews, rings as the clock."""

    def __init__(self, app: Flask, most: int) -> None:
        self.app = app
        self.redis_url = app.config["SETTINGS"].redis_url
        self.crews = [Crew(name, min(most, 1) if name == "upkeep" else most) for name in QUEUES]
        self.asked = 0
        self._clock = Clock(app.config["SETTINGS"])
        self._connection = connect(self.redis_url)
        self._shown: FencedWorker | None = None  # how we stand in RQ's list of workers
        self._away = False

    def work(self) -> None:
        """Go on until SIGTERM; then wait for the jobs in hand.  A second one hurries them."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        ring_at_s = show_at_s = 0.0
        while not self.asked:
            self._bury()
            now_s = time.monotonic()
            if now_s >= ring_at_s:
                self._clock.tick()
                ring_at_s = now_s + CLOCK_S
            if now_s >= show_at_s and self._told(self._show_life):
                show_at_s = now_s + LIFE_S
            self._told(self._look)
            time.sleep(LOOK_S)
        while any(crew.began_s for crew in self.crews):
            self._bury()
            time.sleep(LOOK_S)
        self._told(self._take_leave)

    def _stop(self, _number: int, _frame: object) -> None:
        self.asked += 1
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def _pids(self) -> list[int]:
        return [pid for crew in self.crews for pid in crew.began_s]

    def _told(self, ask: Callable[[], None]) -> bool:
        """Ask Redis something; it may be away, and is spoken of once."""
        try:
            ask()
        except (RedisError, OSError) as error:
            if not self._away:
                log.warning("Redis is away: %s", type(error).__name__)
            self._away = True
            return False
        self._away = False
        return True

    def _look(self) -> None:
        """Fork for every queue in which something waits that nobody has taken."""
        for crew in self.crews:
            now_s = time.monotonic()
            if crew.may_grow(now_s) and queue_named(crew.queue, self._connection).count:
                crew.grew(self._fork(crew.queue), now_s)

    def _show_life(self) -> None:
        """Stand among RQ's workers: each queue is served, though nobody waits at it."""
        shown = self._shown or FencedWorker(self.app, QUEUES, self._connection)
        self._shown = shown
        if self._connection.exists(shown.key):
            shown.heartbeat()
        else:  # at first, and after a Redis that forgot
            shown.register_birth()
            shown.set_state("idle")

    def _take_leave(self) -> None:
        if self._shown:
            self._shown.register_death()

    def _bury(self) -> None:
        for crew in self.crews:
            for pid in list(crew.began_s):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    crew.lost(pid, os.waitstatus_to_exitcode(status), time.monotonic())

    def _fork(self, queue: str) -> int:
        bind = die_with_parent(signal.SIGKILL)
        stopping = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, stopping)  # else one could come to neither
        try:
            pid = os.fork()
            if pid == 0:
                self._become_worker(queue, bind)
            return pid
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, stopping)

    def _become_worker(self, queue: str, bind: Callable[[], None]) -> NoReturn:
        """In the fork: serve `queue` until it has been empty for a while."""
        code = 1
        try:
            bind()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, _leave)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
            _serve(self.app, queue, connect(self.redis_url, patient=True))
            code = 0
        except SystemExit:
            code = 0  # asked to stop before it had taken anything
        except RedisError as error:
            log.warning("Redis went away from a worker of %s: %s", queue, type(error).__name__)
            code = 0  # forked again as soon as Redis can be asked what waits
        except BaseException:
            log.exception("a worker of %s broke", queue)
        finally:
            os._exit(code)


def _serve(app: Flask, queue: str, connection: Redis) -> None:
    if queue == "packets":
        os.nice(PATIENT)
    with app.app_context():
        db.engine.dispose(close=False)  # connections, if there are any, belong to the parent
    idle_s = IDLE_S[queue]
    if idle_s:
        warm_up(app, [queue])
    FencedWorker(app, [queue], connection).work(
        burst=not idle_s,
        max_idle_time=idle_s or None,
        # The sweep's worker comes and goes every ten seconds: that alone is no news.
        logging_level="INFO" if idle_s else "WARNING",
    )


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


def _ended(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def main(most: int) -> None:
    """Load everything once, then work."""
    begin_logs()
    check_decoder()
    app = create_app(load_settings())
    warm_up(app, ["upkeep"])  # rung every ten seconds; the other queues' forks load their own
    Foreman(app, most).work()


if __name__ == "__main__":
    main(int(sys.argv[1]))
