"""What the sweeper does for held items.  Runs inside `app.upkeep.jobs.sweep`."""

from __future__ import annotations

import logging

from flask import current_app

from app.shared.clock import now
from app.shared.work import work
from app.sync import held_upkeep
from app.sync.inbox import release

log = logging.getLogger(__name__)
MOST_AT_ONCE = 200


def sweep_held() -> None:
    """Release what can be applied by now, forget whom we were asked to forget, give up the old.

    Harmless twice or at the same time: each item is taken by one process, and what is settled
    stays settled.
    """
    seed = current_app.config["SETTINGS"].signing_key
    with work() as w:
        instant = now()
        held_upkeep.forget_late(w.session)
        come = held_upkeep.ready(w.session, limit=MOST_AT_ONCE)
        for job, ids in release(w.session, come, now=instant, seed=seed):
            w.after_commit(job, **ids)
        dismissed = held_upkeep.dismiss_old(w.session, instant)
    if come:
        log.info("released what waited for %d records", len(come))
    if dismissed:
        log.info("gave up %d held items after %d days", dismissed, held_upkeep.KEPT.days)
