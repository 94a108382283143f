"""Photos with the questions about them, as the list holds them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.areas.whereabouts import near_words
from app.documents.sniff import EXTENSIONS
from app.findings.models import PhotoFinding
from app.packets.frozen.asked import Asked
from app.packets.frozen.book import DEGREE_DIGITS
from app.packets.frozen.content import FindingItem, PhotoItem
from app.photos.codes import written
from app.photos.models import Photo
from app.photos.queries import counted_day, with_record
from app.shared.clock import bangkok_day

METRE_DIGITS = 1


def photos(asked: Asked) -> tuple[PhotoItem, ...]:
    """The photos of the quarter's records, and the centres' own of its days."""
    day = counted_day()
    rows = asked.session.execute(
        with_record(select(Photo, day)).where(asked.within(), asked.in_quarter(day))
    )
    found = [(row[0], row[1]) for row in rows if row[0].centre_id in asked.order]
    found.sort(key=lambda p: (asked.order[p[0].centre_id], p[1], _moment(p[0]), str(p[0].id)))
    questions = _findings(asked)
    return tuple(_photo_item(asked, photo, of, questions[photo.id]) for photo, of in found)


def _findings(asked: Asked) -> defaultdict[UUID, tuple[FindingItem, ...]]:
    """Questions that stand or were decided, by photo, in the order in which they were put."""
    answerer, decider = aliased(Account), aliased(Account)
    statement = (
        select(PhotoFinding, answerer.name, decider.name)
        .select_from(PhotoFinding)
        .join(Photo, Photo.id == PhotoFinding.photo_id)
        .outerjoin(answerer, answerer.id == PhotoFinding.answered_by)
        .outerjoin(decider, decider.id == PhotoFinding.decided_by)
    )
    rows = asked.session.execute(
        with_record(statement)
        .where(
            asked.within(),
            asked.in_quarter(counted_day()),
            PhotoFinding.decision.is_not(None) | PhotoFinding.withdrawn_at.is_(None),
        )
        .order_by(PhotoFinding.found_at, PhotoFinding.id)
    )
    centre_ids = {str(id_) for id_ in asked.order}
    found: defaultdict[UUID, tuple[FindingItem, ...]] = defaultdict(tuple)
    for finding, answered_by, decided_by in rows:
        item = _finding_item(finding, answered_by, decided_by, centre_ids)
        found[finding.photo_id] = (*found[finding.photo_id], item)
    return found


def _finding_item(
    finding: PhotoFinding, answered_by: str | None, decided_by: str | None, centre_ids: set[str]
) -> FindingItem:
    """What lies outside the unit is not named: its readers may not see that centre."""
    outside = finding.facts.get("outside")
    hidden = outside and finding.facts.get("centre_id") not in centre_ids
    return FindingItem(
        code=finding.code,
        text=outside["th"] if outside and hidden else finding.text_th,
        answer=finding.answer,
        answered_by=answered_by,
        decision=finding.decision,
        decision_note=finding.decision_note,
        decided_by=decided_by,
    )


def _photo_item(
    asked: Asked, photo: Photo, day: date, findings: tuple[FindingItem, ...]
) -> PhotoItem:
    source, lat, lon, accuracy_m = _position(photo)
    arrived = photo.state != "awaited"
    state = "destroyed" if photo.destroyed_at and arrived else photo.state
    processed = state == "processed"
    return PhotoItem(
        id=str(photo.id),
        version=photo.version,
        centre_code=asked.codes[photo.centre_id],
        subject_kind=photo.subject_kind,
        subject_id=str(photo.subject_id),
        state=state,
        caption=photo.caption,
        day=day,
        taken_at=_moment(photo),
        time_source=photo.taken_source if photo.taken_at else "device",
        source=photo.source,
        original_sha256=photo.original_sha256,
        original_bytes=photo.size_bytes,
        view_sha256=photo.view_sha256 if processed else None,
        lat=_rounded(lat, DEGREE_DIGITS),
        lon=_rounded(lon, DEGREE_DIGITS),
        accuracy_m=_rounded(accuracy_m, METRE_DIGITS),
        position_source=source,
        distance_m=_rounded(photo.distance_m, METRE_DIGITS),
        band=photo.band,
        thumb_sha256=photo.thumb_sha256 if processed else None,
        original_name=EXTENSIONS.get(photo.media_type) if arrived else None,
        code=written(photo.code) if photo.code else None,
        place=near_words(asked.areas, photo.place_code, "th") or None,
        findings=findings,
        received_on=bangkok_day(photo.received_at) if arrived else None,
    )


def _moment(photo: Photo) -> datetime:
    return photo.taken_at or photo.captured_at


def _position(photo: Photo) -> tuple[str, float | None, float | None, float | None]:
    """The position the distance was measured from: the phone's own fix before the file's."""
    if photo.position_source == "device" and photo.lat is not None:
        return "device", photo.lat, photo.lon, photo.accuracy_m
    if photo.exif_lat is not None:
        return "exif", photo.exif_lat, photo.exif_lon, photo.exif_accuracy_m
    return "none", None, None, None


def _rounded(value: Any, digits: int) -> float | None:
    return None if value is None else round(value, digits)
