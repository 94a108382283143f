"""The uploads' table."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id
from app.shared.personal import personal

UploadState = Literal["open", "held", "refused"]
UploadRole = Literal["original", "preview"]

ROLES: tuple[UploadRole, ...] = ("original", "preview")


class Upload(Model):
    """One attachment on its way: open, then held (its bytes are kept) or refused with a code.

    How far an open one is says the file's own size, which is fsynced; no column repeats it.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("state IN ('open','held','refused')", name="state_known"),
        CheckConstraint("role IN ('original','preview')", name="role_known"),
        CheckConstraint("size_bytes > 0", name="size_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        Index("ix_upload_attachment", "attachment_id", "state"),
        Index("ix_upload_expiry", "state", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    attachment_id: Mapped[UUID]  # chosen by the phone; a photo's original has the photo's id
    role: Mapped[UploadRole] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(
        String(64), info=personal("photo", of="pictured")
    )  # as announced
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str | None] = mapped_column(String(24))  # as found in the bytes
    crc32: Mapped[int | None]  # signed 32 bits, once held
    state: Mapped[UploadState] = mapped_column(String(8), default="open")
    refused_code: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
