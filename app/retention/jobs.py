"""The nightly run.  Queue: upkeep, 120 s, rung every ten minutes by the clock."""

from __future__ import annotations

from time import monotonic

from flask import current_app

from app.retention import runs
from app.retention.night_jobs import carry_on
from app.shared.clock import bangkok_day, now
from app.shared.work import work
from config import Settings

RUN = "app.retention.jobs.run"
SLICE_S = 60.0  # of 120: other upkeep waits behind it, and a batch takes a second or two


def run() -> None:
    """Carry on tonight's run for a minute, and ring for the rest; nothing once it is done.

    From two in the morning, Bangkok; a clock that was away catches up as soon as it is back.
    Harmless twice, even at the same time: what has ended is due no more, and one transaction at a
    time destroys.  The demonstration's story lies years back: there it runs only when it is
    asked to (`flask retention run`).
    """
    settings: Settings = current_app.config["SETTINGS"]
    if settings.env == "demo":
        return
    with work() as w:
        tonight = runs.owed(w.session, now())
    if tonight is None:
        return
    stop_at = monotonic() + SLICE_S
    if carry_on(tonight.id, bangkok_day(now()), go_on=lambda: monotonic() < stop_at):
        return
    with work() as w:
        w.after_commit(RUN)
