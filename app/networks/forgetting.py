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

from app.audit.history import StaleVersion, make_version, note_version, veil_contents
from app.devices.veiling import veil_proofs
from app.keeping.service import Cause, Held, check_not_held, note_destroyed, note_erased
from app.networks.models import NetworkOrder
from app.records.models import RecordRevision
from app.shared.errors import NotFound
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
    veil_contents(session, order, RecordRevision.record_id)
    veil_proofs(session, "network_order", [order.id])
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


def forget_named(
    session: Session,
    order: NetworkOrder,
    place: int,
    *,
    expected_version: int,
    now: datetime,
    actor_id: UUID,
    cause: Cause = "officer",
) -> int:
    """Erase the member at `place` of the order, from every order of the district that names them.

    A review begins with the members of the order before, so one person stands in several; those
    struck out are among them.  Returns from how many orders.  Flushes.

    Raises:
        NotFound: nobody is at that place.
        StaleVersion: the order changed since somebody looked, and with it who is at that place.
        UnderLegalHold: somebody ordered that one of them stays; then all do.
    """
    if order.version != expected_version:
        raise StaleVersion(version=order.version)
    named = [one["name"] for one in order.members[place : place + 1] if one["name"] != HIDDEN]
    if place < 0 or not named:
        raise NotFound(kind="member")
    wanted = fold(str(named[0]))
    orders = select(NetworkOrder).where(NetworkOrder.district_code == order.district_code)
    erased = 0
    for one in session.scalars(orders.order_by(NetworkOrder.id)).all():
        found = next((each for each in one.members if fold(str(each["name"])) == wanted), None)
        if found is not None:
            erased += forget_member(
                session, one, about(one, found), cause=cause, now=now, actor_id=actor_id
            )
    return erased


def _forget_versions(session: Session, order_id: UUID, traces: list[Traces]) -> None:
    versions = select(RecordRevision).where(RecordRevision.record_id == order_id)
    for revision in session.scalars(versions):
        for one in traces:
            one.clean(revision, ("changes", "reason"))
    session.flush()
