"""Reading photos, always within an actor's scope; those of struck-out records are left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.activities.kinds import ACTIVITY
from app.activities.models import Activity
from app.centres.models import Centre
from app.centres.queries import centre_for, centres_in_scope
from app.devices.models import CaptureProof
from app.followups.models import Followup
from app.followups.queries import followup_for
from app.photos.models import Photo, PhotoRevision, PhotoState, SubjectKind
from app.photos.rules import Subject
from app.records.queries import entry_for
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.visits.models import Visit
from app.visits.queries import IdsOrAsked, visit_for

GALLERY_SIZE = 24  # thumbnails a page: 350 KB, some seconds on a slow line
STRIP_MOST = 60
Columns = TypeVarTuple("Columns")
_DAYS: dict[str, tuple[Any, Any]] = {  # what photos belong to, and its day
    "visit": (Visit, Visit.visit_date),
    "followup": (Followup, Followup.followed_on),
    "activity": (Activity, Activity.held_on),
}


@dataclass(frozen=True, slots=True)
class PhotoFilter:
    """What a reader asked to see; empty means everything in scope."""

    centre_id: UUID | None = None
    quarter: Quarter | None = None
    state: PhotoState | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL conditions on `Photo`."""
        found: list[ColumnElement[bool]] = []
        if self.centre_id:
            found.append(Photo.centre_id == self.centre_id)
        if self.quarter:
            found.append(counted_day().between(self.quarter.first_day, self.quarter.last_day))
        if self.state:
            found.append(Photo.state == self.state)
        return found


def photos_in_scope(actor: Actor) -> Select[Photo]:
    """Every photo the actor may see, with its centre; none whose record is struck out."""
    return (
        with_record(select(Photo))
        .options(contains_eager(Photo.centre))
        .where(centres_in_scope(actor))
    )


def with_record(photos: Select[*Columns]) -> Select[*Columns]:
    """A select of photos joined to their centre, without those of struck-out records."""
    return photos.join(Photo.centre).where(Photo.deleted_at.is_(None), Photo.record_gone.is_(False))


def is_gone() -> ColumnElement[bool]:
    """Whether a photo, or the record it belongs to, is struck out."""
    return or_(Photo.deleted_at.is_not(None), Photo.record_gone)


def counted_day() -> ColumnElement[date]:
    """The Bangkok day a photo counts for: its record's, which it follows, else its own."""
    return Photo.__table__.c.day


def photo_for(session: Session, actor: Actor, photo_id: UUID) -> Photo:
    """The photo, if the actor may see it.

    Raises:
        NotFound: it does not exist, is struck out, or lies outside the actor's scope.
    """
    photo = session.scalars(photos_in_scope(actor).where(Photo.id == photo_id)).one_or_none()
    if photo is None:
        raise NotFound(kind="photo")
    return photo


def list_photos(
    session: Session, actor: Actor, wanted: PhotoFilter, *, after: str | None = None
) -> Page[Photo]:
    """One page of photos, newest day first; ids follow time within a day.  Raises BadCursor."""
    statement = photos_in_scope(actor).where(*wanted.conditions())
    key = (Photo.day, Photo.id)
    return page_of(session, statement, key, after=after, descending=True, size=GALLERY_SIZE)


def count_by_state(session: Session, actor: Actor, wanted: PhotoFilter) -> dict[str, int]:
    """How many photos the filter covers, by state."""
    scoped = photos_in_scope(actor).where(*wanted.conditions())
    statement = scoped.with_only_columns(Photo.state, func.count(Photo.id)).group_by(Photo.state)
    return {state: int(count) for state, count in session.execute(statement)}


def photos_of(
    session: Session, actor: Actor, kind: SubjectKind, subject_id: UUID
) -> Sequence[Photo]:
    """A record's photos in the order they were taken; at most `STRIP_MOST`."""
    return session.scalars(
        photos_in_scope(actor)
        .where(Photo.subject_kind == kind, Photo.subject_id == subject_id)
        .order_by(Photo.captured_at, Photo.id)
        .limit(STRIP_MOST)
    ).all()


def photos_named(session: Session, actor: Actor, ids: Collection[UUID]) -> Sequence[Photo]:
    """Those of `ids` the actor may see, for a page that waits for them."""
    return session.scalars(photos_in_scope(actor).where(Photo.id.in_(ids))).all()


