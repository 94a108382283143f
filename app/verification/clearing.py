"""What the sweep does for checks: ring again, forget what is a day old, remove files left over.

Apart from the job, so that the sweep needs no decoder.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from app.shared.files import FileStore
from app.shared.work import Work
from app.verification import claims
from app.verification.service import CHECKS

log = logging.getLogger(__name__)
CHECK = "app.verification.jobs.check"


def sweep_checks(unit: Work, now: datetime) -> None:
    """Ring again for checks that wait longer than their lease; forget answers older than a day.

    Harmless twice or at the same time.
    """
    for check_id in claims.stale_checks(unit.session, now):
        unit.after_commit(CHECK, check_id=str(check_id))
    claims.forget_old(unit.session, now)


def remove_left_over(files: FileStore, now: datetime) -> None:
    """Remove dropped files older than a day: their jobs died.  Call after the commit.

    They are few: `service.MOST_WAITING` at most wait, and a job deletes its file.
    """
    over = now - claims.LIFE
    for path in files.path(CHECKS).rglob("*"):
        if path.is_file() and _is_older(path, over):
            key = path.relative_to(files.root).as_posix()
            if files.discard(key, untouched_since=over):
                log.info("removed a dropped file that nobody looked at in a day")


def _is_older(path: Path, over: datetime) -> bool:
    try:
        return path.stat().st_mtime < over.timestamp()
    except FileNotFoundError:
        return False
