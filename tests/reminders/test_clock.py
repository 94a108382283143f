"""Clock, queue and worker as they really run: nobody has to start a reminder by hand."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.reminders.models import Reminder
from app.shared.clock import now
from app.shared.db import db
from config import Settings
from tests.conftest import World
from tests.plugins.product import Product
from tests.reminders.conftest import send_in

SOON_S = 60


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_clock_makes_up_for_a_bell_that_was_lost(
    app: Flask, world: World, settings: Settings, redis_url: str,
    start_product: Callable[..., Product],
) -> None:  # fmt: skip
    with app.app_context():
        send_in(world, state="returned", at=now())
    start_product("worker", "clock", REDIS_URL=redis_url)
    deadline = time.monotonic() + SOON_S
    kinds: list[str] = []
    while not kinds and time.monotonic() < deadline:
        with app.app_context():
            mine = select(Reminder.kind).where(Reminder.account_id == world["officer"].account_id)
            kinds = list(db.session.scalars(mine))
            db.session.remove()
        time.sleep(0.1)  # between two looks; the worker tells this process nothing
    assert kinds == ["returned"]
