"""The activities' table."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.records.models import Entry, entry_args
from app.shared.db import Model
from app.shared.personal import personal


class Activity(Entry, Model):
    """One activity at a centre; its photos belong to it as a visit's do."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("n_male >= 0 AND n_female >= 0 AND n_youth >= 0", name="counts_positive"),
        CheckConstraint("n_total = n_male + n_female", name="total_is_the_sum"),
        *entry_args("activity", "held_on"),
    )

    held_on: Mapped[date]  # a Bangkok day
    ended_on: Mapped[date | None]
    kind: Mapped[str] = mapped_column(String(20))
    sides: Mapped[list[str]] = mapped_column(JSON)  # of the 5P
    title: Mapped[str] = mapped_column(String(200), info=personal("record", of="named"))
    lead: Mapped[str | None] = mapped_column(String(200), info=personal("record", of="named"))
    partners: Mapped[list[str]] = mapped_column(JSON)  # of the seven sectors
    n_male: Mapped[int]
    n_female: Mapped[int]
    n_youth: Mapped[int]  # under 20, counted among the two above
    n_total: Mapped[int]
    result: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
    problems: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
    plan_item_id: Mapped[UUID | None]
