"""What phones were given is forgotten a year after they let go of it, or were put out of use."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, delete, or_, select, tuple_
from sqlalchemy.orm import Session

from app.centres.models import Centre
from app.devices.models import CarriedContact, Device
from app.keeping.service import is_held
from app.retention.days import starts
from app.retention.disposal import Disposal
from app.visits.models import Visit

KEEPING = "device"
_QUIETLY = {"synchronize_session": False}


def carried(first_kept: date) -> Select[*tuple[Any, ...]]:
    """Whose name and number some phone has not held for so long; never what it still carries.

    A row has no id of its own: both of its ids, one after the other, are it.
    """
    area = Centre.subdistrict_code
    both = cast(CarriedContact.device_id, String) + cast(CarriedContact.visit_id, String)
    return (
        select(
            both.label("id"), area.label("area_code"),
            is_held("visit", Visit.id, area, Visit.visit_date).label("held"),
        )
        .join(Visit, Visit.id == CarriedContact.visit_id)
        .join(Centre, Centre.id == Visit.centre_id)
        .where(_is_over(first_kept))
    )  # fmt: skip


def drop_carried(session: Session, ids: Collection[str], now: datetime) -> list[str]:
    """Nobody asks any more who was on that phone then."""
    del now
    pairs = [(UUID(both[: len(both) // 2]), UUID(both[len(both) // 2 :])) for both in ids]
    row = tuple_(CarriedContact.device_id, CarriedContact.visit_id)
    session.execute(delete(CarriedContact).where(row.in_(pairs)), execution_options=_QUIETLY)
    return []


def _is_over(first_kept: date) -> ColumnElement[bool]:
    """A phone out of use may have kept what it never let go of; its time runs from then."""
    before = starts(first_kept)
    out_of_use = select(Device.id).where(Device.revoked_at < before)
    never = CarriedContact.let_go_at.is_(None) & CarriedContact.device_id.in_(out_of_use)
    return or_(CarriedContact.let_go_at < before, never)


DISPOSALS = (Disposal(KEEPING, "carried_contact", carried, drop_carried),)
