"""Which photos go through the pipeline once more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.centres.models import Centre
from app.photos.models import Photo


@dataclass(frozen=True, slots=True)
class Choice:
    """Named photos, else all those of an older recipe.

    `photo_id`, `code` (as stored) and `centre` (an official code: its name on the stamps may
    have changed) choose whatever recipe a photo is of; several of them must all hold.
    """

    recipe_below: int
    unreadable: bool = False
    photo_id: UUID | None = None
    code: str | None = None
    centre: str | None = None

    def condition(self) -> ColumnElement[bool]:
        """As SQL on `Photo`."""
        named = self._named()
        if named:
            return and_(*named)
        older = and_(Photo.state == "processed", Photo.recipe < self.recipe_below)
        return or_(older, Photo.state == "unreadable") if self.unreadable else older

    def _named(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.photo_id:
            found.append(Photo.id == self.photo_id)
        if self.code:
            found.append(Photo.code == self.code)
        if self.centre:
            of_centre = select(Centre.id).where(Centre.code == self.centre)
            found.append(Photo.centre_id.in_(of_centre))
        return found
