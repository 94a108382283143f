"""Stored records in the shape phones send: what a decoder reads, written back.

The device is left out: a phone that takes such a version over would name another's.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta, timezone
from typing import Any

from app.followups.draft import FollowupDraft
from app.followups.models import Followup
from app.photos.models import Photo
from app.records.kinds import RecordKind
from app.shared.record import Captured
from app.visits.draft import VisitDraft
from app.visits.models import Visit


def visit_shape(visit: Visit) -> dict[str, object]:
    """A visit as `visit_from_json` reads it."""
    return _shape(visit, VisitDraft)


def followup_shape(followup: Followup) -> dict[str, object]:
    """A follow-up as `followup_from_json` reads it."""
    return _shape(followup, FollowupDraft)


def photo_shape(photo: Photo) -> dict[str, object]:
    """A photo as `photo_from_json` reads it."""
    own = ("id", "subject_kind", "subject_id", "caption", "source", "file_name")
    return {name: getattr(photo, name) for name in (*own, "programme_version")} | _taken(photo)


def record_shape(kind: RecordKind, row: Any) -> dict[str, object]:
    """A record of any kind as `draft_from_json` reads it."""
    names = ("id", "centre_id", "programme_version", *(field.name for field in kind.fields))
    district = None if row.centre_id else row.district_code
    return {name: getattr(row, name) for name in names} | {"district_code": district} | _taken(row)


def _shape(record: Captured, draft: type[Any]) -> dict[str, object]:
    names = [field.name for field in fields(draft) if field.name != "capture"]
    return {name: getattr(record, name) for name in names} | _taken(record)


def _taken(record: Captured) -> dict[str, object]:
    there = timezone(timedelta(minutes=record.captured_offset_min))
    return {
        "captured_at": record.captured_at.astimezone(there).isoformat(timespec="milliseconds"),
        "device_id": None,
        "clock_skew_s": record.clock_skew_s,
        "position": _position(record),
    }


def _position(record: Captured) -> dict[str, object] | None:
    if record.lat is None:
        return None
    return {
        "lat": record.lat,
        "lon": record.lon,
        "accuracy_m": record.accuracy_m,
        "fix_age_s": record.fix_age_s,
        "source": record.position_source,
    }
