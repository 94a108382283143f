"""Accounts and their signed-in sessions."""

from __future__ import annotations

from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.rules import Role
from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id

ROLES: tuple[str, ...] = get_args(Role)


class Account(Model):
    """One person's way in.  Never deleted, only disabled: records name their recorder."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role in ('volunteer','officer','reviewer','admin')", name="role_known"),
        CheckConstraint(
            "(role = 'volunteer') = (centre_id is not null)", name="volunteer_has_a_centre"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(40), unique=True)  # stored folded
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(String(12))
    area_code: Mapped[str] = mapped_column(String(8))
    centre_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(Model):
    """One signed-in browser.  The cookie holds a secret; this row holds only its SHA-256."""

    __tablename__ = "sign_in"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("device.id"), index=True
    )  # if a phone's
