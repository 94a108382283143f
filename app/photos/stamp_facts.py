"""What the database knows of a photo for its stamp, gathered when the photo is claimed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.areas.models import Area
from app.areas.queries import place_name
from app.centres.models import Centre
from app.devices.models import CaptureProof
from app.photos.models import Photo
from app.photos.stamp_words import StampWords
from app.shared.geo import Position


def gather(session: Session, photo_id: UUID) -> StampWords | None:
    """The words for a photo that has its code; None where it has none or is gone."""
    signed = and_(
        CaptureProof.record_kind == "photo",
        CaptureProof.record_id == Photo.id,
        CaptureProof.version == 1,
    )
    row = session.execute(
        select(
            Photo.code, Photo.source, Photo.captured_at, Photo.received_at,
            Photo.lat, Photo.lon, Photo.accuracy_m, Photo.fix_age_s, Photo.position_source,
            Centre.name, Centre.subdistrict_code, Centre.radius_m,
            Centre.lat.label("centre_lat"), Centre.lon.label("centre_lon"), CaptureProof.verified,
        )
        .join(Centre, Centre.id == Photo.centre_id)
        .outerjoin(CaptureProof, signed)
        .where(Photo.id == photo_id, Photo.code.is_not(None))
    ).one_or_none()  # fmt: skip
    return _words(session, row) if row else None


def _words(session: Session, row: Any) -> StampWords:
    fix = None
    if row.position_source == "device" and row.lat is not None:
        fix = Position(row.lat, row.lon, row.accuracy_m, row.fix_age_s)
    return StampWords(
        code=row.code,
        centre_name=row.name,
        place=_place(session, row.subdistrict_code),
        centre=Position(row.centre_lat, row.centre_lon),
        radius_m=row.radius_m,
        source=row.source,
        signed=bool(row.verified),
        captured_at=row.captured_at,
        received_at=row.received_at,
        taken_with=fix,
    )


def _place(session: Session, code: str) -> str:
    above = session.scalars(select(Area).where(Area.code.in_((code[:2], code[:4], code[:6]))))
    return place_name({area.code: area for area in above}, code)
