"""The table of files that somebody asked about."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime, one_of

CheckState = Literal["waiting", "done"]
Verdict = Literal["original", "rendition", "altered", "unknown", "unreadable"]
CHECK_STATES: tuple[CheckState, ...] = ("waiting", "done")
VERDICTS: tuple[Verdict, ...] = ("original", "rendition", "altered", "unknown", "unreadable")


class PhotoCheck(Model):
    """One dropped file whose bytes are none of ours: a worker looks whether the picture is.

    The file itself is deleted when the answer stands, and the row after a day.
    """

    __tablename__ = "photo_check"
    __table_args__ = (
        one_of("state", CHECK_STATES, "state_known"),
        one_of("verdict", VERDICTS, "verdict_known"),
        CheckConstraint("(state = 'done') = (verdict IS NOT NULL)", name="done_has_verdict"),
        Index("ix_photo_check_waiting", "state", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # random: whoever knows it may read it
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    state: Mapped[CheckState] = mapped_column(String(8), default="waiting")
    verdict: Mapped[Verdict | None] = mapped_column(String(12))
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("photo.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
