"""The share links' table."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime, one_of
from app.shared.ids import new_id
from app.shared.personal import personal

LinkKind = Literal["packet", "copy"]
LINK_KINDS: tuple[LinkKind, ...] = get_args(LinkKind)


class ShareLink(Model):
    """An address that opens one object without an account.  Only its token's SHA-256 is kept."""

    __tablename__ = "share_link"
    __table_args__ = (one_of("kind", LINK_KINDS, "kind_known"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[LinkKind] = mapped_column(String(8))
    object_id: Mapped[UUID] = mapped_column(index=True)
    area_code: Mapped[str] = mapped_column(String(8))  # of the object: who may see and revoke
    label: Mapped[str] = mapped_column(
        String(120), info=personal("sign_in", of="recipient")
    )  # for whom, in the maker's words
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    n_opened: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # last
