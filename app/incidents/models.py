"""The incident register's tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime, one_of
from app.shared.ids import new_id
from app.shared.personal import personal

IncidentKind = Literal["lost_phone", "wrong_recipient", "intrusion", "lost_data", "other"]
INCIDENT_KINDS: tuple[IncidentKind, ...] = get_args(IncidentKind)
Risk = Literal["unknown", "none", "some", "high"]
RISKS: tuple[Risk, ...] = get_args(Risk)
DataKind = Literal["name", "phone", "remarks", "photo", "position", "member", "account"]
DATA_KINDS: tuple[DataKind, ...] = get_args(DataKind)
Action = Literal[
    "opened", "noted", "corrected", "judged", "told_office", "told_people", "measured", "found",
    "list_taken", "closed", "reopened",
]  # fmt: skip


class Incident(Model):
    """One breach, or what may be one.  The clock runs from `aware_at`."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of("kind", INCIDENT_KINDS, "kind_known"),
        one_of("risk", RISKS, "risk_known"),
        Index("ix_incident_aware", "aware_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[IncidentKind] = mapped_column(String(16))
    area_code: Mapped[str] = mapped_column(String(8))
    what: Mapped[str] = mapped_column(Text, info=personal("log", of="named"))
    happened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    aware_at: Mapped[datetime] = mapped_column(UtcDateTime)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"), index=True)
    risk: Mapped[Risk] = mapped_column(String(8), default="unknown")
    n_people: Mapped[int | None]  # affected, as far as known
    n_records: Mapped[int | None]
    data_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)  # keys of DATA_KINDS
    consequences: Mapped[str | None] = mapped_column(
        Text, info=personal("log", of="named")
    )  # likely ones, for who is told
    measures: Mapped[str | None] = mapped_column(Text, info=personal("log", of="named"))
    told_office_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the Commission
    told_people_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class IncidentStep(Model):
    """What was done about an incident, in the order it was.  Appended to, never changed."""

    __tablename__ = "incident_step"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    action: Mapped[str] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(Text, info=personal("log", of="named"))
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict, info=personal("log", of="named")
    )
