"""What stands on a stamp, beside what the file itself says.

The stamp is Thai whoever asks for it: it goes into official papers and out to the villages.
Pure, and without the tables, which a program that renders needs not carry: `stamp_facts.py`
gathers the words when a photo is claimed; drawing is `stamp.py`, which the web never loads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.photos.codes import written
from app.photos.exif import PhotoFacts
from app.shared.clock import in_bangkok
from app.shared.geo import Band, Position, band, distance_m
from app.shared.thai import thai_date

if TYPE_CHECKING:
    from app.photos.models import PhotoSource

_TAKEN = {  # whose clock it was; the keys are moment.TAKEN_SOURCES
    "exif": "เวลาจากกล้อง",
    "exif_bangkok": "เวลาจากกล้อง",
    "gps": "เวลาจากดาวเทียม",
    "xmp": "เวลาจากบันทึกในไฟล์",
    "exif_changed": "เวลาแก้ไขไฟล์ล่าสุด",
}
_SOURCES: dict[PhotoSource, str] = {
    "camera": "ถ่ายในแอป",
    "picker": "เลือกจากไฟล์",
    "unknown": "ไม่ทราบที่มาของไฟล์",
}
_BANDS: dict[Band, str] = {
    "inside": "อยู่ที่ศูนย์",
    "near": "ใกล้ศูนย์",
    "far": "ไกลจากศูนย์",
    "unknown": "",
}


@dataclass(frozen=True, slots=True)
class StampWords:
    """What database and phone know of one photo when it is claimed.  Positions are WGS 84."""

    code: str  # as stored
    centre_name: str
    place: str  # ต. อ. จ. of the centre
    centre: Position
    radius_m: float
    source: PhotoSource
    signed: bool  # the phone's signature over the photo was right
    captured_at: datetime
    received_at: datetime
    taken_with: Position | None = None  # the phone's own fix
    verify_at: str = ""  # where the code can be asked about: host and path


@dataclass(frozen=True, slots=True)
class StampLines:
    """The finished sentences, from the largest letters to the smallest."""

    centre: str
    place: str
    when: str
    when_source: str
    where: str
    where_source: str
    provenance: str
    code: str  # as people read it
    verify_at: str = ""


def lines_of(words: StampWords, facts: PhotoFacts) -> StampLines:
    """The words joined with what the file says."""
    when, when_source = _when(words, facts)
    where, where_source = _where(words, facts)
    signed = " · มีลายเซ็นของโทรศัพท์" if words.signed else ""
    return StampLines(
        centre=words.centre_name,
        place=words.place,
        when=when,
        when_source=when_source,
        where=where,
        where_source=where_source,
        provenance=_SOURCES[words.source] + signed,
        code=written(words.code),
        verify_at=words.verify_at,
    )


def _when(words: StampWords, facts: PhotoFacts) -> tuple[str, str]:
    """The time to believe first: the file's, the phone's where its camera was used, arrival."""
    if facts.taken_at is not None:
        return _clock(facts.taken_at), _TAKEN.get(facts.taken_source, "")
    if words.source == "camera":
        return _clock(words.captured_at), "เวลาจากโทรศัพท์"
    return _clock(words.received_at), "เวลาที่ได้รับ ไม่ทราบเวลาถ่าย"


def _clock(instant: datetime) -> str:
    local = in_bangkok(instant)
    return f"{thai_date(local.date(), 'long')} {local:%H.%M} น."


def _where(words: StampWords, facts: PhotoFacts) -> tuple[str, str]:
    """As `rules.judge` weighs it: the phone's fix first, then the file's."""
    spot, source = words.taken_with, "โทรศัพท์"
    if spot is None and facts.exif_lat is not None and facts.exif_lon is not None:
        spot = Position(facts.exif_lat, facts.exif_lon, facts.exif_accuracy_m, source="exif")
        source = "ไฟล์ภาพ"
    if spot is None:
        return "ไม่มีพิกัด", ""
    away = distance_m(spot.lat, spot.lon, words.centre.lat, words.centre.lon)
    where = _BANDS[band(away, spot.accuracy_m, words.radius_m)]
    error = f" ±{_metres(spot.accuracy_m)}" if spot.accuracy_m is not None else ""
    return (
        f"{spot.lat:.5f}, {spot.lon:.5f}{error}",
        f"พิกัดจาก{source} · ห่างศูนย์ {_metres(away)} ({where})",
    )


def _metres(distance: float) -> str:
    return f"{distance:.0f} ม." if distance < 1_000 else f"{distance / 1_000:,.1f} กม."
