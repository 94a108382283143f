"""Whether what was sent back was mended, as far as that can be seen.

A later version of the record, its being struck out, a photo or document that was added to it, or an
answer about a photo.  Only a hint: whether it is right now, the reviewer says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.findings.models import PhotoFinding
from app.followups.models import Followup
from app.photos.models import Photo
from app.records.kinds import KINDS
from app.review.models import ItemVerdict
from app.visits.models import Visit

_OWN: Mapping[str, Any] = {"visit": Visit, "followup": Followup, "photo": Photo}


def model_of(kind: str) -> Any:
    """The table of a kind of item.  Raises KeyError."""
    return _OWN[kind] if kind in _OWN else KINDS[kind].model


def versions_now(session: Session, refs: Collection[tuple[str, UUID]]) -> dict[UUID, int | None]:
    """The present version of each item; None for one that is struck out.  One query a kind."""
    found: dict[UUID, int | None] = {}
    for kind in {kind for kind, _ in refs}:
        model = model_of(kind)
        ids = [id_ for of, id_ in refs if of == kind]
        rows = session.execute(
            select(model.id, model.version, model.deleted_at).where(model.id.in_(ids))
        )
        found |= {id_: None if deleted else version for id_, version, deleted in rows}
    return found


def mended(session: Session, verdicts: Collection[ItemVerdict]) -> set[UUID]:
    """Which of the items sent back were touched since."""
    returned = [one for one in verdicts if one.verdict == "return"]
    now = versions_now(session, {(one.item_kind, one.item_id) for one in returned})
    since = _added(session, [one.item_id for one in returned])
    return {
        one.item_id
        for one in returned
        if now.get(one.item_id) != one.item_version
        or any(at > one.made_at for at in since.get(one.item_id, ()))
    }


def _added(session: Session, ids: Collection[UUID]) -> dict[UUID, list[datetime]]:
    """When something was last added to each of these records."""
    found: dict[UUID, list[datetime]] = {}
    for owner, at, model in (
        (Photo.subject_id, Photo.received_at, Photo),
        (Document.subject_id, Document.received_at, Document),
        (PhotoFinding.photo_id, PhotoFinding.answered_at, None),
    ):
        statement = select(owner, func.max(at)).where(owner.in_(ids), at.is_not(None))
        if model is not None:
            statement = statement.where(model.deleted_at.is_(None))
        for id_, last in session.execute(statement.group_by(owner)):
            if id_ is not None and last is not None:
                found.setdefault(id_, []).append(last)
    return found
