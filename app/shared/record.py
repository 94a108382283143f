"""What every captured record carries, and the hash that names its content.

A captured record is written on a phone, often hours before the server hears of it.  So the
phone chooses the id, and the same id may arrive many times: `content_sha256` tells a repeat
(same content, harmless) from a conflict (other content, refused).

The hash is over canonical JSON (RFC 8785, `canonical`), so that a phone can compute the same hash
in its own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.shared.canonical import canonical_json
from app.shared.db import Model, UtcDateTime
from app.shared.dialects import insert_into, is_postgresql
from app.shared.geo import Position, PositionSource
from app.shared.personal import personal

BANGKOK_OFFSET_MIN = 420  # UTC+7, no daylight saving

POSITION_SOURCES = ("device", "exif", "pin", "none")


@dataclass(frozen=True, slots=True)
class Capture:
    """The circumstances in which a phone (or a desk) wrote a record down.

    `at` is the device's own instant, believed but not trusted: a wrong clock must never cost a
    record, so it is kept as said, with `clock_skew_s` (device minus server) where it was seen.
    """

    at: datetime
    offset_min: int = BANGKOK_OFFSET_MIN
    position: Position | None = None
    device_id: UUID | None = None
    clock_skew_s: int | None = None

    def facts(self) -> dict[str, object]:
        """The part that belongs to the record's content: not who carried it, nor the skew."""
        spot = self.position
        return {
            "captured_at": self.at,
            "captured_offset_min": self.offset_min,
            "lat": spot.lat if spot else None,
            "lon": spot.lon if spot else None,
            "accuracy_m": spot.accuracy_m if spot else None,
            "fix_age_s": spot.fix_age_s if spot else None,
            "position_source": spot.source if spot else "none",
        }

    def columns(self) -> dict[str, object]:
        """Values for the `Captured` columns that the device decides."""
        return self.facts() | {"device_id": self.device_id, "clock_skew_s": self.clock_skew_s}


class Captured:
    """Columns shared by every captured record: when, where, by whom, which version."""

    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    captured_offset_min: Mapped[int] = mapped_column(default=BANGKOK_OFFSET_MIN)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clock_skew_s: Mapped[int | None]
    recorder_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id"), info=personal("record", of="account")
    )
    device_id: Mapped[UUID | None]
    lat: Mapped[float | None] = mapped_column(info=personal("record", of="account"))
    lon: Mapped[float | None] = mapped_column(info=personal("record", of="account"))
    accuracy_m: Mapped[float | None]
    fix_age_s: Mapped[float | None]
    position_source: Mapped[str] = mapped_column(String(8), default="none")
    version: Mapped[int] = mapped_column(default=1)
    content_sha256: Mapped[str] = mapped_column(String(64))
    programme_version: Mapped[str] = mapped_column(String(40))
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def capture_of(row: Captured) -> Capture:
    """The circumstances a stored record was first written in; a correction keeps them."""
    spot = None
    if row.lat is not None and row.lon is not None:
        source: PositionSource = row.position_source  # type: ignore[assignment]
        spot = Position(row.lat, row.lon, row.accuracy_m, row.fix_age_s, source)
    offset_min, skew_s = row.captured_offset_min, row.clock_skew_s
    return Capture(row.captured_at, offset_min, spot, row.device_id, skew_s)


def captured_constraints() -> tuple[CheckConstraint | Index, ...]:
    """Table arguments that go with `Captured`; a fresh set for each table."""
    listed = ", ".join(f"'{source}'" for source in POSITION_SOURCES)
    return (
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("length(content_sha256) = 64", name="content_sha256_length"),
        CheckConstraint(f"position_source IN ({listed})", name="position_source_known"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="position_whole"),
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat_range"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon_range"),
        CheckConstraint("accuracy_m >= 0", name="accuracy_not_negative"),
    )


def moment_of(record_id: UUID) -> datetime | None:
    """When an id was made, by the clock of the device that made it; None unless UUIDv7."""
    if record_id.version != 7:
        return None
    unix_ms = record_id.int >> 80  # RFC 9562: the first 48 of 128 bits
    try:
        return datetime.fromtimestamp(unix_ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def insert_once(session: Session, model: type[Model], values: Mapping[str, Any]) -> bool:
    """Insert a row unless its id is taken; say whether this call inserted it.

    Safe when twenty requests bring the same id at once: the database lets one through and makes
    the others wait for its outcome, so whoever gets False may read the finished row.
    """
    table: Any = model.__table__
    # RETURNING, because psycopg reports no row count for an insert that was skipped.
    once = insert_into(session, table).on_conflict_do_nothing(index_elements=["id"])
    # Values beside the statement, not in it: compiled once, not anew for every row.
    return session.execute(once.returning(table.c.id), dict(values)).first() is not None


def take_turn(session: Session, record_id: UUID) -> None:
    """Let one transaction at a time go on with `record_id`; the others wait for its end.

    For two rows that look for each other (a photo and its bytes): without it each may be written
    while the other is not yet to be seen.  SQLite has one writer anyway.
    """
    if is_postgresql(session):
        key = int.from_bytes(record_id.bytes[8:], "big", signed=True)  # its random half
        session.execute(select(func.pg_advisory_xact_lock(key)))


def content_sha256(kind: str, facts: Mapping[str, object]) -> str:
    """Hash a record's content: hex SHA-256 of its canonical JSON, `kind` included."""
    return sha256(canonical_json({"kind": kind, **facts}).encode()).hexdigest()
