"""The sharing copies' table."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime, one_of
from app.shared.personal import personal

CopyState = Literal["waiting", "made", "failed"]
COPY_STATES: tuple[CopyState, ...] = ("waiting", "made", "failed")


class SharingCopy(Model):
    """A copy of one photo for the public.

    `boxes` are the places made unrecognisable, each `[x, y, width, height]` as fractions of the
    upright picture.  A copy is never changed: new boxes make a new copy.
    """

    __tablename__ = "sharing_copy"
    __table_args__ = (
        one_of("state", COPY_STATES, "state_known"),
        CheckConstraint("state <> 'made' OR sha256 IS NOT NULL", name="made_has_file"),
        Index("ix_sharing_copy_photo", "photo_id", "asked_at"),
        Index("ix_sharing_copy_waiting", "state", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"))
    boxes: Mapped[list[list[float]]] = mapped_column(JSON)
    nobody: Mapped[bool] = mapped_column(default=False)  # the maker's word: none is recognisable
    state: Mapped[CopyState] = mapped_column(String(8), default="waiting")
    sha256: Mapped[str | None] = mapped_column(String(64), info=personal("photo", of="pictured"))
    recipe: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
