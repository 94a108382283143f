"""Twenty at once, and a database that fails: one row, an honest answer, nothing half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import DataError, OperationalError

from app.audit.models import AuditEntry
from app.devices.models import CaptureProof
from app.followups.models import Followup
from app.shared.db import db
from app.shared.ids import new_id
from app.sync.jobs import sweep_held
from app.sync.models import HeldItem
from app.visits.models import Visit, VisitRevision
from tests.conftest import World
from tests.sync.phone_client import Item, Phone
from tests.sync.rows import count, rows, statuses

PhoneOf = Callable[[str], Phone]
AT_ONCE = 20


def at_once(app: Flask, phone: Phone, batches: list[list[Item]]) -> list[list[dict[str, Any]]]:
    """Send these batches of one phone at the same moment; every answer is checked."""
    start = Barrier(len(batches))

    def send(items: list[Item]) -> list[dict[str, Any]]:
        client = app.test_client(use_cookies=False)
        body = {"items": items, "device_time": datetime.now(UTC).isoformat()}
        start.wait()
        answer = client.post(
            "/api/v1/records", json=body, headers={"Authorization": f"Bearer {phone.token}"}
        )
        assert answer.status_code == 200, answer.text
        for item, result in zip(items, answer.json["results"], strict=True):
            phone.check(item, result)
        return list(answer.json["results"])

    with ThreadPoolExecutor(len(batches)) as pool:
        return list(pool.map(send, batches))


def test_twenty_posts_of_one_item_are_one_row(app: Flask, world: World, phone_of: PhoneOf):
    phone = phone_of("volunteer")
    item = phone.visit(world.centre)
    answers = at_once(app, phone, [[item]] * AT_ONCE)
    assert Counter(a[0]["status"] for a in answers) == {"created": 1, "known": AT_ONCE - 1}
    assert (count(app, Visit), count(app, VisitRevision), count(app, CaptureProof)) == (1, 1, 1)


def test_twenty_contents_of_one_id_are_one_row_and_nineteen_held(
    app: Flask, world: World, phone_of: PhoneOf
):
    phone = phone_of("volunteer")
    first = phone.visit_data(world.centre)
    items = [phone.item("visit", "create", first | {"n_male": n + 1}) for n in range(AT_ONCE)]
    answers = at_once(app, phone, [[item] for item in items])
    assert Counter(a[0]["status"] for a in answers) == {"created": 1, "conflict": AT_ONCE - 1}
    assert (count(app, Visit), count(app, HeldItem)) == (1, AT_ONCE - 1)


def test_twenty_replays_of_an_edit_make_one_version(app: Flask, world: World, phone_of: PhoneOf):
    phone = phone_of("volunteer")
    first = phone.visit(world.centre)
    phone.put(first)
    edit = phone.edit("visit", first["data"] | {"n_male": 5}, 1)
    answers = at_once(app, phone, [[edit]] * AT_ONCE)
    assert Counter(a[0]["status"] for a in answers) == {"created": 1, "known": AT_ONCE - 1}
    assert count(app, VisitRevision) == 2
    assert count(app, HeldItem) == 0


def test_twenty_batches_in_every_order_end_in_one_of_each(
    app: Flask, world: World, phone_of: PhoneOf
):
    phone = phone_of("volunteer")
    visits = [phone.visit(world.centre) for _ in range(3)]
    checks = [phone.followup(visit["id"]) for visit in visits]
    seen = {"visit_id": visits[0]["id"], "seen_at": "2024-02-13T10:00:00+07:00"}
    look = phone.item("contact_seen", "create", seen, record_id=new_id())
    items = [*visits, *checks, look]
    batches = [items[n % 7 :] + items[: n % 7] for n in range(AT_ONCE)]
    for answers in at_once(app, phone, batches):
        assert set(statuses(answers)) <= {"created", "known"}
    assert (count(app, Visit), count(app, Followup)) == (3, 3)
    assert count(app, AuditEntry, AuditEntry.action == "visit.contact_seen") == 1
    assert count(app, CaptureProof) == 7


def test_a_child_and_its_parent_at_the_same_moment_end_together(
    app: Flask, world: World, phone_of: PhoneOf
):
    phone = phone_of("volunteer")
    visits = [phone.visit(world.centre) for _ in range(10)]
    checks = [phone.followup(visit["id"]) for visit in visits]
    at_once(app, phone, [[item] for pair in zip(visits, checks, strict=True) for item in pair])
    with app.app_context():
        sweep_held()
        db.session.remove()
    assert (count(app, Followup), count(app, HeldItem, HeldItem.state == "pending")) == (10, 0)


class Gone(Exception):
    """What a driver raises when its server is not there."""

    sqlstate = "57P01"


class Deadlock(Exception):
    """What it raises when two transactions wait for each other."""

    sqlstate = "40P01"


@contextmanager
def failing(app: Flask, statement: str, errors: Iterable[Exception | None]) -> Iterator[None]:
    """Let the statements that say so fail in turn, as a database does; None: this one works."""
    turns = iter(errors)

    def fail(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if statement in sql and (error := next(turns, None)):
            raise OperationalError(sql, {}, error)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def test_a_database_that_is_away_is_told_with_when_to_come_again(
    app: Flask, world: World, phone_of: PhoneOf
):
    phone = phone_of("volunteer")
    items = [phone.visit(world.centre) for _ in range(3)]
    body = {"items": items, "device_time": datetime.now(UTC).isoformat()}
    with failing(app, "INSERT INTO visit_revision", [Gone()]):
        answer = phone.send("POST", "/records", json=body)
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert answer.headers["Lakthan-Api"] == "1"
    assert count(app, Visit) == 0
    assert statuses(phone.post(items)) == ["created"] * 3


def test_a_phone_is_told_to_come_again_when_the_database_is_away_from_the_start(
    app: Flask, world: World, phone_of: PhoneOf
):
    phone = phone_of("volunteer")
    body = {"items": [phone.visit(world.centre)], "device_time": datetime.now(UTC).isoformat()}
    with failing(app, "SELECT", [Gone()] * 9):
        answer = phone.send("POST", "/records", json=body)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


def test_a_page_says_so_too_and_needs_no_database_for_it(
    app: Flask, sign_in: Callable[[str], FlaskClient]
):
    client = sign_in("officer")
    with failing(app, "SELECT", [Gone()] * 9):
        answer = client.get("/visits")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Retry-After"]


def test_a_batch_that_loses_a_race_is_taken_one_by_one(app: Flask, world: World, phone_of: PhoneOf):
    phone = phone_of("volunteer")
    items = [phone.visit(world.centre) for _ in range(3)]
    with failing(app, "INSERT INTO visit_revision", [Deadlock(), None, Deadlock()]):
        assert statuses(phone.post(items)) == ["created"] * 3
    assert (count(app, Visit), count(app, VisitRevision)) == (3, 3)


def test_items_committed_before_the_database_went_away_are_known_next_time(
    app: Flask, world: World, phone_of: PhoneOf
):
    phone = phone_of("volunteer")
    items = [phone.visit(world.centre) for _ in range(4)]
    body = {"items": items, "device_time": datetime.now(UTC).isoformat()}
    turns = [*(Deadlock() for _ in range(3)), None, None, Gone()]  # three ways, then one by one
    with failing(app, "INSERT INTO visit_revision", turns):
        assert phone.send("POST", "/records", json=body).status_code == 503
    assert count(app, Visit) == 2
    assert statuses(phone.post(items)) == ["known"] * 2 + ["created"] * 2


def test_an_item_that_the_database_will_not_take_costs_only_itself(
    app: Flask, world: World, phone_of: PhoneOf, caplog: pytest.LogCaptureFixture
):
    phone = phone_of("volunteer")
    items = [phone.visit(world.centre, n_male=n) for n in (1, 2, 3)]

    bad = UUID(items[1]["id"]).hex

    def poison(_c: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        if "INSERT INTO visit_revision" in sql and bad in _hex(values):
            raise DataError(sql, {}, Exception("out of range"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", poison)
    try:
        results = phone.post(items)
    finally:
        event.remove(engine, "before_cursor_execute", poison)
    assert statuses(results) == ["created", "refused", "created"]
    assert results[1]["code"] == "not_storable"
    assert sorted(visit.n_male for visit in rows(app, Visit)) == [1, 3]
    assert phone.put(items[1])["status"] == "created"


def _hex(values: Any) -> str:
    """A statement's parameters as one text, with ids in one spelling on both databases."""
    return str(values).replace("-", "")
