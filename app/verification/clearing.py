"""What the sweep does for checks: ring again, forget what is a day old, remove files left over.

Apart from the job, so that the sweep needs no decoder.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from app.shared.files import FileStore
from app.shared.work import Work
from app.verification import claims
from app.verification.service import CHECKS

log = logging.getLogger(__name__)
CHECK = "app.verification.jobs.check"
ANSWERED = timedelta(minutes=10)  # a file comes before its row does: by less than a request


def sweep_checks(unit: Work, now: datetime) -> set[str]:
    """Ring again for checks that wait longer than their lease; forget answers older than a day.

    Returns the digests of the files that checks wait for.  Harmless twice or at the same time.
    """
    for check_id in claims.stale_checks(unit.session, now):
        unit.after_commit(CHECK, check_id=str(check_id))
    claims.forget_old(unit.session, now)
    return claims.waiting_digests(unit.session)


def remove_left_over(files: FileStore, waiting: Collection[str], now: datetime) -> None:
    """Remove dropped files that no check waits for, and those older than a day: their jobs died.

    Call after the commit.  They are few: `service.MOST_WAITING` at most wait, and a job deletes
    its file; only in a bucket, which counts whole seconds, may one that was quick have to stay.
    """
    for each in files.keys(CHECKS):
        is_waiting = each.key.rpartition("/")[2] in waiting
        over = now - (claims.LIFE if is_waiting else ANSWERED)
        if each.changed_at < over and files.discard(each.key, untouched_since=over):
            log.info("removed a dropped file that nobody waits for")
