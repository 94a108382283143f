"""The centres' table."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.areas.models import Area
from app.shared.db import Model, UtcDateTime
from app.shared.geo import DEFAULT_RADIUS_M, PositionSource
from app.shared.ids import new_id
from app.shared.personal import personal

CentreStatus = Literal["active", "paused", "closed"]


class Centre(Model):
    """One learning centre.  Never deleted: it is paused or closed, with its records kept."""

    __tablename__ = "centre"
    __table_args__ = (
        CheckConstraint("lat between -90 and 90 and lon between -180 and 180", name="on_earth"),
        CheckConstraint("radius_m between 50 and 5000", name="radius_sane"),
        CheckConstraint("status in ('active','paused','closed')", name="status_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    name_key: Mapped[str] = mapped_column(Text)
    steward_name: Mapped[str | None] = mapped_column(
        String(120), info=personal("record", of="steward")
    )
    phone: Mapped[str | None] = mapped_column(
        String(24), info=personal("record", of="steward")
    )  # with its extension
    # A key of the programme; SQLite does not count characters, so only PostgreSQL was widened.
    plot_class: Mapped[str] = mapped_column(String(8).with_variant(String(20), "postgresql"))
    status: Mapped[CentreStatus] = mapped_column(String(8), default="active")
    subdistrict_code: Mapped[str] = mapped_column(ForeignKey("area.code"), index=True)
    moo: Mapped[int | None]
    village: Mapped[str | None] = mapped_column(String(80), info=personal("record", of="steward"))
    lat: Mapped[float]
    lon: Mapped[float]
    radius_m: Mapped[float] = mapped_column(default=DEFAULT_RADIUS_M)
    position_source: Mapped[PositionSource] = mapped_column(String(8), default="pin")
    size_rai: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    budget_source: Mapped[str | None] = mapped_column(String(160))
    budget_year: Mapped[int | None]  # fiscal year, Buddhist era
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    subdistrict: Mapped[Area] = relationship(lazy="raise")

    @property
    def district_code(self) -> str:
        """The four-digit code of the centre's district."""
        return self.subdistrict_code[:4]
