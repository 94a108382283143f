"""The controller's table."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.personal import personal


class Controller(Model):
    """Who answers for the personal data, as every notice says it.  A change is a new version."""

    __tablename__ = "controller"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(120))
    dpo_name: Mapped[str] = mapped_column(
        String(200), info=personal("record", of="officer")
    )  # a person or a desk
    dpo_phone: Mapped[str | None] = mapped_column(String(40), info=personal("record", of="officer"))
    dpo_email: Mapped[str | None] = mapped_column(
        String(120), info=personal("record", of="officer")
    )
    hosted_at: Mapped[str] = mapped_column(String(200))  # where the server stands, whose it is
    more: Mapped[str | None] = mapped_column(Text, info=personal("record", of="officer"))
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
