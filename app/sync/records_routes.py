"""`POST /api/v1/records`: what phones recorded, a hundred at a time, each with its own answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, current_app
from sqlalchemy.exc import DBAPIError

from app.devices.access import Phone, allow_device, current_device
from app.devices.answers import api_answer, clock_facts
from app.rounds.programme import load_programme
from app.shared.clock import now
from app.shared.db import db, glance, is_away
from app.shared.decode import JsonRecord
from app.shared.errors import Malformed
from app.shared.work import Work, work
from app.sync import held
from app.sync.blueprint import bp
from app.sync.inbox import Answer, Reading, read_item, release, take, take_new
from app.sync.items import Item
from app.sync.judge import NOT_STORABLE, SLIPS
from app.sync.receipts import result_of
from app.sync.together import CREATED, NotTogether, are_new_visits
from app.sync.verdicts import Delivery, Verdict
from app.web.json_body import read_json

log = logging.getLogger(__name__)

BODY_MAX = 1024 * 1024  # bytes; a hundred visits take some 120 kB
MOST_ITEMS = 100
_FIELDS = frozenset({"items", "device_time"})
_LARGEST_SKEW_S = 2**31 - 1  # the column's limit, 68 years


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request brings, not judged yet."""

    items: Sequence[object]
    device_time: datetime


@bp.post("/records")
@allow_device
def records() -> Response:
    """Judge each item alone; commit all that can be; answer in order, with receipts."""
    phone, instant = current_device(), now()
    batch = batch_from_json(read_json(BODY_MAX))
    by = delivery(phone, instant, skew_s(batch.device_time, instant))
    answers = receive([read_item(sent) for sent in batch.items], by)
    return api_answer(clock_facts(instant) | {"results": [result_of(a, by) for a in answers]})


def batch_from_json(body: object) -> Batch:
    """Read the envelope.  Raises Malformed: then nothing at all is applied."""
    read = JsonRecord(body, _FIELDS)
    items = body.get("items") if isinstance(body, Mapping) else None
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise Malformed("items", f"list of 1 to {MOST_ITEMS}")
    device_time = read.clock("device_time")
    if device_time is None:
        raise Malformed("device_time", "instant with offset")
    return Batch(items, device_time)


def delivery(phone: Phone, instant: datetime, clock_skew_s: int | None) -> Delivery:
    """Who brings the items of this request, and when."""
    return Delivery(
        device_id=phone.device_id,
        actor=phone.actor,
        now=instant,
        received_at=instant,
        clock_skew_s=clock_skew_s,
        programme=load_programme(),
        seed=current_app.config["SETTINGS"].signing_key,
    )


def skew_s(device_time: datetime, instant: datetime) -> int:
    """How far the phone's clock is ahead of ours, as far as a column can say."""
    seconds = round((device_time - instant) / timedelta(seconds=1))
    return max(-_LARGEST_SKEW_S, min(seconds, _LARGEST_SKEW_S))


def receive(readings: Sequence[Reading], by: Delivery) -> list[Answer]:
    """Take items in and commit them, then whatever had waited for them.

    All together, since a commit each would cost ten times as much, and the quickest way first;
    should the database refuse the whole, one by one.  What was committed before the database went
    away stays, and is known when the phone sends it again.

    Raises:
        DBAPIError: the database is away; the phone gets 503 and tries again later.
    """
    ways = (_take_new, _take_quickly) if are_new_visits(readings) else (_take_quickly,)
    try:
        for way in ways:
            if (answers := _tried(way, readings, by)) is not None:
                return answers
        answers = _take_and_commit(readings, by)
    except DBAPIError as error:
        if is_away(error):
            raise
        log.warning("%d items go one by one: %s", len(readings), type(error).__name__)
        answers = [_take_alone(reading, by) for reading in readings]
    _release(_created(readings, answers), by)
    return answers


def _tried(
    way: Callable[[Sequence[Reading], Delivery], list[Answer]],
    readings: Sequence[Reading],
    by: Delivery,
) -> list[Answer] | None:
    """None, and nothing is done, where the database has something against it."""
    try:
        return way(readings, by)
    except DBAPIError as error:
        if is_away(error):
            raise
        log.info("%d items go a longer way: %s", len(readings), type(error).__name__)
    except (NotTogether, *SLIPS) as error:
        log.info("%d items go a longer way: %s", len(readings), type(error).__name__)
    return None


def _take_new(readings: Sequence[Reading], by: Delivery) -> list[Answer]:
    """One statement that writes, one question after it, on one connection."""
    created = [reading for reading in readings if isinstance(reading, Item)]
    with work(at_once=True) as w:
        answers = take_new(w.session, created, by)
        concerned = held.concerned(w.session.connection(), [item.id for item in created])
    if concerned:
        _apply_what_waited(created, by)
    return answers


def _take_quickly(readings: Sequence[Reading], by: Delivery) -> list[Answer]:
    answers = _take_and_commit(readings, by, quick=True)
    _release(_created(readings, answers), by)
    return answers


def _take_and_commit(
    readings: Sequence[Reading], by: Delivery, *, quick: bool = False
) -> list[Answer]:
    with work() as w:
        answers = take(w.session, readings, by, quick=quick)
        _ring(w, (ring for answer in answers for ring in answer.verdict.rings))
    return answers


def _take_alone(reading: Reading, by: Delivery) -> Answer:
    try:
        return _take_and_commit([reading], by)[0]
    except DBAPIError as error:
        if is_away(error):
            raise
        log.exception("an item cannot be stored")
        who = reading[0] if isinstance(reading, tuple) else reading.named
        return Answer(who, Verdict("refused", NOT_STORABLE))


def _created(readings: Sequence[Reading], answers: Sequence[Answer]) -> list[Item]:
    return [
        reading
        for reading, answer in zip(readings, answers, strict=True)
        if isinstance(reading, Item) and answer.verdict.status == "created"
    ]


def _release(created: Sequence[Item], by: Delivery) -> None:
    """Apply what waited.  Should it fail, the sweeper does it: the receipts are true either way."""
    if not created:
        return
    try:
        with glance(db.engine) as connection:
            concerned = held.concerned(connection, [item.id for item in created])
    except DBAPIError as error:
        log.warning("held items wait for the sweeper: %s", type(error).__name__)
        return
    if concerned:
        _apply_what_waited(created, by)


def _apply_what_waited(created: Sequence[Item], by: Delivery) -> None:
    try:
        with work() as w:
            held.settle(w.session, ((item, CREATED) for item in created), by.now)
            ids = {item.id for item in created}
            _ring(w, release(w.session, ids, now=by.now, seed=by.seed))
    except DBAPIError as error:
        log.warning("held items wait for the sweeper: %s", type(error).__name__)


def _ring(w: Work, rings: Iterable[tuple[str, Mapping[str, str]]]) -> None:
    for job, ids in rings:
        w.after_commit(job, **ids)
