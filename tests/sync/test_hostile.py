"""Hostile JSON gets a refusal, everywhere, and never a server error."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.devices.models import Device
from app.shared.db import db
from app.sync.models import HeldItem
from app.visits.models import Visit
from tests.sync.contract import check_answer, operations
from tests.sync.hostile import BODIES, JSON
from tests.sync.phone_client import Phone

REFUSALS = {400, 401, 413, 415, 422}
POSTS = [op for op in operations() if op.method == "POST" and op.body_examples()]
PhoneOf = Callable[[str], Phone]


def test_the_list_is_as_long_as_it_should_be() -> None:
    assert len(BODIES) >= 40
    assert len(POSTS) >= 4


@pytest.mark.parametrize("op", POSTS, ids=lambda op: op.name)
def test_every_hostile_body_is_refused_and_nothing_is_written(
    app: Flask, phone_of: PhoneOf, op: Any
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as in production: a slip would be a 500
    phone = phone_of("volunteer")
    before = _rows(app)
    answers = {}
    for name, (body, options) in BODIES.items():
        sent = {"content_type": JSON} | options
        answer = phone.send(op.method, op.path, data=body, **sent)
        answers[name] = answer.status_code
        check_answer(op.name, answer)
    assert {name: status for name, status in answers.items() if status not in REFUSALS} == {}
    assert _rows(app) == before


@pytest.mark.parametrize("path", ["/uploads", "/rescue"])
def test_hostile_bodies_where_bytes_are_expected(app: Flask, phone_of: PhoneOf, path: str) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    phone = phone_of("volunteer")
    for name, (body, options) in BODIES.items():
        for content_type in (JSON, "application/octet-stream"):
            sent = {"content_type": content_type} | options
            answer = phone.send("POST", path, data=body, **sent)
            assert answer.status_code in REFUSALS | {412}, (name, answer.status_code)


ITEMS: dict[str, Any] = {
    "null": None,
    "a number": 7,
    "a text": "visit",
    "a list": [[[]]],
    "empty": {},
    "no id": {"kind": "visit", "op": "create", "data": {}},
    "an id that is none": {"kind": "visit", "op": "create", "id": "../../etc/passwd", "data": {}},
    "a kind that is none": {"kind": "x" * 5000, "op": "create", "id": "0" * 36, "data": {}},
    "an op that is none": {"kind": "visit", "op": "drop table", "id": "0" * 36, "data": {}},
    "data that is text": {"kind": "visit", "op": "create", "data": "SELECT 1"},
    "a version far beyond": {"kind": "visit", "op": "edit", "base_version": 2**53 - 1, "data": {}},
    "a version below": {"kind": "photo", "op": "edit", "base_version": -(2**31), "data": []},
    "a proof that is a list": {"kind": "visit", "op": "create", "captured": [1], "data": {}},
    "attachments without end": {"kind": "photo", "op": "create", "attachments": [{}] * 5000},
    "a reason that is a form": {"kind": "visit", "op": "delete", "data": {"reason": {"a": 1}}},
    "a field nobody knows": {"kind": "visit", "op": "create", "data": {"role": "admin"}},
    "formulas and tags": {"kind": "=HYPERLINK()", "op": "<script>", "data": {"'; DROP": "--"}},
}


def test_a_hostile_item_costs_only_itself(app: Flask, phone_of: PhoneOf, world: Any) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    phone = phone_of("volunteer")
    good = [phone.visit(world.centre) for _ in range(2)]
    batch = [good[0], *_with_ids(phone), good[1]]
    results = phone.post(batch)
    statuses = [result["status"] for result in results]
    assert (statuses[0], statuses[-1]) == ("created", "created")
    assert set(statuses[1:-1]) <= {"malformed", "invalid", "refused"}, statuses
    with app.app_context():
        assert db.session.scalar(select(func.count(Visit.id))) == 2


def _with_ids(phone: Phone) -> list[Any]:
    """Each item as it is, and once more with an id, which leads further in."""
    found: list[Any] = []
    for item in ITEMS.values():
        found.append(item)
        if isinstance(item, dict) and item:
            found.append(item | {"id": phone.visit_data("x")["id"]})
    return json.loads(json.dumps(found))


def _rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        tables = (Visit, HeldItem, Device, AuditEntry)
        counts = {t.__name__: select(func.count()).select_from(t) for t in tables}
        return {name: db.session.scalar(count) or 0 for name, count in counts.items()}
