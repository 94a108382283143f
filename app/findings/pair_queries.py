"""Reading pairs of photos that show the same picture, within an actor's scope.

Who may see one photo of a pair learns that there is another, and its day; its picture, place and
words only where the actor may see that photo too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.findings.gathering import MOST_PAIRS
from app.findings.models import PhotoPair
from app.findings.reuse_rules import changes
from app.photos.models import Photo
from app.photos.queries import is_gone, photos_named, record_day
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.shared.geo import distance_m


@dataclass(frozen=True, slots=True)
class Side:
    """One photo of a pair.  `photo` is None where the reader may not see it.

    `struck_out`: the photo or its record is; then nobody sees it here.
    """

    photo_id: UUID
    day: date
    photo: Photo | None
    struck_out: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos with the same picture, and how they differ."""

    earlier: Side
    later: Side
    kind: str
    changes: dict[str, Any]
    same_quarter: bool
    days_apart: int
    distance_m: float | None  # between the two phones or files, where both said where
    score: float | None

    def other(self, photo_id: UUID) -> Side:
        """The side that is not `photo_id`."""
        return self.later if self.earlier.photo_id == photo_id else self.earlier

    @property
    def same_centre(self) -> bool | None:
        """Whether both belong to one centre; None where that cannot be told the reader."""
        if self.earlier.photo is None or self.later.photo is None:
            return None
        return self.earlier.photo.centre_id == self.later.photo.centre_id


def pairs_of(session: Session, actor: Actor, photo: Photo) -> list[Pair]:
    """The pairs of a photo the actor may see, the earliest other photo first."""
    either = or_(PhotoPair.earlier_id == photo.id, PhotoPair.later_id == photo.id)
    rows = session.scalars(select(PhotoPair).where(either).limit(MOST_PAIRS)).all()
    pairs = _pairs(session, actor, rows)
    return sorted(pairs, key=lambda pair: (pair.other(photo.id).day, pair.other(photo.id).photo_id))


def pair_for(session: Session, actor: Actor, earlier_id: UUID, later_id: UUID) -> Pair:
    """One pair, of which the actor may see at least one photo.

    Raises:
        NotFound: there is no such pair, or both photos lie outside the actor's scope.
    """
    row = session.get(PhotoPair, (earlier_id, later_id))
    pair = _pairs(session, actor, [row])[0] if row else None
    if pair is None or (pair.earlier.photo is None and pair.later.photo is None):
        raise NotFound(kind="pair")
    return pair


def _pairs(session: Session, actor: Actor, rows: Sequence[PhotoPair]) -> list[Pair]:
    ids = {photo_id for row in rows for photo_id in (row.earlier_id, row.later_id)}
    photos = {photo.id: photo for photo in session.scalars(select(Photo).where(Photo.id.in_(ids)))}
    seen = {photo.id for photo in photos_named(session, actor, ids)}
    out = _struck_out(session, ids)
    sides = {
        photo_id: Side(
            photo_id, record_day(session, photo), photo if photo_id in seen else None,
            photo_id in out,
        )
        for photo_id, photo in photos.items()
    }  # fmt: skip
    return [_pair(row, sides, photos) for row in rows]


def _pair(row: PhotoPair, sides: dict[UUID, Side], photos: dict[UUID, Photo]) -> Pair:
    earlier, later = sides[row.earlier_id], sides[row.later_id]
    both_seen = earlier.photo is not None and later.photo is not None
    return Pair(
        earlier=earlier,
        later=later,
        kind=row.kind,
        changes=changes(row.facts),
        same_quarter=Quarter.of_day(earlier.day) == Quarter.of_day(later.day),
        days_apart=abs((later.day - earlier.day).days),
        distance_m=_apart(photos[row.earlier_id], photos[row.later_id]) if both_seen else None,
        score=row.facts.get("score"),
    )


def _apart(one: Photo, other: Photo) -> float | None:
    a, b = _position(one), _position(other)
    return distance_m(*a, *b) if a and b else None


def _position(photo: Photo) -> tuple[float, float] | None:
    if photo.position_source == "device" and photo.lat is not None and photo.lon is not None:
        return photo.lat, photo.lon
    if photo.exif_lat is not None and photo.exif_lon is not None:
        return photo.exif_lat, photo.exif_lon
    return None


def _struck_out(session: Session, ids: set[UUID]) -> set[UUID]:
    """Those of `ids` that are struck out themselves or with their record."""
    return set(session.scalars(select(Photo.id).where(Photo.id.in_(ids), is_gone())))
