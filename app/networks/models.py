"""The network orders' table."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.records.models import Entry, entry_args
from app.shared.db import Model
from app.shared.personal import personal


class NetworkOrder(Entry, Model):
    """One order of a district, with its members.  The newest of a fiscal year is in force; its
    scanned file is a document that belongs to it.
    """

    __tablename__ = "network_order"
    __table_args__ = (
        CheckConstraint("centre_id IS NULL", name="of_a_district"),
        *entry_args("network_order", "dated_on"),
    )

    dated_on: Mapped[date]
    fiscal_year: Mapped[int]  # Buddhist era
    order_no: Mapped[str] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(String(20))  # appointed anew, or reviewed
    # name, organisation, sector, role, phone: an office's list, shown to those who see the district
    members: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, info=personal("member", of="member")
    )
    sectors: Mapped[list[str]] = mapped_column(JSON)  # those that have a member
    note: Mapped[str | None] = mapped_column(Text, info=personal("record", of="named"))
