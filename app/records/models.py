"""What tables of records have in common, and the history of all of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.audit.history import Revision
from app.centres.models import Centre
from app.shared.db import Model
from app.shared.personal import personal
from app.shared.record import Captured, captured_constraints


class Entry(Captured):
    """Columns of every record: where it belongs.  The district stands by itself, so that a list of
    a district needs no join; `centre_id` is empty for what the district does as such.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)  # chosen by the phone, offline
    district_code: Mapped[str] = mapped_column(String(4))
    search_key: Mapped[str] = mapped_column(Text, info=personal("record", of="named"))

    @declared_attr
    def centre_id(cls) -> Mapped[UUID | None]:  # noqa: N805
        """The centre, if it is about one."""
        return mapped_column(ForeignKey("centre.id"))

    @declared_attr
    def centre(cls) -> Mapped[Centre | None]:  # noqa: N805
        """Never loaded unasked."""
        return relationship(Centre, lazy="raise")


def entry_args(table: str, day: str) -> tuple[CheckConstraint | Index, ...]:
    """Table arguments that go with `Entry`; lists go by district or centre, newest `day` first."""
    return (
        Index(f"ix_{table}_district", "district_code", day, "id"),
        Index(f"ix_{table}_centre", "centre_id", day, "id"),
        CheckConstraint("length(district_code) = 4", name="district_is_a_code"),
        *captured_constraints(),
    )


class RecordRevision(Revision, Model):
    """One version of a record of any kind: ids are never shared between kinds."""

    __tablename__ = "record_revision"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
