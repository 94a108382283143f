"""Gathering what rows know of one photo into `Evidence`."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.centres.models import Centre
from app.findings.evidence import Earlier, Evidence, Proof
from app.findings.models import PhotoPair
from app.photos.models import Photo
from app.photos.queries import counted_day, is_gone, proof_of, record_day
from app.shared.clock import Quarter
from app.shared.geo import Position

MOST_PAIRS = 50  # more copies of one picture tell nothing new


def evidence_of(session: Session, photo: Photo) -> Evidence:
    """Everything the rules look at, of a photo whose pairs are stored already."""
    day = record_day(session, photo)
    return Evidence(
        state=photo.state,
        subject_kind=photo.subject_kind,
        source=photo.source,
        captured_at=photo.captured_at,
        received_at=photo.received_at,
        record_day=None if photo.subject_kind == "centre" else day,
        trouble=photo.last_error_code,
        flags=frozenset(photo.flags),
        band=photo.band,  # type: ignore[arg-type]
        distance_m=photo.distance_m,
        device=_device(photo),
        file=_file(photo),
        taken_at=photo.taken_at,
        clock_skew_s=photo.clock_skew_s,
        proof=_proof(session, photo),
        media_type=photo.media_type,
        file_name=photo.file_name,
        camera=photo.camera,
        width=photo.width,
        height=photo.height,
        measures=photo.measures or {},
        earlier=_earlier(session, photo, day),
    )


def _device(photo: Photo) -> Position | None:
    if photo.position_source != "device" or photo.lat is None or photo.lon is None:
        return None
    return Position(photo.lat, photo.lon, photo.accuracy_m, photo.fix_age_s, "device")


def _file(photo: Photo) -> Position | None:
    if photo.exif_lat is None or photo.exif_lon is None:
        return None
    return Position(photo.exif_lat, photo.exif_lon, photo.exif_accuracy_m, source="exif")


def _proof(session: Session, photo: Photo) -> Proof | None:
    found = proof_of(session, photo)
    if found is None:
        return None
    return Proof(found.signature is not None, found.verified, found.nonce_at, found.received_at)


def _earlier(session: Session, photo: Photo, day: date) -> tuple[Earlier, ...]:
    """The other photos of the pairs in which this one is the later; struck-out ones too."""
    rows = session.execute(
        select(PhotoPair, Photo, Centre.name, counted_day(), is_gone())
        .join(Photo, Photo.id == PhotoPair.earlier_id)
        .join(Centre, Centre.id == Photo.centre_id)
        .where(PhotoPair.later_id == photo.id)
        .order_by(Photo.received_at, Photo.id)
        .limit(MOST_PAIRS)
    )
    return tuple(
        Earlier(
            photo_id=other.id,
            kind=pair.kind,
            likeness=pair.facts,
            day=other_day,
            centre_id=other.centre_id,
            centre_name=centre_name,
            same_record=_record(other, other_day) == _record(photo, day),
            same_centre=other.centre_id == photo.centre_id,
            same_quarter=Quarter.of_day(other_day) == Quarter.of_day(day),
            struck_out=bool(struck_out),
        )
        for pair, other, centre_name, other_day, struck_out in rows
    )


def _record(photo: Photo, day: date) -> tuple[UUID, date | None]:
    """What two photos are of; a centre's own photos are of its day, for a centre has no end."""
    return photo.subject_id, day if photo.subject_kind == "centre" else None
