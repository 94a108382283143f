"""The areas' table."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model

AreaKind = Literal["province", "district", "subdistrict"]


class Area(Model):
    """One official area.  `lat`, `lon` (WGS 84) are for centring a map, never for a fence."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("kind in ('province','district','subdistrict')", name="kind_known"),
    )

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    kind: Mapped[AreaKind] = mapped_column(String(12))
    name_th: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    postcode: Mapped[str | None] = mapped_column(String(5))
    lat: Mapped[float]
    lon: Mapped[float]

    def name_in(self, locale: str) -> str:
        """The name in `locale` (`th` or `en`)."""
        return self.name_th if locale == "th" else self.name_en
