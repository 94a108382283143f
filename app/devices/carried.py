"""Which visitors' names a phone carries: noted as they leave, for the day it is lost."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.devices.models import CarriedContact
from app.shared.record import take_turn

_BATCH = 400  # ids in one statement: SQLite takes 32,766 values, PostgreSQL plans a list


def note_carried(
    session: Session, device_id: UUID, visit_ids: Collection[UUID], *, now: datetime
) -> None:
    """Note that the phone carries these visitors from now on, and no others.

    Only what differs is written, so a day's pulls cost a handful of rows.  A list that is sent
    again, because its answer was lost, writes nothing.
    """
    take_turn(session, device_id)  # two pulls of one phone at once would insert the same row
    wanted = set(visit_ids)
    rows = session.execute(
        select(CarriedContact.visit_id, CarriedContact.let_go_at).where(
            CarriedContact.device_id == device_id
        )
    )
    known = {visit_id: let_go_at for visit_id, let_go_at in rows}  # noqa: C416 - rows, not pairs
    carried = {visit_id for visit_id, let_go_at in known.items() if let_go_at is None}
    _set(session, device_id, carried - wanted, now)
    _set(session, device_id, (wanted - carried) & known.keys(), None)
    fresh = [
        {"device_id": device_id, "visit_id": visit_id, "given_at": now, "let_go_at": None}
        for visit_id in sorted(wanted - known.keys())
    ]
    if fresh:
        session.execute(insert(CarriedContact), fresh)


def _set(
    session: Session, device_id: UUID, visit_ids: Collection[UUID], let_go_at: datetime | None
) -> None:
    ids = sorted(visit_ids)
    for start in range(0, len(ids), _BATCH):
        session.execute(
            update(CarriedContact)
            .where(
                CarriedContact.device_id == device_id,
                CarriedContact.visit_id.in_(ids[start : start + _BATCH]),
            )
            .values(let_go_at=let_go_at)
            .execution_options(synchronize_session=False)
        )
