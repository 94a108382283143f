"""The packets' table."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id

ScopeKind = Literal["centre", "district", "province"]
PacketState = Literal["queued", "building", "ready", "failed"]


class Packet(Model):
    """One edition of a unit's evidence for a quarter.  Once ready, nothing in it changes.

    `frozen` is the whole list the packet is made of (`content.py`); `content_sha256` names it.
    `attempts` and `lease_until` together say who may write the outcome (`claims.claim`).
    """

    __tablename__ = "packet"
    __table_args__ = (
        UniqueConstraint("scope_kind", "scope_code", "quarter", "edition"),
        CheckConstraint("scope_kind in ('centre','district','province')", name="scope_kind_known"),
        CheckConstraint("state in ('queued','building','ready','failed')", name="state_known"),
        CheckConstraint("(scope_kind = 'centre') = (centre_id is not null)", name="centre_named"),
        CheckConstraint("edition >= 1", name="edition_positive"),
        CheckConstraint("done between 0 and total", name="done_within_total"),
        CheckConstraint(
            "state <> 'ready' or "
            "(sha256 is not null and size_bytes is not null and file_key is not null)",
            name="ready_has_a_file",
        ),
        Index("ix_packet_newest", "requested_at", "id"),
        Index("ix_packet_waiting", "state", "state_since"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scope_kind: Mapped[ScopeKind] = mapped_column(String(8))
    scope_code: Mapped[str] = mapped_column(String(20))
    centre_id: Mapped[UUID | None] = mapped_column(ForeignKey("centre.id"))
    quarter: Mapped[str] = mapped_column(String(6))
    edition: Mapped[int]
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)  # megabytes for a province
    content_sha256: Mapped[str] = mapped_column(String(64))

    state: Mapped[PacketState] = mapped_column(String(8), default="queued")
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error_code: Mapped[str | None] = mapped_column(String(40))
    step: Mapped[str | None] = mapped_column(String(12))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)

    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    file_key: Mapped[str | None] = mapped_column(String(120))
    n_files: Mapped[int | None]
    n_gaps: Mapped[int | None]
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    requested_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
