"""What the house-keeping remembers of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime


class UpkeepMark(Model):
    """When a piece of house-keeping last came to its end, and what it found.

    In the database, not in the queue's Redis: after a Redis that was emptied it still tells.
    """

    __tablename__ = "upkeep_mark"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)  # "sweep", "storage"
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # figures only
