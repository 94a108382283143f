"""What a file said of itself is written to its photo's row, with what is to be asked about it."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.areas.whereabouts import place_at
from app.centres.models import Centre
from app.photos.exif import PhotoFacts
from app.photos.models import Photo
from app.photos.queries import subject_day
from app.photos.rules import Judgement, judge
from app.shared.clock import bangkok_day
from app.shared.geo import Position


def write_facts(session: Session, photo: Photo, facts: PhotoFacts) -> None:
    """Copy `facts` to the row and judge them against what phone, record and server know."""
    for name in (
        "media_type", "taken_at", "taken_source", "camera", "orientation",
        "direction_deg", "exif_lat", "exif_lon", "exif_accuracy_m",
    ):  # fmt: skip
        setattr(photo, name, getattr(facts, name))
    photo.width, photo.height = facts.width or None, facts.height or None
    judged = _judged(session, photo, facts)
    photo.distance_m, photo.band = judged.distance_m, judged.band
    photo.flags = list(judged.flags)
    photo.place_code = _place_code(photo)
    clock_is_wrong = {"taken_in_future", "time_clock_unset"}.intersection(judged.flags)
    if photo.subject_kind == "centre" and facts.taken_at and not clock_is_wrong:
        photo.day = bangkok_day(facts.taken_at)  # nothing else says which day it shows


def _judged(session: Session, photo: Photo, facts: PhotoFacts) -> Judgement:
    centre = session.get_one(Centre, photo.centre_id)
    return judge(
        facts,
        taken_with=_device_position(photo),
        centre=Position(centre.lat, centre.lon),
        radius_m=centre.radius_m,
        subject_day=subject_day(session, photo.subject_kind, photo.subject_id),
        received_at=photo.received_at,
        seen_before=_seen_before(session, photo),
    )


def _place_code(photo: Photo) -> str | None:
    best = _device_position(photo)
    lat, lon = (best.lat, best.lon) if best else (photo.exif_lat, photo.exif_lon)
    return place_at(lat, lon).code if lat is not None and lon is not None else None


def _device_position(photo: Photo) -> Position | None:
    if photo.position_source != "device" or photo.lat is None or photo.lon is None:
        return None
    return Position(photo.lat, photo.lon, photo.accuracy_m, photo.fix_age_s, "device")


def _seen_before(session: Session, photo: Photo) -> bool:
    """Whether the same bytes came earlier under another id - for whichever record or area."""
    earlier = (
        (Photo.original_sha256 == photo.original_sha256)
        & (Photo.id != photo.id)
        & (Photo.deleted_at.is_(None))
        & (Photo.received_at <= photo.received_at)
    )
    return bool(session.scalar(select(exists().where(earlier))))
