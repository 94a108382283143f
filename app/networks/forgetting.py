"""A member of a network order is erased from it: name, telephone, office; the sector stays filled.

Who it is is said by a digest of the name, so that the erasure can be written down without it and
a restored backup finds the member again.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.history import make_version, note_version
from app.keeping.service import Cause, Held, check_not_held, note_destroyed, note_erased
from app.networks.models import NetworkOrder
from app.records.models import RecordRevision
from app.shared.thai import fold
from app.shared.traces import HIDDEN, Traces

_BLANK = {"name": HIDDEN, "organisation": None, "role": None, "phone": None}


def about(order: NetworkOrder, member: dict[str, Any]) -> str:
    """Which member is meant, without the name: stretched, because names are few (scrypt)."""
    name = fold(str(member["name"])).encode()
    return hashlib.scrypt(name, salt=order.id.bytes, n=2**14, r=8, p=1, dklen=32).hex()


def forget_member(
    session: Session,
    order: NetworkOrder,
    whom: str,
    *,
    cause: Cause,
    now: datetime,
    actor_id: UUID | None,
) -> bool:
    """Erase the member called `whom` (`about`) from the order and its versions.  Flushes.

    How many members each sector has stays.  False: nobody of that name is in it.

    Raises:
        UnderLegalHold: somebody ordered that it stays.
    """
    if cause != "restored":
        check_not_held(
            session, Held("network_order", order.id, order.district_code, order.dated_on)
        )
    meant = [one for one in order.members if one["name"] != HIDDEN and about(order, one) == whom]
    if not meant:
        return False
    members = [one | _BLANK if one in meant else one for one in order.members]
    traces = [Traces(one["name"], one["phone"]) for one in meant]
    note = order.note
    for one in traces:
        note = one.hide(note)
    make_version(session, order, {"members": members, "note": note}, order.version)
    _forget_versions(session, order.id, traces)
    note_version(
        session, order, RecordRevision.record_id, "forgotten", actor_id=actor_id, now=now,
        changes={"members": None},
    )  # fmt: skip
    note_erased(session, "network_order", order.id, now=now, about=whom)
    note_destroyed(
        session, keeping="member", cause=cause, kind="network_order", object_ids=[order.id],
        now=now, area_code=order.district_code, by=actor_id,
    )  # fmt: skip
    return True


def _forget_versions(session: Session, order_id: UUID, traces: list[Traces]) -> None:
    versions = select(RecordRevision).where(RecordRevision.record_id == order_id)
    for revision in session.scalars(versions):
        for one in traces:
            one.clean(revision, ("changes", "reason"))
    session.flush()
