"""What the sweep does for copies; apart from the job, so that the sweep needs no decoder."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.photos.models import Photo
from app.shared.work import Work
from app.sharing import claims
from app.sharing.models import SharingCopy

MAKE = "app.sharing.jobs.make"


def sweep_copies(unit: Work, now: datetime) -> None:
    """Ring again for copies that wait longer than their lease.  Harmless twice."""
    for copy_id in claims.stale_copies(unit.session, now):
        unit.after_commit(MAKE, copy_id=str(copy_id))


def forget_copies(session: Session, photo_id: UUID) -> None:
    """Withdraw every copy of a destroyed photo; none that waits is made.  Harmless twice."""
    destroyed_at = select(Photo.destroyed_at).where(Photo.id == photo_id).scalar_subquery()
    copies = update(SharingCopy).where(SharingCopy.photo_id == photo_id)
    quietly = {"synchronize_session": False}
    session.execute(
        copies.values(withdrawn_at=func.coalesce(SharingCopy.withdrawn_at, destroyed_at)),
        execution_options=quietly,
    )
    session.execute(
        copies.where(SharingCopy.state == "waiting").values(state="failed", lease_until=None),
        execution_options=quietly,
    )
