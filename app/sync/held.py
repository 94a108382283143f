"""Held items: received, not applied, never dropped - until their parent comes or a person decides.

A pending item waits for a record; when that comes, the item is judged like a new one.  An item in
conflict lies beside the present version.  The body goes as soon as the item is settled.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Update, and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.shared.dialects import among, insert_into, is_postgresql
from app.shared.errors import DomainError
from app.shared.ids import new_id
from app.shared.veil import either
from app.subjects.receipts import digest_of
from app.sync.held_upkeep import LATE_WORDS, OPEN, unsigned, without_person
from app.sync.items import Item
from app.sync.kinds import KINDS
from app.sync.late_words import is_about_forgotten, kept_digest
from app.sync.models import HeldItem
from app.sync.verdicts import HELD, TAKEN, Delivery, Verdict
from app.sync.versions import in_scope

MOST_PENDING = 1_000  # of one phone; more is no outbox but an attack or a slip of ours


class TooManyHeld(DomainError):
    """The phone has more items waiting than any outbox has (`max`)."""

    code = "too_many_held"


def hold(session: Session, item: Item, verdict: Verdict, by: Delivery) -> Verdict:
    """Keep an item that cannot be applied now.  Flushes.  Harmless twice: it is kept once.

    Returns the verdict, or "known" where a person has already decided about this very item.
    """
    if verdict.status == "pending" and _is_full(session, by.device_id):
        return Verdict("refused", TooManyHeld.code)
    facts = {
        "code": verdict.code,
        "state": verdict.status,
        "waits_for": verdict.waits_for,
        "body": _body(session, item, by),
    }
    held = _kept(session, item)
    if held is None:
        if _insert(session, item, by, facts | {"centre_id": _centre_of(session, item, by)}):
            return verdict
        held = _kept(session, item)
    if held is None:
        raise LookupError  # nobody deletes held items
    if held.settled_by is not None:
        return Verdict("known", version=_version_of(session, item, by))
    for name, value in facts.items():
        setattr(held, name, value)
    held.settled_at = None
    session.flush()
    return replace(verdict, received_at=held.received_at)


def settle(session: Session, judged: Iterable[tuple[Item, Verdict]], now: datetime) -> None:
    """Close what was held of these items, now that they have an answer their phone can act on."""
    answered: dict[str, list[Item]] = {"applied": [], "dismissed": []}
    for item, verdict in judged:
        if verdict.status not in HELD:
            answered["applied" if verdict.status in TAKEN else "dismissed"].append(item)
    for state, items in answered.items():
        if items:
            asked = {
                "ids": [item.id for item in items],
                "digests": [kept for item in items for kept in either(session, item.sha256)],
            }
            session.execute(
                _closing(is_postgresql(session)).values(state=state, body=None, settled_at=now),
                asked,
                execution_options={"synchronize_session": False},
            )


@cache
def _closing(on_postgresql: bool) -> Update:
    return update(HeldItem).where(
        among(HeldItem.record_id, "ids", on_postgresql),
        among(HeldItem.item_sha256, "digests", on_postgresql),
        HeldItem.state.in_(OPEN),
    )


def note_verdict(session: Session, row: HeldItem, verdict: Verdict, now: datetime) -> None:
    """Write down what came of a pending item that was tried again.

    What is refused now lies with the conflicts: its phone was told that we hold it, so a person
    must see it.
    """
    if verdict.status in TAKEN:
        row.state, row.settled_at, row.body = "applied", now, None
    elif verdict.status == "pending":
        row.waits_for = verdict.waits_for
    else:
        row.state, row.code = "conflict", verdict.code or verdict.status
    session.flush()


def concerned(connection: Connection, record_ids: Collection[UUID]) -> bool:
    """Whether anything waits for one of these records or is held of it; nearly always nothing."""
    asked = _concerned(is_postgresql(connection))
    return connection.execute(asked, {"ids": list(record_ids)}).first() is not None


@cache
def _concerned(on_postgresql: bool) -> Select[UUID]:
    waiting = and_(HeldItem.state == "pending", among(HeldItem.waits_for, "ids", on_postgresql))
    still_open = and_(HeldItem.state.in_(OPEN), among(HeldItem.record_id, "ids", on_postgresql))
    return select(HeldItem.id).where(or_(waiting, still_open)).limit(1)


def waiting_for(session: Session, record_ids: Collection[UUID]) -> Sequence[HeldItem]:
    """Pending items that wait for one of these records, in the order to try them.

    Another process that is trying one of them at this moment keeps it.
    """
    rows = session.scalars(
        select(HeldItem)
        .where(HeldItem.state == "pending", HeldItem.waits_for.in_(record_ids))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    return sorted(rows, key=_turn)


def _body(session: Session, item: Item, by: Delivery) -> dict[str, Any]:
    body: dict[str, Any] = {"item": dict(item.body), "clock_skew_s": by.clock_skew_s}
    if item.receipt_code:
        body["receipt_sha256"] = digest_of(by.seed, item.receipt_code)
    if not is_about_forgotten(session, item):
        return body
    return unsigned(without_person(body, LATE_WORDS))


def _kept(session: Session, item: Item) -> HeldItem | None:
    """The item as it is held already; its digest may have been veiled since."""
    return session.scalars(
        select(HeldItem)
        .where(
            HeldItem.record_id == item.id,
            HeldItem.item_sha256.in_(either(session, item.sha256)),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _insert(session: Session, item: Item, by: Delivery, facts: dict[str, Any]) -> bool:
    values = facts | {
        "id": new_id(),
        "device_id": by.device_id,
        "account_id": by.actor.account_id,
        "kind": item.kind,
        "op": item.op,
        "record_id": item.id,
        "item_sha256": kept_digest(session, item),
        "received_at": by.received_at,
    }
    once = insert_into(session, HeldItem).values(**values)
    once = once.on_conflict_do_nothing(index_elements=["record_id", "item_sha256"])
    return session.execute(once.returning(HeldItem.id)).first() is not None


def _is_full(session: Session, device_id: UUID) -> bool:
    counted = select(func.count(HeldItem.id)).where(
        HeldItem.device_id == device_id, HeldItem.state == "pending"
    )
    return (session.scalar(counted) or 0) >= MOST_PENDING


def _centre_of(session: Session, item: Item, by: Delivery) -> UUID | None:
    """Whose officers see it: the record's centre, else the sender's own."""
    table = KINDS[item.kind].table
    record: Any = in_scope(session, table, item.id, by.actor) if table else None
    return record.centre_id if record else by.actor.centre_id


def _version_of(session: Session, item: Item, by: Delivery) -> int | None:
    table = KINDS[item.kind].table
    record: Any = in_scope(session, table, item.id, by.actor) if table else None
    return record.version if record else None


def _turn(held: HeldItem) -> tuple[bool, int, datetime]:
    """Creates first, then edits from the lowest version up."""
    sent = (held.body or {}).get("item", {})
    return held.op != "create", sent.get("base_version") or 0, held.received_at
