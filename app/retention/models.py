"""The retention runs' table."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id


class RetentionRun(Model):
    """One night's run: how many of each class were due, held back and destroyed."""

    __tablename__ = "retention_run"
    __table_args__ = (Index("ix_retention_run_began", "began_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dry: Mapped[bool] = mapped_column(default=False)
    by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))  # None: the clock
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)  # class -> {due, held, destroyed, failed}
