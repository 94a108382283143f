"""What the sweep does for copies; apart from the job, so that the sweep needs no decoder."""

from __future__ import annotations

from datetime import datetime

from app.shared.work import Work
from app.sharing import claims

MAKE = "app.sharing.jobs.make"


def sweep_copies(unit: Work, now: datetime) -> None:
    """Ring again for copies that wait longer than their lease.  Harmless twice."""
    for copy_id in claims.stale_copies(unit.session, now):
        unit.after_commit(MAKE, copy_id=str(copy_id))
