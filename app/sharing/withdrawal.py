"""Copies for the public are taken back because somebody in the picture does not agree any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.audit.service import record
from app.photos.models import PhotoRendition
from app.sharing.models import SharingCopy


def withdraw_copies(
    session: Session, photo_ids: Collection[UUID], *, now: datetime, actor_id: UUID | None
) -> list[UUID]:
    """Withdraw every copy of these photos, also one that is still to be made; returns their ids.

    Also one whose maker vouched that nobody is recognisable: that is what the person doubts.
    Flushes.  Harmless twice.
    """
    found = session.execute(
        update(SharingCopy)
        .where(SharingCopy.photo_id.in_(photo_ids), SharingCopy.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(SharingCopy.id, SharingCopy.photo_id)
        .execution_options(synchronize_session=False)
    ).all()
    session.execute(
        update(PhotoRendition)
        .where(
            PhotoRendition.photo_id.in_(photo_ids), PhotoRendition.kind == "sharing",
            PhotoRendition.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    for copy_id, photo_id in found:
        record(
            session, actor_id=actor_id, action="photo.copy_withdrawn", kind="photo",
            object_id=photo_id, now=now, facts={"copy": str(copy_id)},
        )  # fmt: skip
    session.expire_all()
    return [row.id for row in found]
