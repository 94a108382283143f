"""Reminders' tables."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id


class Reminder(Model):
    """Somebody is told that something of a unit is due in `days_before` days, or was returned."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint(
            "account_id", "programme", "occurrence", "unit_code", "days_before", "edition",
            name="uq_reminder_step",
        ),
        Index("ix_reminder_inbox", "account_id", "made_at"),
        Index("ix_reminder_untold", "pushed_at", "mailed_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(12))  # due, returned, accepted
    programme: Mapped[str] = mapped_column(String(36))
    occurrence: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int] = mapped_column(default=0)  # of what was returned or accepted
    days_before: Mapped[int]  # -1 where it is about no day
    due_by: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pushed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # or there is nowhere
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(40))


class ReminderChoice(Model):
    """How someone wants to be told.  No row: in the application only."""

    __tablename__ = "reminder_choice"
    __table_args__ = (CheckConstraint("NOT by_mail OR email IS NOT NULL", name="mail_somewhere"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    by_mail: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(254))
    calendar_turn: Mapped[int] = mapped_column(default=0)  # raised: earlier calendar addresses end
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PushSubscription(Model):
    """One browser that takes pushes for an account (RFC 8030, 8291)."""

    __tablename__ = "push_subscription"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    endpoint: Mapped[str] = mapped_column(Text, unique=True)
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the push service says so
