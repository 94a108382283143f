"""Copies are made: claimed by one worker at a time, finished by the one that holds the claim.

The queue is the copies' table, as the photos' is theirs (`app.photos.claims`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from app.photos.models import Photo, PhotoRendition
from app.sharing.models import SharingCopy
from app.sharing.rules import Box

LEASE = timedelta(seconds=45)
MOST_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=30)  # the first ring may still be on its way


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one copy until `until`."""

    copy_id: UUID
    photo_id: UUID
    view_sha256: str
    boxes: tuple[Box, ...]
    attempt: int
    until: datetime


def claim(session: Session, copy_id: UUID, now: datetime) -> Claim | None:
    """Take the copy for `LEASE`, or None: it is made, taken, or was tried too often."""
    until = now + LEASE
    row = session.execute(
        update(SharingCopy)
        .where(SharingCopy.id == copy_id, _free(now), SharingCopy.attempts < MOST_ATTEMPTS)
        .values(attempts=SharingCopy.attempts + 1, lease_until=until)
        .returning(SharingCopy.photo_id, SharingCopy.boxes, SharingCopy.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    view = session.scalar(select(Photo.view_sha256).where(Photo.id == row.photo_id))
    boxes = tuple(Box(*box) for box in row.boxes)
    return Claim(copy_id, row.photo_id, str(view), boxes, row.attempts, until)


def finish(session: Session, held: Claim, sha256: str, recipe: int, *, now: datetime) -> bool:
    """Write that the copy is made; False where it is no longer this claim's to write.

    The same boxes give the same bytes, so the rendition's row may be there already.
    """
    if not _close(session, held, state="made", sha256=sha256, recipe=recipe, made_at=now):
        return False
    known = session.get(PhotoRendition, (sha256, held.photo_id))
    if known is None:
        session.add(
            PhotoRendition(
                sha256=sha256, photo_id=held.photo_id, kind="sharing", recipe=recipe, made_at=now
            )
        )
    elif known.kind == "sharing":
        known.withdrawn_at = None  # what is given out again counts again
    session.flush()
    return True


def fail(session: Session, held: Claim) -> None:
    """Say that no copy can be made: its picture cannot be opened."""
    _close(session, held, state="failed")


def stale_copies(session: Session, now: datetime, *, limit: int = 100) -> list[UUID]:
    """Copies to ring for again.  Those that were tried too often fail here."""
    session.execute(
        update(SharingCopy)
        .where(_free(now), SharingCopy.attempts >= MOST_ATTEMPTS)
        .values(state="failed", lease_until=None)
        .execution_options(synchronize_session=False)
    )
    rung_for = now - RING_AGAIN_AFTER
    waiting = select(SharingCopy.id).where(
        _free(now), or_(SharingCopy.lease_until.is_not(None), SharingCopy.asked_at <= rung_for)
    )
    return list(session.scalars(waiting.order_by(SharingCopy.asked_at).limit(limit)))


def _close(session: Session, held: Claim, **values: object) -> bool:
    result = session.execute(
        update(SharingCopy)
        .where(
            SharingCopy.id == held.copy_id, SharingCopy.state == "waiting",
            SharingCopy.attempts == held.attempt, SharingCopy.lease_until == held.until,
        )
        .values(lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(
        SharingCopy.state == "waiting",
        or_(SharingCopy.lease_until.is_(None), SharingCopy.lease_until <= now),
    )
