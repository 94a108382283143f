"""Photos are received once, claimed by one worker at a time, and finished by the one that holds
the claim.

The queue is this table.  A claim is a lease and a number: whoever was slower than the lease
finds another number there and may not write any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.audit.service import record
from app.centres.models import Centre
from app.followups.models import Followup
from app.photos.exif import PhotoFacts
from app.photos.models import Photo, SubjectKind
from app.photos.rules import Judgement, PhotoDraft, clean_file_name, judge
from app.photos.sniff import HEAD_BYTES, media_type_of
from app.rounds.programme import load_programme
from app.shared.clock import bangkok_day
from app.shared.errors import DomainError
from app.shared.files import FileStore, Readable, Stored
from app.shared.geo import Position
from app.shared.record import content_sha256, insert_once
from app.visits.models import Visit

ORIGINALS = "originals"
RENDITIONS = "renditions"
LEASE = timedelta(seconds=45)  # a photo takes 10 s of CPU at most; the rest is a busy machine
MOST_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=30)  # the first ring may still be on its way
DRAIN_MOST = 24  # photos per job: starting a horse then costs a photo 1 ms, not 20
DRAIN_S = 20.0  # below the job's 30 s, with one slow photo to spare


class NotAPicture(DomainError):
    """The bytes are no JPEG, PNG, WebP, HEIC or AVIF, whatever the file is called."""

    code = "not_an_image"


class PhotoConflict(DomainError):
    """The id is stored with other bytes, or for another record."""

    code = "photo_conflict"


class ClaimLost(DomainError):
    """The lease ran out and the photo went to another worker, or is already done."""

    code = "claim_lost"


@dataclass(frozen=True, slots=True)
class Original:
    """Bytes that lie safely on disk, and the picture type they are."""

    stored: Stored
    media_type: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write one photo's outcome until `until`."""

    photo_id: UUID
    original_sha256: str
    attempt: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker made of an original, already stored."""

    facts: PhotoFacts
    view_sha256: str
    thumb_sha256: str
    recipe: int


class _Peeked:
    """A stream whose first bytes were looked at already."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        """The head first, then the rest."""
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._rest.read(size)


def keep_original(files: FileStore, stream: Readable, *, max_bytes: int) -> Original:
    """Put the bytes on disk, durably.  Call before the unit of work: it may take a while.

    Harmless twice: the same bytes have the same place.

    Raises:
        NotAPicture: no byte is kept.
        FileTooLarge, FileEmpty: no byte is kept.
        OSError: the disk refused.
    """
    head = stream.read(HEAD_BYTES)
    media_type = media_type_of(head)
    if head and media_type is None:
        raise NotAPicture
    stored = files.put_stream(ORIGINALS, _Peeked(head, stream), max_bytes=max_bytes)
    return Original(stored, media_type or "")


def receive_photo(
    session: Session, original: Original, draft: PhotoDraft, *, recorder_id: UUID, now: datetime
) -> tuple[Photo, bool]:
    """Record a photo exactly once, however many times it is sent.

    Returns the photo, and whether this call created it.  `draft` must have passed
    `rules.check_photo`, and its subject the reader's scope.  Flushes; the caller commits, then
    rings for `app.photos.jobs.process`.

    Raises:
        PhotoConflict: the id is stored with other bytes or for another record.
    """
    facts = draft.facts(original.stored.sha256)
    created = insert_once(
        session,
        Photo,
        facts
        | draft.capture.columns()
        | _columns(draft, original, now)
        | {"content_sha256": content_sha256("photo", facts), "recorder_id": recorder_id},
    )
    photo = session.get_one(Photo, draft.id, populate_existing=True)
    if created:
        record(
            session, actor_id=recorder_id, action="photo.received", kind="photo",
            object_id=photo.id, now=now, facts={"sha256": photo.original_sha256},
        )  # fmt: skip
    elif not _is_same(photo, draft, original):
        raise PhotoConflict(id=str(draft.id))
    return photo, created


def _columns(draft: PhotoDraft, original: Original, now: datetime) -> dict[str, object]:
    stored = original.stored
    return {
        "day": draft.subject.day or bangkok_day(draft.capture.at),
        "caption": draft.caption,
        "file_name": clean_file_name(draft.file_name),
        "size_bytes": stored.size_bytes,
        "crc32": stored.crc32 - (1 << 32) if stored.crc32 >> 31 else stored.crc32,
        "media_type": original.media_type,
        "received_at": now,
        "state": "received",
        "state_since": now,
        "programme_version": load_programme().name,
    }


def _is_same(photo: Photo, draft: PhotoDraft, original: Original) -> bool:
    return (photo.original_sha256, photo.subject_kind, photo.subject_id) == (
        original.stored.sha256, draft.subject.kind, draft.subject.id,
    )  # fmt: skip


def claim(session: Session, photo_id: UUID, now: datetime) -> Claim | None:
    """Take the photo for `LEASE`, or None: it is done, taken, or was tried too often."""
    until = now + LEASE
    row = session.execute(
        update(Photo)
        .where(Photo.id == photo_id, _free(now), Photo.attempts < MOST_ATTEMPTS)
        .values(attempts=Photo.attempts + 1, lease_until=until)
        .returning(Photo.original_sha256, Photo.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claim(photo_id, row[0], row[1], until) if row else None


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


def finish(session: Session, held: Claim, made: Made, *, now: datetime) -> Photo:
    """Write what was made of a claimed photo.

    Raises:
        ClaimLost: it is no longer this claim's to write.
    """
    photo = _held_photo(session, held)
    _write_facts(session, photo, made.facts)
    photo.view_sha256, photo.thumb_sha256 = made.view_sha256, made.thumb_sha256
    photo.recipe = made.recipe
    _close(photo, "processed", None, now)
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
    if facts is not None:
        _write_facts(session, photo, facts)
    _close(photo, "unreadable", code, now)
    session.flush()
    return photo


def note_trouble(session: Session, held: Claim, code: str) -> None:
    """Remember why an attempt broke off; the lease runs out and the photo is tried again."""
    session.execute(
        update(Photo).where(*_held(held)).values(last_error_code=code)
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


def reprocess(session: Session, now: datetime, *, recipe_below: int, unreadable: bool) -> int:
    """Send photos through the pipeline again; returns how many.

    Those whose renditions are of an older recipe, and with `unreadable` those that could not be
    read.  Old renditions stay: pages show them until the new ones are there, and issued packets
    name them.
    """
    older = and_(Photo.state == "processed", Photo.recipe < recipe_below)
    chosen = or_(older, Photo.state == "unreadable") if unreadable else older
    result = session.execute(
        update(Photo)
        .where(chosen)
        .values(state="received", state_since=now, attempts=0, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _free(now: datetime) -> ColumnElement[bool]:
    """Waiting, and in nobody's hands."""
    return and_(
        Photo.state == "received", or_(Photo.lease_until.is_(None), Photo.lease_until <= now)
    )


