"""What is known of a photo when it is asked about, gathered in one place.  Pure.

A rule looks at `Evidence` and the programme's thresholds, and answers with `Draft`s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.findings.models import FindingKind, PairKind
from app.photos.models import PhotoSource, PhotoState, SubjectKind
from app.shared.geo import Band, Position


@dataclass(frozen=True, slots=True)
class Proof:
    """What a phone proved of the photo: taken not before `nonce_at`, not after `received_at`.

    A phone without keys sends unsigned; that is neither verified nor wrong.
    """

    signed: bool
    verified: bool
    nonce_at: datetime | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Earlier:
    """A photo received before that shows the same picture, seen from the later one.

    `likeness` holds the facts of `app.prints.compare.Likeness` with the earlier photo as `a`,
    and is empty for the same bytes.
    """

    photo_id: UUID
    kind: PairKind
    likeness: Mapping[str, Any]
    day: date
    centre_id: UUID
    centre_name: str
    same_record: bool
    same_centre: bool
    same_quarter: bool
    struck_out: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """One photo as rows tell of it.  Pixels as seen; positions WGS 84; instants UTC.

    `record_day` is the Bangkok day of its visit or follow-up; a centre's own photo has none.
    `distance_m` and `band` belong to the best position: the phone's, else the file's.
    """

    state: PhotoState
    subject_kind: SubjectKind
    source: PhotoSource
    captured_at: datetime
    received_at: datetime
    record_day: date | None = None
    trouble: str | None = None  # why it is unreadable
    flags: frozenset[str] = frozenset()
    band: Band = "unknown"
    distance_m: float | None = None
    device: Position | None = None
    file: Position | None = None
    taken_at: datetime | None = None
    clock_skew_s: int | None = None  # phone minus server
    proof: Proof | None = None
    media_type: str = "image/jpeg"
    file_name: str | None = None
    camera: str | None = None
    width: int | None = None
    height: int | None = None
    measures: Mapping[str, Any] = field(default_factory=dict)
    earlier: Sequence[Earlier] = ()

    @property
    def in_app(self) -> bool:
        """Whether it was taken with the app's own camera."""
        return self.source == "camera"

    @property
    def captured_by_server_clock(self) -> datetime:
        """When the phone wrote it down, with its clock's known error taken off."""
        return self.captured_at - timedelta(seconds=self.clock_skew_s or 0)

    @property
    def stripped(self) -> bool:
        """Chosen from files, and the file says nothing of itself: chat apps do that."""
        says_nothing = self.taken_at is None and self.file is None
        return says_nothing and not self.in_app and "exif_none" in self.flags


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding before it is stored.  `facts` are plain JSON; `about` names the other photo."""

    kind: FindingKind
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""
