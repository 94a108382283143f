"""What a photo may be, and which questions it raises.  Pure.

A flag is a question for a person, with its evidence beside it; no flag refuses a photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.photos.exif import PhotoFacts
from app.photos.models import PhotoSource, SubjectKind
from app.shared.clock import bangkok_day
from app.shared.errors import Problem
from app.shared.geo import Band, Position, band, distance_m
from app.shared.record import Capture
from app.visits.rules import CLOCK_SKEW, check_position, check_text

CAPTION_MAX = 300
WITNESSES_AGREE_M = 500.0  # two fixes minutes apart, each some 50 m off, at a walk


@dataclass(frozen=True, slots=True)
class Subject:
    """What a photo is attached to.  `day` is the record's Bangkok day; a centre has none."""

    kind: SubjectKind
    id: UUID
    centre_id: UUID
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PhotoDraft:
    """A photo as sent, beside its bytes: what it belongs to and how it was taken."""

    id: UUID
    subject: Subject
    capture: Capture
    source: PhotoSource = "unknown"
    file_name: str | None = None
    caption: str | None = None
    programme_version: str | None = None  # None: the one in force

    def facts(self, original_sha256: str) -> dict[str, object]:
        """The content that makes two arrivals of one id the same photo."""
        return {
            "id": self.id,
            "centre_id": self.subject.centre_id,
            "subject_kind": self.subject.kind,
            "subject_id": self.subject.id,
            "original_sha256": original_sha256,
            "source": self.source,
            "caption": self.caption,
            **self.capture.facts(),
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a photo lies from its centre, and every question about it."""

    distance_m: float | None
    band: Band
    flags: tuple[str, ...]


def check_photo(draft: PhotoDraft, *, now: datetime) -> list[Problem]:
    """Every reason to refuse the draft (not its bytes), in form order."""
    problems = check_caption(draft.caption)
    if draft.capture.at > now + CLOCK_SKEW and draft.capture.clock_skew_s is None:
        problems.append(Problem("captured_at", "in_future"))
    return problems + check_position(draft.capture.position)


def check_caption(caption: str | None) -> list[Problem]:
    """Refuse a caption that is too long, or that holds somebody's ID number."""
    return check_text("caption", caption, CAPTION_MAX)


def judge(
    facts: PhotoFacts,
    *,
    taken_with: Position | None,
    centre: Position,
    radius_m: float,
    subject_day: date | None,
    received_at: datetime,
    seen_before: bool,
) -> Judgement:
    """Set what the file says against what the phone, the record and the server know.

    The phone's own fix counts before the file's: phones strip or keep the file's at will.
    """
    file_says = _position(facts)
    best = taken_with or file_says
    distance = distance_m(best.lat, best.lon, centre.lat, centre.lon) if best else None
    flags = [
        *facts.flags,
        *_time_doubts(facts, subject_day, received_at),
        *(["positions_differ"] if _differ(taken_with, file_says) else []),
        *(["same_bytes"] if seen_before else []),
    ]
    accuracy = best.accuracy_m if best else None
    return Judgement(distance, band(distance, accuracy, radius_m), tuple(dict.fromkeys(flags)))


def _position(facts: PhotoFacts) -> Position | None:
    if facts.exif_lat is None or facts.exif_lon is None:
        return None
    return Position(facts.exif_lat, facts.exif_lon, facts.exif_accuracy_m, source="exif")


def _differ(a: Position | None, b: Position | None) -> bool:
    if a is None or b is None:
        return False
    apart = distance_m(a.lat, a.lon, b.lat, b.lon)
    return apart - (a.accuracy_m or 0) - (b.accuracy_m or 0) > WITNESSES_AGREE_M


def _time_doubts(facts: PhotoFacts, subject_day: date | None, received_at: datetime) -> list[str]:
    if facts.taken_at is None:
        return []
    doubts = []
    if facts.taken_at > received_at + CLOCK_SKEW:
        doubts.append("taken_in_future")
    if subject_day and bangkok_day(facts.taken_at) != subject_day:
        doubts.append("taken_other_day")
    return doubts
