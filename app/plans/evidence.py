"""What an item's report can point to: photos and documents of its centre since it began."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.centres.models import Centre
from app.documents.models import Document
from app.photos.models import Photo
from app.photos.queries import counted_day, photos_in_scope, photos_named
from app.plans.models import PlanItem
from app.records.queries import in_scope

MOST = 60  # of each: a screen or two of thumbnails


@dataclass(frozen=True, slots=True)
class Evidence:
    """Photos and documents by their ids, as the actor may see them."""

    photos: Sequence[Photo] = ()
    documents: Sequence[Document] = ()

    @property
    def ids(self) -> list[str]:
        """All ids, as records hold them."""
        photos = [str(photo.id) for photo in self.photos]
        return photos + [str(document.id) for document in self.documents]

    def of(self, ids: Iterable[str]) -> Evidence:
        """Those named by `ids`."""
        named = set(ids)
        return Evidence(
            [one for one in self.photos if str(one.id) in named],
            [one for one in self.documents if str(one.id) in named],
        )

    def photo(self, photo_id: str) -> Photo | None:
        """The photo of this id, if it is one of these."""
        return next((one for one in self.photos if str(one.id) == photo_id), None)

    def waiting(self, ids: Iterable[str]) -> int:
        """How many of `ids` are not here: still on a phone, as far as the actor can know."""
        return len(set(ids) - set(self.ids))


def evidence_for(session: Session, actor: Actor, item: PlanItem, until: date) -> Evidence:
    """What a report on `item` may point to: newest first, from the item's first day to `until`."""
    at_place = (
        (Photo.centre_id == item.centre_id)
        if item.centre_id
        else Centre.subdistrict_code.startswith(item.district_code, autoescape=True)
    )
    photos = session.scalars(
        photos_in_scope(actor)
        .where(at_place, counted_day().between(item.starts_on, until))
        .order_by(Photo.day.desc(), Photo.id.desc())
        .limit(MOST)
    ).all()
    documents = select(Document).where(
        in_scope(Document, actor),
        Document.deleted_at.is_(None),
        Document.district_code == item.district_code,
        Document.dated_on.between(item.starts_on, until),
    )
    if item.centre_id:
        documents = documents.where(Document.centre_id == item.centre_id)
    newest = documents.order_by(Document.dated_on.desc(), Document.id.desc()).limit(MOST)
    return Evidence(photos, session.scalars(newest).all())


def evidence_named(session: Session, actor: Actor, ids: Collection[str]) -> Evidence:
    """Photos and documents of these ids that the actor may see.  Two queries at most."""
    named = [UUID(one) for one in set(ids)]
    if not named:
        return Evidence()
    documents = select(Document).where(
        in_scope(Document, actor), Document.deleted_at.is_(None), Document.id.in_(named)
    )
    return Evidence(photos_named(session, actor, named), session.scalars(documents).all())
