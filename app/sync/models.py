"""The table of items that were received and could not be applied as they came."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id
from app.shared.personal import personal

HeldState = Literal["pending", "conflict", "applied", "dismissed"]


class HeldItem(Model):
    """One item as a phone sent it: pending until its parent comes, or in conflict with the
    present version until a person decides.  The body goes when the item is settled."""

    __tablename__ = "held_item"
    __table_args__ = (
        CheckConstraint(
            "state IN ('pending','conflict','applied','dismissed')", name="state_known"
        ),
        UniqueConstraint("record_id", "item_sha256"),
        Index("ix_held_item_waits", "state", "waits_for"),
        Index("ix_held_item_state", "state", "received_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(20))
    op: Mapped[str] = mapped_column(String(8))
    record_id: Mapped[UUID]
    waits_for: Mapped[UUID | None]  # the record that must come first
    centre_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre.id"), index=True)
    state: Mapped[HeldState] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), info=personal("visitor", of="visitor")
    )
    item_sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
