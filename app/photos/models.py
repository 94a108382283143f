"""The photos' table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import DDL, JSON, CheckConstraint, ForeignKey, Index, String, event, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.activities.models import Activity
from app.audit.history import Revision
from app.centres.models import Centre
from app.followups.models import Followup
from app.photos import record_triggers
from app.photos.moment import TAKEN_SOURCES
from app.shared.db import Model, UtcDateTime, one_of
from app.shared.personal import personal
from app.shared.record import Captured, captured_constraints
from app.visits.models import Visit

SubjectKind = Literal["visit", "followup", "activity", "centre"]
PhotoState = Literal["awaited", "received", "processed", "unreadable"]
PhotoSource = Literal["camera", "picker", "unknown"]

SUBJECT_KINDS: tuple[SubjectKind, ...] = ("visit", "followup", "activity", "centre")
STATES: tuple[PhotoState, ...] = ("awaited", "received", "processed", "unreadable")
SOURCES: tuple[PhotoSource, ...] = ("camera", "picker", "unknown")
RenditionKind = Literal["view", "thumb", "stamped", "sharing"]
RENDITION_KINDS: tuple[RenditionKind, ...] = ("view", "thumb", "stamped", "sharing")


class Photo(Captured, Model):
    """One original picture, what it says of itself, and what was made of it.

    Awaited while a phone still holds the bytes it announced (`original_sha256`, `size_bytes`);
    its small preview may come first (`preview_sha256`) and then gives the renditions.  Received,
    then processed or unreadable; the original is kept in every state.  `attempts` and
    `lease_until` together say who may write the outcome (`claims.claim`).  Only one of
    `subject_kind`'s tables holds `subject_id`, so no foreign key can watch over it.
    """

    __tablename__ = "photo"
    __table_args__ = (
        one_of("subject_kind", SUBJECT_KINDS, "subject_kind_known"),
        one_of("state", STATES, "state_known"),
        one_of("source", SOURCES, "source_known"),
        one_of("taken_source", TAKEN_SOURCES, "taken_source_known"),
        one_of("band", ("inside", "near", "far", "unknown"), "band_known"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("size_bytes > 0", name="size_positive"),
        CheckConstraint("length(original_sha256) = 64", name="original_sha256_length"),
        CheckConstraint(
            "state <> 'processed' OR destroyed_at IS NOT NULL "
            "OR (view_sha256 IS NOT NULL AND thumb_sha256 IS NOT NULL)",
            name="processed_has_renditions",
        ),
        CheckConstraint("orientation BETWEEN 1 AND 8", name="orientation_range"),
        # BETWEEN, because a NaN fails it on PostgreSQL; SQLite turns NaN into NULL by itself.
        CheckConstraint("exif_lat BETWEEN -90 AND 90", name="exif_lat_range"),
        CheckConstraint("exif_lon BETWEEN -180 AND 180", name="exif_lon_range"),
        CheckConstraint("(exif_lat IS NULL) = (exif_lon IS NULL)", name="exif_position_whole"),
        CheckConstraint("distance_m BETWEEN 0 AND 20100000", name="distance_on_earth"),
        CheckConstraint("direction_deg BETWEEN 0 AND 360", name="direction_range"),
        Index("ix_photo_subject", "subject_kind", "subject_id"),
        Index("ix_photo_centre", "centre_id", "day", "id"),
        # PostgreSQL counts a quarter's from the index alone.
        Index(
            "ix_photo_newest",
            "day",
            "id",
            postgresql_include=["centre_id", "state", "deleted_at", "record_gone"],
        ),
        Index("ix_photo_waiting", "state", "attempts", "received_at"),
        Index("ix_photo_original", "original_sha256"),
        Index("ix_photo_code", "code", unique=True),
        Index("ix_photo_unexamined", "examined_at", "state"),
        *captured_constraints(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # chosen by the phone, offline
    centre_id: Mapped[UUID] = mapped_column(ForeignKey("centre.id"))
    subject_kind: Mapped[SubjectKind] = mapped_column(String(8))
    subject_id: Mapped[UUID]
    day: Mapped[date]  # the Bangkok day it counts for: its record's, a centre's photo its own
    record_gone: Mapped[bool] = mapped_column(default=False, server_default=false())
    caption: Mapped[str | None] = mapped_column(String(300), info=personal("photo", of="pictured"))

    original_sha256: Mapped[str] = mapped_column(String(64), info=personal("photo", of="pictured"))
    size_bytes: Mapped[int]
    crc32: Mapped[int | None]  # signed 32 bits; spares a packet a second reading
    media_type: Mapped[str] = mapped_column(String(24))
    file_name: Mapped[str | None] = mapped_column(
        String(200), info=personal("photo", of="pictured")
    )  # as given, cleaned; never a path
    source: Mapped[PhotoSource] = mapped_column(String(8))

    state: Mapped[PhotoState] = mapped_column(String(10), default="received")
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error_code: Mapped[str | None] = mapped_column(String(40))

    width: Mapped[int | None]  # pixels as seen, after turning
    height: Mapped[int | None]
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_source: Mapped[str] = mapped_column(String(12), default="none")
    camera: Mapped[str | None] = mapped_column(String(80), info=personal("photo", of="account"))
    orientation: Mapped[int] = mapped_column(default=1)
    direction_deg: Mapped[float | None]
    exif_lat: Mapped[float | None] = mapped_column(info=personal("photo", of="account"))
    exif_lon: Mapped[float | None] = mapped_column(info=personal("photo", of="account"))
    exif_accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]  # from the best position to the centre
    band: Mapped[str] = mapped_column(String(8), default="unknown")
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)

    preview_sha256: Mapped[str | None] = mapped_column(
        String(64), info=personal("photo", of="pictured")
    )  # as announced
    preview_held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # its bytes are here
    deleted_reason: Mapped[str | None] = mapped_column(
        String(300), info=personal("record", of="named")
    )
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # its bytes are gone

    recipe: Mapped[int | None]  # of the renditions; see recipe.RECIPE
    view_sha256: Mapped[str | None] = mapped_column(
        String(64), info=personal("photo", of="pictured")
    )
    thumb_sha256: Mapped[str | None] = mapped_column(
        String(64), info=personal("photo", of="pictured")
    )
    stamped_sha256: Mapped[str | None] = mapped_column(
        String(64), info=personal("photo", of="pictured")
    )
    placeholder: Mapped[str | None] = mapped_column(
        String(60), info=personal("photo", of="pictured")
    )  # BlurHash, for a slow line
    code: Mapped[str | None] = mapped_column(String(12))  # on the stamp; whoever has it may ask
    place_code: Mapped[str | None] = mapped_column(String(8))  # area of the best position
    measures: Mapped[dict[str, Any] | None] = mapped_column(
        JSON, info=personal("photo", of="pictured")
    )  # see measures.Measures
    examined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: findings to be made

    centre: Mapped[Centre] = relationship(lazy="raise")


class PhotoRendition(Model):
    """A file that was made of a photo: whoever brings it again can be told that it is ours.

    Rows of older recipes stay, for their files are out in the world.
    """

    __tablename__ = "photo_rendition"
    __table_args__ = (one_of("kind", RENDITION_KINDS, "kind_known"),)

    sha256: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=personal("photo", of="pictured")
    )
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    kind: Mapped[RenditionKind] = mapped_column(String(8))
    recipe: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of a sharing copy


class PhotoRevision(Revision, Model):
    """One version of a photo's own words (its caption, or that it was struck out)."""

    __tablename__ = "photo_revision"

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)


for record in (Visit, Followup, Activity):
    for dialect, triggers in record_triggers.MAKE.items():
        for trigger in triggers[record.__tablename__]:
            event.listen(record.__table__, "after_create", DDL(trigger).execute_if(dialect=dialect))
