"""The state as figures for Prometheus: gauges that are read off the rows at every scrape.

Names follow Prometheus' rules: a unit at the end, `_total` for what only grows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.shared.job_log import JobFigures
from app.upkeep.alarms import CODES, Alarm
from app.upkeep.state import State


class StateCollector(Collector):
    """One scrape's state; `jobs` what workers wrote down of their jobs."""

    def __init__(
        self,
        state: State,
        jobs: Iterable[JobFigures],
        rings: Iterable[Alarm],
        *,
        release: str,
        now: datetime,
    ) -> None:
        self.state, self.jobs, self.release, self.now = state, list(jobs), release, now
        self.rings = Counter(alarm.code for alarm in rings)

    def collect(self) -> Iterator[Metric]:
        """Every gauge.  What cannot be known at the moment is left out, not told as 0."""
        state = self.state
        yield _gauge("lakthan_build_info", "What runs here.", {self.release: 1.0}, "release")
        ringing = {code: float(self.rings[code]) for code in CODES}
        yield _gauge("lakthan_alarms", "What somebody should look at.", ringing, "code")
        yield from self._work()
        yield from self._queues()
        yield from self._kept()
        yield _gauge(
            "lakthan_unsent_items", "Records and photos on phones, by their last heartbeats.",
            {"record": state.unsent.records, "photo": state.unsent.photos}, "kind",
        )  # fmt: skip

    def _work(self) -> Iterator[Metric]:
        found = self.state.pending
        counts = {each.kind: float(each.count) for each in found}
        ages = {each.kind: self._age(each.since) for each in found}
        yield _gauge("lakthan_pending_rows", "Rows that wait to be worked on.", counts, "kind")
        yield _gauge("lakthan_pending_oldest_seconds", "How long the oldest waits.", ages, "kind")
        yield GaugeMetricFamily(
            "lakthan_packets_failed", "Packets that failed in 7 days.",
            value=self.state.failed_packets,
        )  # fmt: skip
        for name, at in (("sweep", self.state.swept_at), ("retention", self.state.retained_at)):
            if at is not None:
                yield GaugeMetricFamily(
                    f"lakthan_{name}_last_timestamp_seconds", "When it last ended.",
                    value=at.timestamp(),
                )  # fmt: skip

    def _queues(self) -> Iterator[Metric]:
        bell = self.state.doorbell
        yield GaugeMetricFamily(
            "lakthan_queue_up", "Whether Redis answers.", value=bell is not None
        )
        if bell is None:
            return
        facts = {
            "jobs": ("Jobs that wait.", lambda b: float(b.waiting)),
            "oldest_seconds": ("How long the next job waits.", lambda b: self._age(b.since)),
            "failed_jobs": ("Jobs that broke in 7 days.", lambda b: float(b.failed)),
            "workers": ("Workers that serve it.", lambda b: float(b.workers)),
        }
        for name, (words, read) in facts.items():
            values = {each.queue: read(each) for each in bell.bells}
            yield _gauge(f"lakthan_queue_{name}", words, values, "queue")
        yield from self._jobs()

    def _jobs(self) -> Iterator[Metric]:
        done = CounterMetricFamily(
            "lakthan_jobs", "Jobs that workers ended.", labels=("job", "outcome")
        )
        spent = CounterMetricFamily(
            "lakthan_job_seconds", "Time that workers spent on them.", labels=("job",)
        )
        for each in self.jobs:
            done.add_metric((each.job, "done"), each.done)
            done.add_metric((each.job, "broken"), each.broken)
            spent.add_metric((each.job,), each.seconds)
        yield done
        yield spent

    def _kept(self) -> Iterator[Metric]:
        if self.state.room is not None:
            free, total = self.state.room
            values = {"free": float(free), "all": float(total)}
            yield _gauge("lakthan_disk_bytes", "The disk under the data folder.", values, "which")
        for name, value in sorted(self.state.counts.items()):
            unit = name if name.endswith("_bytes") else f"{name}_rows"
            yield GaugeMetricFamily(f"lakthan_kept_{unit}", "Counted now and then.", value=value)

    def _age(self, since: datetime | None) -> float:
        return (self.now - since).total_seconds() if since else 0.0


def _gauge(name: str, words: str, values: Mapping[Any, float], label: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=(label,))
    for of, value in values.items():
        family.add_metric((of,), value)
    return family
