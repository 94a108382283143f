"""How jobs ended, counted in Redis by the workers and told by any web process.

A worker forks and runs no thread, so it serves no page of its own; a count that a Redis emptied
anew begins at nought, as Prometheus expects of a counter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from app.shared.queue import JOBS

_KEY = "rq:lakthan:jobs"  # below RQ's own prefix: one rule of an access list covers all


@dataclass(frozen=True, slots=True)
class JobFigures:
    """One kind of job: how many were done, how many broke, and the seconds spent on both."""

    job: str
    done: int
    broken: int
    seconds: float


def note_job(connection: Redis, function: str, *, broken: bool, seconds: float) -> None:
    """Count one job that ended.  Jobs that are not listed count as one kind.

    Raises:
        RedisError: Redis is away.
    """
    job = function if function in JOBS else "refused"
    with connection.pipeline(transaction=False) as pipe:
        pipe.hincrby(_KEY, f"{job} {'broken' if broken else 'done'}", 1)
        pipe.hincrbyfloat(_KEY, f"{job} seconds", round(seconds, 3))
        pipe.execute()


def job_figures(connection: Redis) -> Sequence[JobFigures]:
    """Every kind of job that was counted; none while Redis is away."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    try:
        told: dict[Any, Any] = connection.hgetall(_KEY)
    except RedisError:
        return []
    for field, value in told.items():
        job, _, what = bytes(field).decode("ascii", "replace").rpartition(" ")
        if job in JOBS or job == "refused":
            found[job][what] = float(value)
    return [
        JobFigures(job, int(of.get("done", 0)), int(of.get("broken", 0)), of.get("seconds", 0.0))
        for job, of in sorted(found.items())
    ]
