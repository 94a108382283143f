"""The inbox: items are judged in turn, held where they must wait, and answered with receipts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.service import actor_of
from app.rounds.programme import load_programme
from app.shared.dialects import among, is_postgresql
from app.shared.errors import Malformed
from app.sync import held
from app.sync.items import Item, Named, item_from_json, named
from app.sync.judge import judge
from app.sync.kinds import KINDS, turn_of
from app.sync.models import HeldItem
from app.sync.proofs import keys_of, proofs_of
from app.sync.receipts import NO_BLOBS, Blobs, blobs_of
from app.sync.together import CREATED, NotTogether, Plain, plain_visits
from app.sync.together import write as write_together
from app.sync.verdicts import HELD, TAKEN, Delivery, Present, Seen, Verdict

Reading = Item | tuple[Named, Verdict]  # what could not be read has its verdict already
Rings = list[tuple[str, Mapping[str, str]]]  # jobs to send once it is committed


@dataclass(frozen=True, slots=True)
class Answer:
    """What one item is told: its verdict, and what the server has of it."""

    named: Named
    verdict: Verdict
    current: Present | None = None
    blobs: Blobs = NO_BLOBS


def read_item(sent: object) -> Reading:
    """Read one item; one that cannot be read is answered, and costs only itself."""
    try:
        return item_from_json(sent)
    except Malformed as error:
        return named(sent), Verdict.of(error)


def take(
    session: Session, readings: Sequence[Reading], by: Delivery, *, quick: bool = False
) -> list[Answer]:
    """Judge every item and keep what must wait.  Flushes; answers come in the order asked.

    Nothing may be told before the caller has committed.  `quick`: new entries of the visitor book
    are written together where they follow one another; the outcome is the same.  Raises DBAPIError.
    """
    places = [place for place, reading in enumerate(readings) if isinstance(reading, Item)]
    items: dict[int, Item] = {place: readings[place] for place in places}  # type: ignore[misc]
    by = replace(by, seen=_look(session, items.values(), by.device_id))
    plain = plain_visits(session, items, by) if quick else Plain()
    turns = sorted(places, key=lambda place: turn_of(items[place]))
    answers: dict[int, Answer] = {}
    for together, run in groupby(turns, key=lambda place: place in plain.drafts):
        told = _take_together if together else _take_each
        answers |= told(session, {place: items[place] for place in run}, plain, by)
    held.settle(session, ((items[place], answers[place].verdict) for place in places), by.now)
    return [
        answers[place] if isinstance(reading, Item) else Answer(*reading)
        for place, reading in enumerate(readings)
    ]


def take_new(session: Session, items: Sequence[Item], by: Delivery) -> list[Answer]:
    """Write entries that are all said to be new (`are_new_visits`) without looking first.

    One statement writes, and nothing else: whoever calls need not open a transaction, but must ask
    afterwards what is held of them.  Should one have come before, the keys of its row and of its
    proof say so, as they do when two requests bring it at once.

    Raises:
        NotTogether, DBAPIError: they are not all new or not all plain, and nothing is written.
    """
    by = replace(by, seen=Seen(keys=keys_of(session, by.device_id)))
    numbered = dict(enumerate(items))
    plain = plain_visits(session, numbered, by)
    if len(plain.drafts) < len(items):
        raise NotTogether
    turns = sorted(numbered, key=lambda place: turn_of(items[place]))
    answers = _take_together(session, {place: items[place] for place in turns}, plain, by)
    return [answers[place] for place in numbered]


def release(session: Session, record_ids: Collection[UUID], *, now: datetime, seed: str) -> Rings:
    """Judge again what waited for these records, and what waited for that in turn.

    Returns the jobs to ring for.  Each item acts as the account and the phone that it came from.
    Flushes.  Harmless twice.
    """
    rings: Rings = []
    come = set(record_ids)
    while come:
        waiting, come = held.waiting_for(session, come), set()
        for row in waiting:
            verdict = _try_again(session, row, now, seed)
            rings += verdict.rings
            if verdict.status == "created":
                come.add(row.record_id)
    return rings


def _look(session: Session, items: Collection[Item], device_id: UUID) -> Seen:
    keys = keys_of(session, device_id)
    if not items:
        return Seen(keys=keys)
    stored: set[UUID] = set()
    for name, kind in KINDS.items():
        ids = [item.id for item in items if item.kind == name and item.op == "create"]
        if ids and kind.table is not None:
            stored.update(
                session.scalars(_stored(kind.table, is_postgresql(session)), {"ids": ids})
            )
    return Seen(proofs_of(session, items), frozenset(stored), keys)


@cache
def _stored(table: Any, on_postgresql: bool) -> Select[UUID]:
    return select(table.id).where(among(table.id, "ids", on_postgresql))


def _take_together(
    session: Session, items: Mapping[int, Item], plain: Plain, by: Delivery
) -> dict[int, Answer]:
    sent = [(item, plain.drafts[place]) for place, item in items.items()]
    write_together(session, sent, plain.places, by)
    return {place: Answer(item.named, CREATED) for place, item in items.items()}


def _take_each(
    session: Session, items: Mapping[int, Item], _plain: Plain, by: Delivery
) -> dict[int, Answer]:
    return {place: _take_one(session, item, by) for place, item in items.items()}


def _take_one(session: Session, item: Item, by: Delivery) -> Answer:
    verdict = judge(session, item, by)
    if verdict.status in HELD:
        verdict = held.hold(session, item, verdict, by)
    current = None
    if verdict.status == "conflict":
        current = KINDS[item.kind].present(session, item, by.actor)
        verdict = replace(verdict, version=current.version if current else None)
    blobs = blobs_of(session, item, by) if verdict.status in TAKEN | HELD else NO_BLOBS
    return Answer(item.named, verdict, current, blobs)


def _try_again(session: Session, row: HeldItem, now: datetime, seed: str) -> Verdict:
    sent = row.body or {}
    item = replace(
        item_from_json(sent["item"]),
        sha256=row.item_sha256,
        receipt_sha256=sent.get("receipt_sha256"),
    )
    by = Delivery(
        device_id=row.device_id,
        actor=actor_of(session.get_one(Account, row.account_id)),
        now=now,
        received_at=row.received_at,
        clock_skew_s=sent.get("clock_skew_s"),
        programme=load_programme(),
        seed=seed,
        seen=_look(session, [item], row.device_id),
    )
    verdict = judge(session, item, by)
    held.note_verdict(session, row, verdict, now)
    return verdict
