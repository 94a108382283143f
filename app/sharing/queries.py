"""Reading copies; who may see the photo may see its copies."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.photos.models import Photo
from app.shared.errors import NotFound
from app.sharing.models import SharingCopy
from app.visits.models import Visit


def copies_of(session: Session, photo: Photo) -> Sequence[SharingCopy]:
    """Every copy ever asked for of this photo, newest first."""
    return session.scalars(
        select(SharingCopy)
        .where(SharingCopy.photo_id == photo.id)
        .order_by(SharingCopy.asked_at.desc(), SharingCopy.id.desc())
    ).all()


def copy_for(session: Session, photo: Photo, copy_id: UUID) -> SharingCopy:
    """One copy of a photo that the actor may see.  Raises NotFound."""
    copy = session.get(SharingCopy, copy_id)
    if copy is None or copy.photo_id != photo.id:
        raise NotFound(kind="sharing_copy")
    return copy


def copy_to_show(session: Session, photo: Photo, copy_id: UUID) -> SharingCopy:
    """A copy that is made, not withdrawn, and either without a recognisable face or of a group that
    still agrees.  Raises NotFound."""
    copy = copy_for(session, photo, copy_id)
    if not is_shown(copy) or not (copy.nobody or faces_may_be_published(session, photo)):
        raise NotFound(kind="sharing_copy")
    return copy


def is_shown(copy: SharingCopy) -> bool:
    """Whether the copy's picture may be looked at and taken."""
    return copy.state == "made" and copy.withdrawn_at is None


def faces_may_be_published(session: Session, photo: Photo) -> bool:
    """Whether recognisable faces may be shown: of a visit, its group must have agreed."""
    if photo.subject_kind != "visit":
        return True
    return bool(session.scalar(select(Visit.consent_photo).where(Visit.id == photo.subject_id)))


def askers(session: Session, copies: Sequence[SharingCopy]) -> dict[UUID, str]:
    """The names of who asked for these copies, by account."""
    ids = {copy.asked_by for copy in copies}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return {row.id: row.name for row in rows}