def photos_on_phone(
    actor: Actor, *, since: datetime, visit_ids: IdsOrAsked, most: int = 2_000
) -> Select[*tuple[Any, ...]]:
    """The question what a phone keeps of photos: the actor's own received after `since`, and those
    of `visit_ids`; newest first.  Those struck out or destroyed after `since` come as tombstones.
    """
    mine = Photo.recorder_id == actor.account_id
    of_visits = (Photo.subject_kind == "visit") & Photo.subject_id.in_(visit_ids)
    shown = or_(
        mine & (Photo.received_at >= since),
        Photo.deleted_at >= since,
        Photo.destroyed_at >= since,
        Photo.deleted_at.is_(None) & of_visits,
    )
    return (
        select(
            Photo.id, Photo.subject_kind, Photo.subject_id, Photo.state, mine.label("mine"),
            or_(Photo.deleted_at.is_not(None), Photo.destroyed_at.is_not(None)).label("deleted"),
        )
        .join(Photo.centre)
        .where(centres_in_scope(actor), shown)
        .order_by(Photo.received_at.desc(), Photo.id.desc())
        .limit(most)
    )  # fmt: skip


def photo_counts(
    session: Session, actor: Actor, kind: SubjectKind, subject_ids: Collection[UUID]
) -> dict[UUID, int]:
    """How many photos each of these records has; one without any is left out."""
    counted = photo_counts_asked(actor, kind, subject_ids)
    return {subject_id: int(count) for subject_id, count in session.execute(counted)}


def photo_counts_asked(
    actor: Actor, kind: SubjectKind, subject_ids: IdsOrAsked
) -> Select[UUID, int]:
    """The question that `photo_counts` asks."""
    return (
        photos_in_scope(actor)
        .with_only_columns(Photo.subject_id, func.count(Photo.id))
        .where(Photo.subject_kind == kind, Photo.subject_id.in_(subject_ids))
        .group_by(Photo.subject_id)
    )


def twins_of(session: Session, actor: Actor, photo: Photo) -> Sequence[Photo]:
    """Other photos of the same bytes that the actor may see, oldest first."""
    return session.scalars(
        photos_in_scope(actor)
        .where(Photo.original_sha256 == photo.original_sha256, Photo.id != photo.id)
        .order_by(Photo.received_at, Photo.id)
        .limit(12)
    ).all()


def history_of(session: Session, photo: Photo) -> Sequence[tuple[PhotoRevision, str | None]]:
    """The photo's versions with the name of who made each, newest first."""
    rows = session.execute(
        select(PhotoRevision, Account.name)
        .outerjoin(Account, Account.id == PhotoRevision.made_by)
        .where(PhotoRevision.photo_id == photo.id)
        .order_by(PhotoRevision.version.desc())
    )
    return [(revision, name) for revision, name in rows]


def proof_of(session: Session, photo: Photo) -> CaptureProof | None:
    """The phone's signature over the photo as it was taken, if it came with one."""
    return session.get(CaptureProof, ("photo", photo.id, 1))


def digests_in_use(session: Session, digests: Collection[str]) -> set[str]:
    """Those of `digests` that the original or preview of some photo has that is not destroyed,
    struck out or not."""
    found: set[str] = set()
    for column in (Photo.original_sha256, Photo.preview_sha256):
        mine = select(column).where(column.in_(digests), Photo.destroyed_at.is_(None))
        rows = session.scalars(mine)
        found |= {digest for digest in rows if digest}
    return found


def subject_for(session: Session, actor: Actor, kind: str, subject_id: UUID) -> Subject:
    """What photos may be added to, if the actor may see it.

    Raises:
        NotFound: no such kind, no such record, or not for this actor.
    """
    match kind:
        case "visit":
            visit = visit_for(session, actor, subject_id)
            return Subject("visit", visit.id, visit.centre_id, visit.visit_date)
        case "followup":
            check = followup_for(session, actor, subject_id)
            return Subject("followup", check.id, check.centre_id, check.followed_on)
        case "activity":
            held = entry_for(session, ACTIVITY, actor, subject_id)
            return Subject("activity", held.id, held.centre_id, held.held_on)
        case "centre":
            centre = centre_for(session, actor, subject_id)
            return Subject("centre", centre.id, centre.id)
    raise NotFound(kind="subject")


def record_day(session: Session, photo: Photo) -> date:
    """The Bangkok day the photo counts for: its record's, else its own."""
    return subject_day(session, photo.subject_kind, photo.subject_id) or photo.day


def subject_day(session: Session, kind: SubjectKind, subject_id: UUID) -> date | None:
    """The Bangkok day of the record that photos belong to; a centre has none."""
    if kind not in _DAYS:
        return None
    table, day = _DAYS[kind]
    found: date | None = session.scalar(select(day).where(table.id == subject_id))
    return found


def centres_with_photos(session: Session, actor: Actor) -> Sequence[Centre]:
    """Centres that have photos, by official code, for a filter."""
    having = select(Photo.centre_id).where(Photo.deleted_at.is_(None))
    return session.scalars(
        select(Centre).where(centres_in_scope(actor), Centre.id.in_(having)).order_by(Centre.code)
    ).all()
