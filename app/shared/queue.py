"""The queue: a doorbell for work that rows in the database describe.

Jobs carry ids in JSON, name a function from `JOBS`, and may be lost: `upkeep` rings again for
every row that waits.  RQ runs whatever a job names, so a worker takes nothing that is not in
the table below - whoever can write to Redis can still not run a program.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import uuid4

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry
from rq import Queue
from rq.job import Dependency, Job
from rq.serializers import JSONSerializer

from app.shared.logs import follow, trail
from app.shared.work import Ring

log = logging.getLogger(__name__)

QUEUES = ("photos", "packets", "upkeep")  # in the order in which a worker serves them
RESULT_TTL_S = 60  # nobody reads results; rows hold them
FAILURE_TTL_S = 7 * 24 * 3600  # RQ keeps failed jobs for a year unless told
MOST_WAITING = 1_000  # more rings than this tell a worker nothing new
MOST_DRAINING = 8  # of one job that drains: enough for every core to hear one
CONNECT_TIMEOUT_S = 2.0  # a request must not wait for a doorbell
COMMAND_TIMEOUT_S = 2.0
SILENCE_S = 15.0  # nobody rings for so long after a Redis that took a line and said nothing


@dataclass(frozen=True, slots=True)
class JobKind:
    """Which queue a job waits in, and how long it may run.

    One that `drains` takes all that waits, not just what it is rung for, and rings for what it
    leaves: a few rings are as good as a thousand, and each one too many costs a fork for nothing.
    One that is rung `once` is not rung again for the same ids while it still waits.
    """

    queue: str
    timeout_s: int
    drains: bool = False
    once: bool = False


JOBS = {
    "app.photos.jobs.process": JobKind("photos", 30, drains=True),
    "app.findings.jobs.examine": JobKind("photos", 30, drains=True),
    "app.sharing.jobs.make": JobKind("photos", 30),
    "app.verification.jobs.check": JobKind("photos", 30),
    "app.packets.jobs.begin": JobKind("packets", 120, once=True),
    "app.packets.jobs.part": JobKind("packets", 600, once=True),
    "app.packets.jobs.join": JobKind("packets", 1800, once=True),
    "app.packets.jobs.read_back": JobKind("packets", 1800, once=True),
    "app.reminders.jobs.remind": JobKind("upkeep", 120),
    "app.reminders.jobs.tell": JobKind("upkeep", 60),
    "app.reminders.jobs.deliver": JobKind("upkeep", 120, drains=True),
    "app.retention.jobs.run": JobKind("upkeep", 120, once=True),
    "app.upkeep.jobs.sweep": JobKind("upkeep", 120),
}


class DoorbellBroken(RuntimeError):
    """Redis did not take the job.  The row still says what is to be done."""


class JobRefused(Exception):
    """A job names a function that is not on the list."""


class ListedJob(Job):
    """An RQ job that runs only what `JOBS` names, calls nobody back and writes to no address."""

    def perform(self) -> Any:
        """Run the function, if it is on the list.

        Raises:
            JobRefused: it is not; RQ keeps the job among the failed, where operations sees it.
        """
        meta: Any = self.meta  # as it lies in Redis: anybody's
        rung_by = meta.get("request") if isinstance(meta, dict) else None
        follow(request=_plain(str(rung_by or ""))[:16], job=self.id)
        if self.func_name not in JOBS or self.instance is not None:
            log.critical("refused a job that names %.200r", self.func_name)
            raise JobRefused(f"not a job of ours: {self.func_name!r:.200}")
        return super().perform()

    @property
    def success_callback(self) -> None:
        """None: RQ would import and call whatever Redis names."""

    @property
    def failure_callback(self) -> None:
        """None, as above."""

    @property
    def stopped_callback(self) -> None:
        """None, as above; this one RQ would even call in the worker itself."""

    def send_webhooks(self, *_args: object, **_kwargs: object) -> None:
        """Send nothing: a job must not make the server call an address."""


def connect(redis_url: str, *, patient: bool = False) -> Redis:
    """A client for `redis_url`; connects when first used.

    `patient` is for workers, which wait for work; others give up after seconds.
    """
    timeouts: dict[str, Any] = {"socket_connect_timeout": CONNECT_TIMEOUT_S}
    if not patient:
        timeouts |= {
            "socket_timeout": COMMAND_TIMEOUT_S,
            # Not after silence: who hangs would be waited for twice.
            "retry": Retry(ExponentialBackoff(cap=0.2, base=0.05), 1, (RedisConnectionError,)),
        }
    return Redis.from_url(redis_url, **timeouts)


def queue_named(name: str, connection: Redis) -> Queue:
    """The RQ queue `name`, speaking JSON and refusing unlisted jobs."""
    return Queue(name, connection=connection, serializer=JSONSerializer, job_class=ListedJob)


class Sender:
    """The real `send_job`: puts listed jobs into their queue.

    One request that waited for a Redis that hangs is enough: the others leave it to the sweeper.
    """

    def __init__(self, connection: Redis) -> None:
        self.connection = connection
        self._silent_until = 0.0

    def __call__(self, function: str, /, **ids: str) -> None:
        """Ring for one job.

        Raises:
            DoorbellBroken: Redis is away.
            KeyError: the function is not listed.
        """
        with self._told(function):
            self._ring(function, ids)

    def all_then(self, rings: Sequence[Ring], then: Ring) -> None:
        """Ring for each of `rings`, and for `then` when they have all ended, well or not.

        If the queue is full, `then` is left out: the rows say that it is to be done.
        Raises as for one job.
        """
        with self._told(then[0]):
            first = [self._ring(function, ids) for function, ids in rings]
            known = [job_id for job_id in first if job_id]
            if len(known) == len(first):
                function, ids = then
                self._ring(function, ids, after=known)

    def _ring(self, function: str, ids: dict[str, str], after: Sequence[str] = ()) -> str | None:
        """Returns the id of the job, or of one that waits and is as good; None: too many wait."""
        kind = JOBS[function]
        queue = queue_named(kind.queue, self.connection)
        if queue.count >= MOST_WAITING:
            log.warning("%s jobs wait in %s: not ringing again", MOST_WAITING, kind.queue)
            return None
        label = _label(function)
        if kind.drains and _waiting(queue, label, 8 * MOST_DRAINING)[MOST_DRAINING - 1 :]:
            return None
        if kind.once:
            label = "-".join([label.rstrip("-"), *(_plain(value) for value in ids.values()), ""])
            if there := _waiting(queue, label, MOST_WAITING):
                return there[0]
        return queue.enqueue_call(
            function,
            job_id=f"{label}{uuid4().hex}",
            kwargs=ids,
            timeout=kind.timeout_s,
            result_ttl=RESULT_TTL_S,
            failure_ttl=FAILURE_TTL_S,
            description=function,  # RQ would put the arguments into every log line
            meta=_whence(),
            depends_on=Dependency(list(after), allow_failure=True) if after else None,
        ).id

    @contextmanager
    def _told(self, function: str) -> Iterator[None]:
        if monotonic() < self._silent_until:
            raise DoorbellBroken(f"{function}: the queue hung a moment ago")
        try:
            yield
        except (RedisError, OSError) as error:
            if isinstance(error, RedisTimeoutError):
                self._silent_until = monotonic() + SILENCE_S
            raise DoorbellBroken(f"{function}: {type(error).__name__}") from error


def sender(redis_url: str) -> Sender:
    """The real `send_job`, for the queues at `redis_url`."""
    return Sender(connect(redis_url))


def _whence() -> dict[str, str]:
    """The request that rang, so that a worker's lines can be found from the web's, and back."""
    request = trail().get("request")
    return {"request": request} if request else {}


def _label(function: str) -> str:
    """How the ids of a function's jobs begin."""
    return f"{function.replace('.', '-')}-"


def _plain(value: str) -> str:
    """An id as a job's id may hold it: letters, digits and hyphens."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in value)


def _waiting(queue: Queue, label: str, look: int) -> list[str]:
    """Ids that begin with `label` among the next `look` of the queue."""
    # RQ's own `get_job_ids` stumbles over an id that is no UTF-8, and anything can be in Redis.
    ids: Any = queue.connection.lrange(queue.key, 0, look - 1)
    wanted = label.encode()
    return [each.decode() for each in ids if each.startswith(wanted) and each.isascii()]
