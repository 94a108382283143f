"""The audit log's table."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, JSON, BigInteger, Index, Integer, String, event
from sqlalchemy.orm import Mapped, mapped_column

from app.audit import triggers
from app.shared.db import Model, UtcDateTime
from app.shared.personal import personal


class AuditEntry(Model):
    """One thing that was done.  `position` and `digest` are set when the entry is sealed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_object", "kind", "object_id"),
        Index("ix_audit_entry_action", "action", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UUID | None] = mapped_column(info=personal("log", of="account"))
    action: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    position: Mapped[int | None] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), unique=True
    )
    digest: Mapped[str | None] = mapped_column(String(64))


for dialect, statements in triggers.MAKE.items():
    for statement in statements:
        made = DDL(statement).execute_if(dialect=dialect)
        event.listen(AuditEntry.__table__, "after_create", made)
