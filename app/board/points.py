"""Points for the map: centres and photos of the actor's scope, as GeoJSON tells them.

Five digits of a degree are about a metre, which is finer than any phone's fix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.assessments.queries import newest_of
from app.board.queries import UnitQuarter, quarter_by_unit
from app.centres.models import Centre
from app.centres.queries import centres_in_scope, list_centres
from app.photos.homes import place_shown
from app.photos.models import Photo
from app.photos.queries import PhotoFilter, counted_day, with_record
from app.rounds.programme import Programme
from app.shared.clock import Quarter

DIGITS = 5
_LAT = func.coalesce(Photo.lat, Photo.exif_lat)
_LON = func.coalesce(Photo.lon, Photo.exif_lon)
MOST_PHOTOS = 5_000  # what a phone still draws smoothly; the newest


@dataclass(frozen=True, slots=True)
class CentrePoint:
    """A centre with what the map tells of it."""

    centre: Centre
    grade: str | None  # the newest of the fiscal year
    look: str  # best, good, begun, none: how far up the grades
    figures: UnitQuarter


@dataclass(frozen=True, slots=True)
class PhotoPoint:
    """A photo with a position: the device's own, or else the file's."""

    id: UUID
    lat: float
    lon: float
    band: str
    day: date
    centre_name: str


def centre_points(
    session: Session,
    actor: Actor,
    quarter: Quarter,
    programme: Programme | None,
    *,
    district: str = "",
) -> list[CentrePoint]:
    """Every centre in scope (or of one district of it), by code."""
    figures = {unit.code: unit for unit in quarter_by_unit(session, actor, quarter, by="centre")}
    centres = list_centres(session, actor, district=district)
    newest = newest_of(session, [one.id for one in centres], quarter.fiscal_year)
    grades = {centre_id: one.grade for centre_id, one in newest.items()}
    return [
        CentrePoint(
            one,
            grades.get(one.id),
            look_of(grades.get(one.id), programme),
            figures.get(one.code, UnitQuarter(one.code)),
        )
        for one in centres
    ]


def look_of(grade: str | None, programme: Programme | None) -> str:
    """Which of the map's looks a grade has: the best one, the last one, or one between."""
    keys = [one.key for one in programme.grades] if programme else []
    if grade not in keys:
        return "none"
    if grade == keys[0]:
        return "best"
    return "begun" if grade == keys[-1] else "good"


def photo_points(
    session: Session,
    actor: Actor,
    quarter: Quarter,
    *,
    district: str = "",
    centre_id: UUID | None = None,
) -> tuple[list[PhotoPoint], int]:
    """Photos of the quarter with a position, newest first, and how many there are in all."""
    wanted = _placed(actor, quarter, district, centre_id)
    rows = session.execute(
        with_record(
            select(Photo.id, _LAT.label("lat"), _LON.label("lon"), Photo.band,
                   counted_day().label("day"), Centre.name, func.count().over().label("total"))
        )
        .where(*wanted)
        .order_by(Photo.day.desc(), Photo.id.desc())
        .limit(MOST_PHOTOS)
    ).all()  # fmt: skip
    return [PhotoPoint(*row[:-1]) for row in rows], rows[0].total if rows else 0


def count_photo_points(
    session: Session, actor: Actor, quarter: Quarter, *, district: str = ""
) -> int:
    """How many photos of the quarter have a position."""
    wanted = _placed(actor, quarter, district, None)
    return session.scalar(with_record(select(func.count(Photo.id))).where(*wanted)) or 0


def _placed(
    actor: Actor, quarter: Quarter, district: str, centre_id: UUID | None
) -> tuple[ColumnElement[bool], ...]:
    return (
        centres_in_scope(actor),
        Centre.subdistrict_code.startswith(district, autoescape=True),
        _LAT.is_not(None),
        place_shown(actor),
        *PhotoFilter(centre_id=centre_id, quarter=quarter).conditions(),
    )


def collection(features: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A GeoJSON FeatureCollection (RFC 7946); `more` are members of our own."""
    return {"type": "FeatureCollection", "features": list(features), **more}


def feature(
    key: UUID | str, lat: float, lon: float, properties: Mapping[str, Any]
) -> dict[str, Any]:
    """One point."""
    place = [round(lon, DIGITS), round(lat, DIGITS)]
    geometry = {"type": "Point", "coordinates": place}
    return {"type": "Feature", "id": str(key), "geometry": geometry, "properties": properties}
