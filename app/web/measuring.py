"""Requests counted for Prometheus, where `LAKTHAN_METRICS_TOKEN` says that somebody asks.

Several web processes each write their counts into a file below `PROMETHEUS_MULTIPROC_DIR`
(deploy/gunicorn.conf.py sets it); whichever is asked adds them up.
"""

from __future__ import annotations

import os
import time
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0, 60.0)  # 0.2 and 0.5: our own bars


def init_app(app: Flask) -> None:
    """Count every answer, if it is asked for."""
    if app.config["SETTINGS"].metrics_token:
        _measures()
        app.after_request(_count)


def counted() -> CollectorRegistry:
    """What all web processes of this host have counted."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return _measures()[0]
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _count(response: Response) -> Response:
    _, answers, seconds = _measures()
    route = request.endpoint or "none"
    answers.labels(route, f"{response.status_code // 100}xx").inc()
    seconds.labels(route).observe(time.perf_counter() - g.get("started", time.perf_counter()))
    return response


@cache
def _measures() -> tuple[CollectorRegistry, Counter, Histogram]:
    """Made once in a process: the same counter for every application in it."""
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()
    answers = Counter(
        "lakthan_answers", "Answers by route and kind of status.", ("route", "status"),
        registry=registry,
    )  # fmt: skip
    seconds = Histogram(
        "lakthan_answer_seconds", "Time until an answer began.", ("route",),
        buckets=BUCKETS_S, registry=registry,
    )  # fmt: skip
    return registry, answers, seconds
