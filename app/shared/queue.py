"""The queue: a doorbell for work that rows in the database describe.

Jobs carry ids in JSON, name a function from `JOBS`, and may be lost: `upkeep` rings again for
every row that waits.  RQ runs whatever a job names, so a worker takes nothing that is not in
the table below - whoever can write to Redis can still not run a program.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from app.shared.work import SendJob

log = logging.getLogger(__name__)

QUEUES = ("photos", "packets", "upkeep")  # in the order in which a worker serves them
RESULT_TTL_S = 60  # nobody reads results; rows hold them
FAILURE_TTL_S = 7 * 24 * 3600  # RQ keeps failed jobs for a year unless told
MOST_WAITING = 1_000  # more rings than this tell a worker nothing new
MOST_DRAINING = 8  # of one job that drains: enough for every core to hear one
CONNECT_TIMEOUT_S = 2.0  # a request must not wait for a doorbell
COMMAND_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class JobKind:
    """Which queue a job waits in, and how long it may run.

    One that `drains` takes all that waits, not just what it is rung for, and rings for what it
    leaves: a few rings are as good as a thousand, and each one too many costs a fork for nothing.
    """

    queue: str
    timeout_s: int
    drains: bool = False


JOBS = {
    "app.photos.jobs.process": JobKind("photos", 30, drains=True),
    "app.findings.jobs.examine": JobKind("photos", 30, drains=True),
    "app.sharing.jobs.make": JobKind("photos", 30),
    "app.verification.jobs.check": JobKind("photos", 30),
    "app.packets.jobs.build": JobKind("packets", 900),
    "app.reminders.jobs.remind": JobKind("upkeep", 120),
    "app.reminders.jobs.tell": JobKind("upkeep", 60),
    "app.reminders.jobs.deliver": JobKind("upkeep", 120, drains=True),
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
            "retry": Retry(ExponentialBackoff(cap=0.2, base=0.05), 1),
        }
    return Redis.from_url(redis_url, **timeouts)


def queue_named(name: str, connection: Redis) -> Queue:
    """The RQ queue `name`, speaking JSON and refusing unlisted jobs."""
    return Queue(name, connection=connection, serializer=JSONSerializer, job_class=ListedJob)


def _label(function: str) -> str:
    """How the ids of a function's jobs begin."""
    return f"{function.replace('.', '-')}-"


def _waiting(queue: Queue, function: str) -> int:
    """How many jobs of this function wait among the next few of the queue."""
    label = _label(function).encode()
    # RQ's own `get_job_ids` stumbles over an id that is no UTF-8, and anything can be in Redis.
    ids: Any = queue.connection.lrange(queue.key, 0, 8 * MOST_DRAINING - 1)
    return sum(each.startswith(label) for each in ids)


def sender(redis_url: str) -> SendJob:
    """The real `send_job`: puts listed jobs into their queue at `redis_url`.

    The function it returns raises DoorbellBroken when Redis is away, and KeyError for a
    function that is not listed.
    """
    connection = connect(redis_url)

    def send(function: str, /, **ids: str) -> None:
        kind = JOBS[function]
        try:
            queue = queue_named(kind.queue, connection)
            if queue.count >= MOST_WAITING:
                log.warning("%s jobs wait in %s: not ringing again", MOST_WAITING, kind.queue)
                return
            if kind.drains and _waiting(queue, function) >= MOST_DRAINING:
                return
            queue.enqueue_call(
                function,
                job_id=f"{_label(function)}{uuid4().hex}",
                kwargs=ids,
                timeout=kind.timeout_s,
                result_ttl=RESULT_TTL_S,
                failure_ttl=FAILURE_TTL_S,
                description=function,  # RQ would put the arguments into every log line
            )
        except (RedisError, OSError) as error:
            raise DoorbellBroken(f"{function}: {type(error).__name__}") from error

    return send
