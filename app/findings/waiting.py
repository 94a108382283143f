"""Which photos wait to be examined."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.findings.service import EXAMINED_STATES
from app.photos.models import Photo

DRAIN_MOST = 24  # photos per job, as when they are processed
DRAIN_S = 20.0  # below the job's 30 s, with one slow photo to spare
RING_AGAIN_AFTER = timedelta(seconds=30)  # the first ring may still be on its way


def next_waiting(session: Session, done: set[UUID]) -> UUID | None:
    """One of the photos that came last and wait; not one of `done`.

    Any of the newest, so that one photo that ends every job cannot keep the others waiting, and
    two workers seldom examine the same one (taking the newest, both do all the work, measured).
    """
    waiting = session.scalars(
        select(Photo.id)
        .where(
            Photo.examined_at.is_(None),
            Photo.state.in_(EXAMINED_STATES),
            Photo.destroyed_at.is_(None),
        )
        .order_by(Photo.received_at.desc(), Photo.id.desc())
        .limit(len(done) + 2 * DRAIN_MOST)
    )
    left = [photo_id for photo_id in waiting if photo_id not in done]
    return secrets.choice(left) if left else None


def unexamined(session: Session, now: datetime, *, limit: int = 500) -> list[UUID]:
    """Photos to ring for again: one in `DRAIN_MOST` of those that wait, as a job takes the rest."""
    waiting = session.scalars(
        select(Photo.id)
        .where(
            Photo.examined_at.is_(None),
            Photo.state.in_(EXAMINED_STATES),
            Photo.destroyed_at.is_(None),
            Photo.state_since <= now - RING_AGAIN_AFTER,
        )
        .order_by(Photo.received_at.desc(), Photo.id.desc())
        .limit(limit)
    )
    return list(waiting)[::DRAIN_MOST]
