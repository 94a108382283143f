"""Photos are destroyed: of groups that did not agree to publication early, all others later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from app.centres.models import Centre
from app.followups.models import Followup
from app.keeping.holds import record_is_held
from app.keeping.service import is_held
from app.photos.destruction import destroy_photos
from app.photos.models import Photo
from app.retention.disposal import Disposal
from app.visits.models import Visit


def photos(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Photos that are not destroyed yet; also struck out, unreadable, or never received."""
    area = Centre.subdistrict_code
    held = or_(
        is_held("photo", Photo.id, area, Photo.day),
        record_is_held("visit", Photo.subject_id),
        record_is_held("followup", Photo.subject_id),
    )
    return (
        select(Photo.id.label("id"), area.label("area_code"), held.label("held"))
        .join(Centre, Centre.id == Photo.centre_id)
        .where(Photo.day < first_kept, Photo.destroyed_at.is_(None))
    )


def photos_unconsented(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Of visits whose group did not agree, and of those visits' follow-ups."""
    # Asked of each photo: a list of all who refused would be millions, whatever is due.
    refused = exists().where(Visit.id == Photo.subject_id, Visit.consent_photo.is_(False))
    of_check = exists().where(
        Followup.id == Photo.subject_id,
        Visit.id == Followup.visit_id,
        Visit.consent_photo.is_(False),
    )
    return photos(first_kept).where(
        or_(
            and_(Photo.subject_kind == "visit", refused),
            and_(Photo.subject_kind == "followup", of_check),
        )
    )


def end_photos(session: Session, ids: Collection[UUID], now: datetime) -> list[str]:
    """Original, renditions, fingerprint in the index and copies go; the row stays and counts."""
    return destroy_photos(session, ids, now=now)


DISPOSALS = (
    Disposal("photo_unconsented", "photo", photos_unconsented, end_photos),
    Disposal("photo", "photo", photos, end_photos),
)