def _held(held: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        Photo.id == held.photo_id, Photo.state == "received",
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
    session.execute(
        update(Photo)
        .where(_free(now), Photo.attempts >= MOST_ATTEMPTS)
        .values(
            state="unreadable",
            state_since=now,
            lease_until=None,
            last_error_code=func.coalesce(Photo.last_error_code, "gave_up"),
        )
        .execution_options(synchronize_session=False)
    )


def _close(photo: Photo, state: Any, code: str | None, now: datetime) -> None:
    photo.state, photo.state_since = state, now
    photo.lease_until, photo.last_error_code = None, code


def _write_facts(session: Session, photo: Photo, facts: PhotoFacts) -> None:
    for name in (
        "media_type", "taken_at", "taken_source", "camera", "orientation",
        "direction_deg", "exif_lat", "exif_lon", "exif_accuracy_m",
    ):  # fmt: skip
        setattr(photo, name, getattr(facts, name))
    photo.width, photo.height = facts.width or None, facts.height or None
    judged = _judged(session, photo, facts)
    photo.distance_m, photo.band = judged.distance_m, judged.band
    photo.flags = list(judged.flags)
    if photo.subject_kind == "centre" and facts.taken_at and "taken_in_future" not in judged.flags:
        photo.day = bangkok_day(facts.taken_at)  # nothing else says which day it shows


def _judged(session: Session, photo: Photo, facts: PhotoFacts) -> Judgement:
    centre = session.get_one(Centre, photo.centre_id)
    return judge(
        facts,
        taken_with=_device_position(photo),
        centre=Position(centre.lat, centre.lon),
        radius_m=centre.radius_m,
        subject_day=_subject_day(session, photo.subject_kind, photo.subject_id),
        received_at=photo.received_at,
        seen_before=_seen_before(session, photo),
    )


def _device_position(photo: Photo) -> Position | None:
    if photo.position_source != "device" or photo.lat is None or photo.lon is None:
        return None
    return Position(photo.lat, photo.lon, photo.accuracy_m, photo.fix_age_s, "device")


def _subject_day(session: Session, kind: SubjectKind, subject_id: UUID) -> date | None:
    match kind:
        case "visit":
            return session.scalar(select(Visit.visit_date).where(Visit.id == subject_id))
        case "followup":
            return session.scalar(select(Followup.followed_on).where(Followup.id == subject_id))
    return None


def _seen_before(session: Session, photo: Photo) -> bool:
    """Whether the same bytes came earlier under another id - for whichever record or area."""
    earlier = (
        (Photo.original_sha256 == photo.original_sha256)
        & (Photo.id != photo.id)
        & (Photo.deleted_at.is_(None))
        & (Photo.received_at <= photo.received_at)
    )
    return bool(session.scalar(select(exists().where(earlier))))
