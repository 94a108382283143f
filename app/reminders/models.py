"""Reminders' tables."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.reminders.rules import KINDS, Kind
from app.shared.db import Model, UtcDateTime, one_of
from app.shared.ids import new_id
from app.shared.personal import personal


class Reminder(Model):
    """Somebody is told once: of something due (`days_before`, the step), or of what became of it.

    The unique key is what makes every job harmless twice.  A day that moves is told anew.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint(
            "account_id", "programme", "occurrence", "unit_code", "kind", "days_before", "due_by",
            "edition", name="uq_reminder_step",
        ),
        Index("ix_reminder_inbox", "account_id", "made_at", "id"),
        Index(
            "ix_reminder_unread", "account_id",
            sqlite_where=text("read_at IS NULL"), postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_reminder_untold", "account_id",
            sqlite_where=text("pushed_at IS NULL OR mailed_at IS NULL"),
            postgresql_where=text("pushed_at IS NULL OR mailed_at IS NULL"),
        ),
        one_of("kind", KINDS, "kind_known"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[Kind] = mapped_column(String(12))
    programme: Mapped[str] = mapped_column(String(36))
    occurrence: Mapped[str] = mapped_column(String(40))
    unit_code: Mapped[str] = mapped_column(String(20))  # or an area's, of a summary
    units: Mapped[int] = mapped_column(default=1)  # how many a summary stands for
    edition: Mapped[int] = mapped_column(default=0)  # of what was sent, returned or accepted
    days_before: Mapped[int]  # the step; -1 where its day has passed, or it is about no day
    due_by: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pushed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # or there was nowhere to
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # or nobody wanted it
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a lease, then a back-off
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(40))


class ReminderChoice(Model):
    """How someone wants to be told.  No row: in the application only.

    `by_mail` is set by the link in a mail to the address, never by typing the address.
    """

    __tablename__ = "reminder_choice"
    __table_args__ = (CheckConstraint("NOT by_mail OR email IS NOT NULL", name="mail_somewhere"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    by_mail: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None] = mapped_column(String(254), info=personal("account", of="account"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last mail sent by hand
    mailed_on: Mapped[date | None]  # the Bangkok day of the last digest: one a day
    calendar_turn: Mapped[int] = mapped_column(default=0)  # raised: earlier calendar addresses end
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PushSubscription(Model):
    """One browser that takes pushes for an account (RFC 8030, 8291), while its sign-in lives."""

    __tablename__ = "push_subscription"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    sign_in_sha256: Mapped[str] = mapped_column(ForeignKey("sign_in.token_sha256"))
    endpoint: Mapped[str] = mapped_column(Text, unique=True, info=personal("device", of="account"))
    p256dh: Mapped[str] = mapped_column(String(100), info=personal("device", of="account"))
    auth: Mapped[str] = mapped_column(String(40), info=personal("device", of="account"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the push service says so
