"""The queue as it is: what waits in Redis, and which workers are there to take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import NoSuchJobError
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker

from app.shared.queue import QUEUES, ListedJob, queue_named


@dataclass(frozen=True, slots=True)
class Bell:
    """One queue: how many jobs ring, since when the oldest, and how many broke this week."""

    queue: str
    waiting: int
    since: datetime | None
    failed: int
    workers: int


@dataclass(frozen=True, slots=True)
class Hand:
    """One worker: its host and number, the queues it serves, what it does."""

    name: str
    host: str
    queues: tuple[str, ...]
    busy: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Doorbell:
    """All queues and workers."""

    bells: Sequence[Bell]
    hands: Sequence[Hand]
    version: str


def doorbell(connection: Redis) -> Doorbell | None:
    """What Redis tells; None while it is away."""
    try:
        hands = [_hand(worker) for worker in _workers(connection)]
        bells = [_bell(queue_named(name, connection), hands) for name in QUEUES]
        return Doorbell(bells, hands, _version(connection))
    except (RedisError, OSError):
        return None


def _workers(connection: Redis) -> Sequence[BaseWorker]:
    return Worker.all(connection=connection, job_class=ListedJob, serializer=JSONSerializer)


def _hand(worker: BaseWorker) -> Hand:
    seen_at = worker.last_heartbeat
    return Hand(
        worker.name, worker.hostname or "", tuple(worker.queue_names()),
        worker.get_state() == "busy", _aware(seen_at) if seen_at else None,
    )  # fmt: skip


def _bell(queue: Queue, hands: Sequence[Hand]) -> Bell:
    serving = sum(queue.name in hand.queues for hand in hands)
    return Bell(queue.name, queue.count, _since(queue), queue.failed_job_registry.count, serving)


def _since(queue: Queue) -> datetime | None:
    """When the job that is next was rung for."""
    first = queue.connection.lindex(queue.key, 0)
    if not isinstance(first, bytes) or not first.isascii():
        return None
    try:
        rung_at = ListedJob.fetch(first.decode(), queue.connection, JSONSerializer).enqueued_at
    except NoSuchJobError:
        return None
    return _aware(rung_at) if rung_at else None


def _version(connection: Redis) -> str:
    """Of the server; a user whose list of commands is short may not ask."""
    try:
        told = connection.info("server")
    except RedisError:
        return ""
    if not isinstance(told, dict):
        return ""
    for name, key in (("Valkey", "valkey_version"), ("Redis", "redis_version")):
        if key in told:
            return f"{name} {told[key]}"
    return ""


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
