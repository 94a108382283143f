"""What somebody should look at, and in which order.  Each code is a heading of the runbook
(docs/operations.md) and a gauge of `/metrics`.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.upkeep.state import State

AlarmCode = Literal[
    "queue_away", "no_worker", "sweep_late", "work_late", "disk_low", "jobs_broken",
    "packets_failed", "retention_late",
]  # fmt: skip
CODES: tuple[AlarmCode, ...] = (
    "queue_away", "no_worker", "sweep_late", "work_late", "disk_low", "jobs_broken",
    "packets_failed", "retention_late",
)  # fmt: skip
LOW_SHARE = 0.15  # of the disk: a deadline's eve brought 3.4 % of a year's photos in one day
RETENTION_LATE = timedelta(days=2)  # it runs every night


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is not as it should be; `of` names the queue or the kind of work."""

    code: AlarmCode
    of: str = ""
    count: int = 0


def alarms(state: State, now: datetime, *, by_night: bool) -> list[Alarm]:
    """All that ring, most urgent first.  `by_night`: retention runs by itself here."""
    found = [*_queues(state), *_work(state), *_room(state)]
    if by_night and (state.retained_at is None or now - state.retained_at > RETENTION_LATE):
        found.append(Alarm("retention_late"))
    return sorted(found, key=lambda alarm: CODES.index(alarm.code))


def _queues(state: State) -> Iterator[Alarm]:
    if state.doorbell is None:
        yield Alarm("queue_away")
        return
    for bell in state.doorbell.bells:
        if not bell.workers:
            yield Alarm("no_worker", bell.queue)
        if bell.failed:
            yield Alarm("jobs_broken", bell.queue, bell.failed)


def _work(state: State) -> Iterator[Alarm]:
    if state.sweep_is_late:
        yield Alarm("sweep_late")
    for each in state.pending:
        if each.late:
            yield Alarm("work_late", each.kind, each.count)
    if state.failed_packets:
        yield Alarm("packets_failed", count=state.failed_packets)


def _room(state: State) -> Iterator[Alarm]:
    if state.room is not None and state.room[0] < LOW_SHARE * state.room[1]:
        yield Alarm("disk_low")
