"""Photos are processed: claimed by one worker at a time, finished by the one that holds the claim.

The queue is the photos' table.  A claim is a lease and a number: whoever was slower than the
lease finds another number there and may not write any more.

What is worked on is the original of a received photo, or the preview of an awaited one.  The
state is part of the claim: when the original comes, whoever holds the preview has lost it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.photos import stamp_facts
from app.photos.codes import new_code
from app.photos.evidence import write_facts
from app.photos.exif import PhotoFacts
from app.photos.models import Photo, PhotoState
from app.photos.renditions import note_renditions
from app.photos.stamp_words import StampWords
from app.prints import index
from app.shared.errors import DomainError

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)  # a photo takes 10 s of CPU at most; the rest is a busy machine
MOST_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=30)  # the first ring may still be on its way
DRAIN_MOST = 24  # photos per job: starting a horse then costs a photo 1 ms, not 20
DRAIN_S = 20.0  # below the job's 30 s, with one slow photo to spare


class ClaimLost(DomainError):
    """The lease ran out and the photo went to another worker, or is already done."""

    code = "claim_lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write one photo's outcome until `until`."""

    photo_id: UUID
    state: PhotoState  # "received": its original is worked on; "awaited": its preview
    sha256: str
    attempt: int
    until: datetime
    words: StampWords | None = None  # None for a preview: it is no evidence, and gets no stamp


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker made of an original or a preview; its files are already stored.

    `keys` are those of `app.prints` by `keys_recipe`, None where none could be made.
    """

    facts: PhotoFacts
    view_sha256: str
    thumb_sha256: str
    recipe: int
    stamped_sha256: str | None = None
    placeholder: str | None = None
    measures: Mapping[str, Any] | None = None
    keys: Sequence[int] | None = None
    keys_recipe: int = 0


def claim(session: Session, photo_id: UUID, now: datetime) -> Claim | None:
    """Take the photo for `LEASE`, or None: it is done, taken, or was tried too often.

    A photo gets the code of its stamp here, the first time, and keeps it.  What an earlier try
    said is forgotten: a horse that dies says nothing.
    """
    until = now + LEASE
    code = func.coalesce(Photo.code, new_code())
    row = session.execute(
        update(Photo)
        .where(Photo.id == photo_id, _free(now), Photo.attempts < MOST_ATTEMPTS)
        .values(attempts=Photo.attempts + 1, lease_until=until, code=code, last_error_code=None)
        .returning(Photo.state, Photo.original_sha256, Photo.preview_sha256, Photo.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    if row.state == "awaited":
        return Claim(photo_id, row.state, str(row.preview_sha256), row.attempts, until)
    words = stamp_facts.gather(session, photo_id)
    return Claim(photo_id, row.state, row.original_sha256, row.attempts, until, words)


def claim_next(session: Session, now: datetime) -> Claim | None:
    """Take the photo that waits longest; one that failed before lets the untried go first."""
    waiting = session.scalars(
        select(Photo.id)
        .where(_free(now), Photo.attempts < MOST_ATTEMPTS)
        .order_by(Photo.attempts, Photo.received_at, Photo.id)
        .limit(5)  # another worker may take some of them meanwhile
    )
    for photo_id in waiting.all():
        if taken := claim(session, photo_id, now):
            return taken
    return None


def any_waits(session: Session, now: datetime) -> bool:
    """Whether a photo waits that nobody works on."""
    waits = exists().where(_free(now), Photo.attempts < MOST_ATTEMPTS)
    return bool(session.scalar(select(waits)))


def finish(session: Session, held: Claim, made: Made, *, now: datetime) -> Photo:
    """Write what was made of a claimed photo.

    A preview gives pictures only: what a file says of where and when, the original will say.

    Raises:
        ClaimLost: it is no longer this claim's to write.
    """
    photo = _held_photo(session, held)
    note_renditions(session, photo, made, now)
    photo.view_sha256, photo.thumb_sha256 = made.view_sha256, made.thumb_sha256
    photo.recipe, photo.placeholder = made.recipe, made.placeholder
    if held.state == "awaited":
        photo.lease_until = None
    else:
        photo.stamped_sha256 = made.stamped_sha256
        photo.measures = dict(made.measures) if made.measures is not None else None
        write_facts(session, photo, made.facts)
        _close(photo, "processed", None, now)
        if made.keys is not None:
            index.put(session, photo.id, made.keys, made.keys_recipe, now)
    session.flush()
    return photo


def mark_unreadable(
    session: Session, held: Claim, code: str, facts: PhotoFacts | None, *, now: datetime
) -> Photo:
    """Say that no picture can be made of a claimed photo, and why.  The original stays.

    Raises:
        ClaimLost: it is no longer this claim's to write.
    """
    photo = _held_photo(session, held)
    if held.state == "awaited":  # a bad preview is no loss: the original is still to come
        photo.attempts, photo.lease_until = MOST_ATTEMPTS, None
    else:
        if facts is not None:
            write_facts(session, photo, facts)
        _close(photo, "unreadable", code, now)
    session.flush()
    return photo


def note_trouble(session: Session, held: Claim, code: str, *, counts: bool) -> None:
    """Remember why an attempt broke off; the lease runs out and the photo is tried again.

    It only `counts` as a try if the photo itself is to blame: a disk that is full for an hour
    must not end in photos that are called unreadable.
    """
    attempts = held.attempt if counts else held.attempt - 1
    session.execute(
        update(Photo).where(*_held(held)).values(last_error_code=code, attempts=attempts)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def stale_photos(session: Session, now: datetime, *, limit: int = 500) -> list[UUID]:
    """Photos to ring for again: one in `DRAIN_MOST` of those that wait, as a job takes the rest.

    Photos that were tried too often, and whose last worker is gone, become unreadable here.
    """
    _settle_hopeless(session, now)
    rung_for = now - RING_AGAIN_AFTER
    waiting = session.scalars(
        select(Photo.id)
        .where(_free(now), or_(Photo.lease_until.is_not(None), Photo.state_since <= rung_for))
        .order_by(Photo.attempts, Photo.received_at, Photo.id)
        .limit(limit)
    )
    return list(waiting)[::DRAIN_MOST]


def reprocess(session: Session, now: datetime, chosen: ColumnElement[bool]) -> int:
    """Send the chosen photos (see `again.py`) through the pipeline again; returns how many.

    Only those that were done with.  Old renditions stay: pages show them until the new ones are
    there, and issued packets name them.
    """
    result = session.execute(
        update(Photo)
        .where(Photo.state.in_(("processed", "unreadable")), Photo.destroyed_at.is_(None), chosen)
        .values(state="received", state_since=now, attempts=0, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _free(now: datetime) -> ColumnElement[bool]:
    """Waiting, and in nobody's hands."""
    preview_waits = and_(
        Photo.preview_held_at.is_not(None),
        Photo.view_sha256.is_(None),
        Photo.attempts < MOST_ATTEMPTS,
    )
    return and_(
        Photo.state.in_(("received", "awaited")),  # for the index; the next line says which
        Photo.destroyed_at.is_(None),
        or_(Photo.state == "received", preview_waits),
        or_(Photo.lease_until.is_(None), Photo.lease_until <= now),
    )


def _held(held: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        Photo.id == held.photo_id, Photo.state == held.state,
        Photo.attempts == held.attempt, Photo.lease_until == held.until,
    )  # fmt: skip


def _held_photo(session: Session, held: Claim) -> Photo:
    photo = session.scalars(
        select(Photo)
        .where(*_held(held))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if photo is None:
        raise ClaimLost(id=str(held.photo_id))
    return photo


def _settle_hopeless(session: Session, now: datetime) -> None:
    given_up = session.execute(
        update(Photo)
        .where(Photo.state == "received", _free(now), Photo.attempts >= MOST_ATTEMPTS)
        .values(
            state="unreadable",
            state_since=now,
            lease_until=None,
            examined_at=None,
            last_error_code=func.coalesce(Photo.last_error_code, "gave_up"),
        )
        .returning(Photo.id)
        .execution_options(synchronize_session=False)
    )
    for photo_id in given_up.scalars():
        log.warning("gave up photo %s after %d tries", photo_id, MOST_ATTEMPTS)


def _close(photo: Photo, state: Any, code: str | None, now: datetime) -> None:
    photo.state, photo.state_since = state, now
    photo.lease_until, photo.last_error_code = None, code
    photo.examined_at = None  # what was found in the former facts has to be looked at again
