"""Pairs of photos that show the same picture are written down.

Which is the earlier one is decided here, from the rows, so that two workers that examine both
photos of a pair at once write the same pair.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from app.findings.models import PairKind, PhotoPair
from app.photos.models import Photo
from app.shared.dialects import insert_into


@dataclass(frozen=True, slots=True)
class Match:
    """Another photo with the same picture.

    `facts` are the likeness's with the earlier photo as `a`; the same bytes have none.
    """

    photo_id: UUID
    kind: PairKind
    facts: Mapping[str, Any] = field(default_factory=dict)


def in_order(one: Photo, other: Photo) -> tuple[UUID, UUID]:
    """The ids of two photos, the earlier received first."""
    first, second = sorted((one, other), key=lambda photo: (photo.received_at, photo.id))
    return first.id, second.id


def lock_photos(session: Session, photo_id: UUID, matches: Sequence[Match]) -> dict[UUID, Photo]:
    """The photo and those it matches, locked in the order of their ids: nobody waits in a ring.

    Their keys stay free, so that others may name these photos in new rows meanwhile.
    """
    ids = {photo_id, *(match.photo_id for match in matches)}
    photos = session.scalars(
        select(Photo)
        .where(Photo.id.in_(ids))
        .order_by(Photo.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {photo.id: photo for photo in photos}


def note_pairs(
    session: Session,
    photo: Photo,
    others: Mapping[UUID, Photo],
    matches: Sequence[Match],
    *,
    unlike: Collection[UUID],
    recipe: int,
    now: datetime,
) -> None:
    """Write the photo's pairs, and drop those that were compared anew and do not hold.

    Harmless twice.  A photo received later than this one is to be examined anew, if their pair
    is new: the question about it is put there.
    """
    _drop(session, photo.id, unlike)
    for match in matches:
        other = others.get(match.photo_id)
        if other is None:
            continue
        ids = in_order(photo, other)
        values = {"kind": match.kind, "facts": dict(match.facts), "recipe": recipe}
        if _write(session, ids, values, now) and ids[1] == other.id:
            other.examined_at = None


def _write(
    session: Session, ids: tuple[UUID, UUID], values: Mapping[str, Any], now: datetime
) -> bool:
    """Write one pair; whether it is new."""
    table: Any = PhotoPair.__table__
    key = {"earlier_id": ids[0], "later_id": ids[1]}
    made = (
        insert_into(session, table)
        .on_conflict_do_nothing(index_elements=list(key))
        .returning(table.c.earlier_id)
    )
    if session.execute(made, key | dict(values) | {"found_at": now}).first() is not None:
        return True
    known = and_(PhotoPair.earlier_id == ids[0], PhotoPair.later_id == ids[1])
    session.execute(
        update(PhotoPair).where(known).values(**values)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return False


def _drop(session: Session, photo_id: UUID, unlike: Collection[UUID]) -> None:
    if not unlike:
        return
    either = or_(
        and_(PhotoPair.earlier_id == photo_id, PhotoPair.later_id.in_(unlike)),
        and_(PhotoPair.later_id == photo_id, PhotoPair.earlier_id.in_(unlike)),
    )
    session.execute(delete(PhotoPair).where(either, PhotoPair.kind == "same_picture"))
