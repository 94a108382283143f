"""What anybody may know of a photo, and how its code or its bytes lead to it.

Nothing here depends on who asks: centre, district, days and bands, but no picture, no exact
position, no person, no doubt that is still open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, select
from sqlalchemy.orm import Session

from app.centres.models import Centre
from app.devices.models import CaptureProof
from app.photos.models import Photo, PhotoRendition, PhotoSource, RenditionKind
from app.photos.queries import counted_day, is_gone
from app.shared.clock import bangkok_day
from app.shared.errors import NotFound
from app.sharing.models import SharingCopy
from app.verification.models import PhotoCheck
from app.visits.models import Visit

Columns = TypeVarTuple("Columns")
FileKind = Literal["original"] | RenditionKind
HELD: tuple[str, ...] = ("received", "processed", "unreadable")  # an awaited photo proves nothing


@dataclass(frozen=True, slots=True)
class Signed:
    """That a phone signed the photo: not before `after` (if known), not after `before`."""

    after: datetime | None
    before: datetime


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """The public facts of one photo.  Of a withdrawn one only that it is withdrawn is told."""

    photo_id: UUID
    code: str | None
    withdrawn: bool
    destroyed_on: date | None  # a Bangkok day: the picture is gone, the record stays
    centre_name: str
    district_code: str
    day: date
    taken_at: datetime | None
    taken_source: str
    received_at: datetime
    band: str
    source: PhotoSource
    signed: Signed | None


@dataclass(frozen=True, slots=True)
class Match:
    """A file of ours, known by its bytes.  `current`: pages show this very file today."""

    photo_id: UUID
    kind: FileKind
    current: bool


def photo_of_code(session: Session, code: str) -> UUID | None:
    """The photo whose stamp bears `code` (as `codes.read` gives it)."""
    return session.scalar(select(Photo.id).where(Photo.code == code))


def match_of_digest(session: Session, sha256: str) -> Match | None:
    """What the file with this SHA-256 is to us; an original counts before a rendition.

    Where several photos have the same bytes, the earliest that still counts is named.
    """
    return _original(session, sha256) or _rendition(session, sha256)


def public_record(session: Session, photo_id: UUID) -> PublicRecord:
    """The public facts of a photo.  Raises NotFound."""
    row = session.execute(
        _with_records(select(Photo, Centre, counted_day().label("day"), _gone().label("gone")))
        .where(Photo.id == photo_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound(kind="photo")
    photo, centre = row.Photo, row.Centre
    return PublicRecord(
        photo_id=photo.id,
        code=photo.code,
        withdrawn=bool(row.gone),
        destroyed_on=bangkok_day(photo.destroyed_at) if photo.destroyed_at else None,
        centre_name=centre.name,
        district_code=centre.district_code,
        day=row.day,
        taken_at=photo.taken_at,
        taken_source=photo.taken_source,
        received_at=photo.received_at,
        band=photo.band,
        source=photo.source,
        signed=_signed(session, photo.id),
    )


def check_for(session: Session, check_id: UUID) -> PhotoCheck:
    """The check of one dropped file: whoever knows its id may read it.  Raises NotFound."""
    found = session.get(PhotoCheck, check_id)
    if found is None:
        raise NotFound(kind="photo_check")
    return found


def standing_first(session: Session, photo_ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """Photos with the digest of their thumbnail: those that count first, then the earliest."""
    rows = session.execute(
        _with_records(select(Photo.id, Photo.thumb_sha256))
        .where(Photo.id.in_(photo_ids), Photo.thumb_sha256.is_not(None))
        .order_by(_gone(), Photo.received_at, Photo.id)
    )
    return [(photo_id, str(thumb)) for photo_id, thumb in rows]


def _original(session: Session, sha256: str) -> Match | None:
    photo_id = session.scalar(
        _with_records(select(Photo.id))
        .where(Photo.original_sha256 == sha256, Photo.state.in_(HELD))
        .order_by(_gone(), Photo.received_at, Photo.id)
        .limit(1)
    )
    return Match(photo_id, "original", current=True) if photo_id else None


def _rendition(session: Session, sha256: str) -> Match | None:
    row = session.execute(
        _with_records(
            select(PhotoRendition, Photo, Visit.consent_photo).join_from(PhotoRendition, Photo)
        )
        .where(PhotoRendition.sha256 == sha256)
        .order_by(_gone(), Photo.received_at, Photo.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    rendition: PhotoRendition = row.PhotoRendition
    if rendition.kind == "sharing":
        # A visit's group may take back that its faces are published; others were never asked.
        agreed = row.consent_photo is not False
        current = _is_given_out(session, rendition, agreed)
    else:
        current = _is_current(rendition, row.Photo)
    return Match(row.Photo.id, rendition.kind, current=current)


def _is_given_out(session: Session, rendition: PhotoRendition, agreed: bool) -> bool:
    copies = select(SharingCopy.id).where(
        SharingCopy.photo_id == rendition.photo_id,
        SharingCopy.sha256 == rendition.sha256,
        SharingCopy.withdrawn_at.is_(None),
    )
    if not agreed:
        copies = copies.where(SharingCopy.nobody)
    return session.scalar(copies.limit(1)) is not None


def _is_current(rendition: PhotoRendition, photo: Photo) -> bool:
    now_shown = {
        "view": photo.view_sha256,
        "thumb": photo.thumb_sha256,
        "stamped": photo.stamped_sha256,
    }
    return now_shown[rendition.kind] == rendition.sha256


def _with_records(photos: Select[*Columns]) -> Select[*Columns]:
    visit = and_(Photo.subject_kind == "visit", Photo.subject_id == Visit.id)
    return photos.join(Photo.centre).outerjoin(Visit, visit)


def _gone() -> ColumnElement[int]:
    """1 where the photo or the record it belongs to is struck out, else 0."""
    return case((is_gone(), 1), else_=0)


def _signed(session: Session, photo_id: UUID) -> Signed | None:
    proof = session.get(CaptureProof, ("photo", photo_id, 1))
    if proof is None or not proof.verified:
        return None
    return Signed(proof.nonce_at, proof.received_at)
