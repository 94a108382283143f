"""Phones against a server that is killed, and phones that all say the same thing at once.

Short forms run with the suite; `make test-faults` runs them at full length (LAKTHAN_FAULTS=full).
"""

from __future__ import annotations

import http.client
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.shared.db import db
from app.visits.models import Visit
from tests.conftest import PASSWORD, World
from tests.faults.field import FULL
from tests.faults.wire import WireClient
from tests.plugins.product import Product
from tests.sync.phone_client import Phone, Refused

LINE_BROKE = (OSError, http.client.HTTPException, Refused)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_800 if FULL else 180)]


def _phone(address: str, who: str = "volunteer") -> Phone:
    phone = Phone(WireClient(address))  # type: ignore[arg-type]
    phone.enrol(who, PASSWORD)
    return phone


def _stored(app: Flask) -> int:
    with app.app_context():
        count = db.session().scalar(select(func.count(Visit.id)))
        db.session.remove()
        return int(count or 0)


def test_twenty_phones_that_say_the_same_at_once_are_one_record(
    app: Flask, world: World, start_product: Callable[..., Product]
) -> None:
    records = 200 if FULL else 10
    product = start_product("web")
    phone = _phone(product.address)
    with ThreadPoolExecutor(20) as pool:
        for _ in range(records):
            item = phone.visit(world.centre)
            said = Counter(r["status"] for r in pool.map(phone.put, [item] * 20))
            assert said == {"created": 1, "known": 19}
    assert _stored(app) == records


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_receipted_is_there_once_however_often_the_server_is_killed(
    app: Flask, world: World, start_product: Callable[..., Product]
) -> None:
    kills, records, seed = (200, 2_000, 2567) if FULL else (6, 60, 2567)
    chance = random.Random(seed)
    product = start_product("web")
    phone = _phone(product.address)
    waiting = [phone.visit(world.centre) for _ in range(records)]
    receipted: set[str] = set()
    up, done = Event(), Event()
    up.set()

    def send() -> None:
        """As an outbox does: what has no receipt is sent again, whatever happened before."""
        while missing := [item for item in waiting if item["id"] not in receipted]:
            up.wait(60)
            try:
                results = phone.post(chance.sample(missing, min(len(missing), 7)))
            except LINE_BROKE:
                continue
            receipted.update(r["id"] for r in results if r["status"] in ("created", "known"))
        done.set()

    sender = Thread(target=send)
    sender.start()
    killed = 0
    while killed < kills and not done.wait(chance.uniform(0, 0.1)):
        up.clear()
        product.kill("web")
        product.start("web")
        up.set()
        killed += 1
    sender.join(120)
    assert done.is_set()
    assert receipted == {item["id"] for item in waiting}
    assert _stored(app) == records
    assert killed > 0
    _ask_again(phone, waiting)


def _ask_again(phone: Phone, items: list[dict[str, Any]]) -> None:
    """Everything receipted is known, under the same digest."""
    for start in range(0, len(items), 100):
        statuses = {r["status"] for r in phone.post(items[start : start + 100])}
        assert statuses == {"known"}
