"""Looking for a photo's picture among all that were ever sent, of any centre and quarter.

The same bytes are found by their digest.  For the rest the index nominates candidates, and each
is opened and compared.  Thumbnails are opened, 320 px: what the comparison looks at anyway.
Struck-out photos take part: a picture may well be used again because its record is gone.

Imports decoders: for workers only.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.findings.gathering import MOST_PAIRS
from app.findings.pairs import Match
from app.findings.service import EXAMINED_STATES, Compared
from app.photos.models import Photo
from app.photos.store import RENDITIONS
from app.prints import compare, features, index
from app.shared.files import FileStore, content_key

log = logging.getLogger(__name__)
# Candidates come best first.  Among a million photos some hundred strangers share two keys with
# any picture, each comparison costs 36 ms, and true copies share twenty keys and stand on top.
MOST_MISSES = 12
_SOUGHT = select(Photo.id, Photo.received_at, Photo.original_sha256, Photo.thumb_sha256).where(
    Photo.state.in_(EXAMINED_STATES), Photo.destroyed_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Sought:
    """A photo whose picture is looked for, or one that may show it."""

    id: UUID
    received_at: datetime
    original_sha256: str
    thumb_sha256: str | None

    @property
    def order(self) -> tuple[datetime, UUID]:
        """By which the earlier of two is told."""
        return self.received_at, self.id


def sought(session: Session, photo_id: UUID) -> Sought | None:
    """The photo, if it waits to be examined."""
    row = session.execute(
        _SOUGHT.where(Photo.id == photo_id, Photo.examined_at.is_(None))
    ).one_or_none()
    return Sought(*row) if row else None


def same_bytes(session: Session, photo: Sought) -> list[UUID]:
    """Other photos of the very same file, the earliest first."""
    return list(
        session.scalars(
            select(Photo.id)
            .where(
                Photo.original_sha256 == photo.original_sha256,
                Photo.id != photo.id,
                Photo.state.in_(EXAMINED_STATES),
            )
            .order_by(Photo.received_at, Photo.id)
            .limit(MOST_PAIRS)
        )
    )


def candidates(
    session: Session, photo: Sought, probes: Sequence[int], *, known: Sequence[UUID]
) -> list[Sought]:
    """Photos that may show the picture and are not `known` to, the likeliest first."""
    nominated = index.candidates(
        session, probes, min_votes=features.MIN_VOTES, exclude=photo.id, limit=MOST_PAIRS
    )
    ids = [one.photo_id for one in nominated if one.photo_id not in known]
    by_id = {one.id: one for one in _read(session, ids)}
    return [by_id[photo_id] for photo_id in ids if photo_id in by_id]


def probes_of(picture: Image.Image) -> list[int]:
    """What the index is asked for a picture."""
    return features.probes_of(picture)


def compared(
    files: FileStore, photo: Sought, picture: Image.Image, others: Sequence[Sought]
) -> Compared:
    """Set the candidates beside `picture`, until `MOST_MISSES` in a row were something else.

    No transaction may be open.
    """
    matches, unlike, misses = [], set(), 0
    ours = compare.side_of(picture)
    for other in others:
        if misses == MOST_MISSES:
            break
        shown = opened(files, other)
        if shown is None:
            continue
        with shown:
            theirs = compare.side_of(shown)
        pair = (theirs, ours) if other.order < photo.order else (ours, theirs)
        found = compare.likeness_of(*pair)
        misses = misses + 1 if found is None else 0
        if found is None:
            unlike.add(other.id)
        else:
            matches.append(Match(other.id, "same_picture", found.facts()))
    return Compared(photo.thumb_sha256, features.RECIPE, matches, frozenset(unlike))


def opened(files: FileStore, photo: Sought) -> Image.Image | None:
    """The photo's thumbnail, decoded; None where there is none or its file is gone."""
    if photo.thumb_sha256 is None:
        return None
    try:
        with files.open(content_key(RENDITIONS, photo.thumb_sha256)) as stream:
            picture = Image.open(stream, formats=("JPEG",))
            picture.load()
            return picture
    except OSError as error:  # also what Pillow cannot read
        log.error("thumbnail of photo %s cannot be opened: %s", photo.id, type(error).__name__)
        return None


def _read(session: Session, ids: Sequence[UUID]) -> list[Sought]:
    return [Sought(*row) for row in session.execute(_SOUGHT.where(Photo.id.in_(ids)))]
