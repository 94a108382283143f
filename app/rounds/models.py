"""Tables: programme files kept with their versions, and quarters that are closed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.ids import new_id
from app.shared.personal import personal


class ProgrammeVersion(Model):
    """One version of a programme file as the administrator saved it; never changed afterwards.

    In force is, of a fiscal year, the one published last; a file shipped with the product counts as
    published before all of them.
    """

    __tablename__ = "programme_version"
    __table_args__ = (
        Index("ix_programme_version_year", "fiscal_year", "published_at"),
        Index("uq_programme_version_name", "key", "fiscal_year", "version", unique=True),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_whole"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(30))
    fiscal_year: Mapped[int]
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)  # YAML, as typed
    note: Mapped[str | None] = mapped_column(String(300))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(String(300))  # why it was put in force

    @property
    def name(self) -> str:
        """As `Programme.name`: `khok_nong_na_2567.2`."""
        return f"{self.key}_{self.fiscal_year}.{self.version}"


class QuarterSeal(Model):
    """A district's quarter that is closed: what counts for it does not change any more.

    Opened again, the row stays and says by whom and why; closing it once more is a new row.
    """

    __tablename__ = "quarter_seal"
    __table_args__ = (
        Index(
            "uq_quarter_seal_closed", "district_code", "quarter", unique=True,
            sqlite_where=text("unsealed_at IS NULL"),
            postgresql_where=text("unsealed_at IS NULL"),
        ),
        CheckConstraint("(unsealed_at IS NULL) = (unsealed_by IS NULL)", name="unsealed_whole"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district_code: Mapped[str] = mapped_column(String(4))
    quarter: Mapped[str] = mapped_column(String(6))  # 2567Q1
    reason: Mapped[str] = mapped_column(String(300), info=personal("record", of="named"))
    sealed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unsealed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    unsealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unseal_reason: Mapped[str | None] = mapped_column(
        String(300), info=personal("record", of="named")
    )
