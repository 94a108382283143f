"""A code that a phone made without a network comes with its visit, and costs none."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from app.shared.db import db
from app.subjects.models import ReceiptCode
from app.subjects.receipts import digest_of
from app.sync.models import HeldItem
from app.visits.models import Visit
from tests.conftest import World
from tests.sync.conftest import phone_of  # noqa: F401 - a fixture
from tests.sync.phone_client import Phone

CODE, OTHER = "7K3Q9XWD2M4P", "0123456789AB"
PhoneOf = Callable[[str], Phone]


def kept(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = db.session.scalars(select(ReceiptCode))
        return {row.code_sha256: str(row.visit_id) for row in rows}


def test_it_comes_with_the_visit_and_is_no_part_of_its_hash(
    app: Flask,
    world: World,
    phone_of: PhoneOf,  # noqa: F811
):
    phone = phone_of("volunteer")
    visit = phone.visit(world.centre)
    result = phone.put(visit | {"receipt_code": CODE})  # the client checks hash and receipt
    assert result["status"] == "created"
    assert kept(app) == {digest_of("A" * 43, CODE): visit["id"]}
    assert phone.put(visit | {"receipt_code": CODE})["status"] == "known"
    assert len(kept(app)) == 1


def test_another_visits_code_is_not_taken_and_the_visit_is(
    app: Flask,
    world: World,
    phone_of: PhoneOf,  # noqa: F811
):
    phone = phone_of("volunteer")
    first, second = phone.visit(world.centre), phone.visit(world.centre, n_male=1)
    phone.put(first | {"receipt_code": CODE})
    assert phone.put(second | {"receipt_code": CODE})["status"] == "created"
    assert kept(app) == {digest_of("A" * 43, CODE): first["id"]}


def test_what_is_no_code_is_refused_as_malformed(
    app: Flask,
    world: World,
    phone_of: PhoneOf,  # noqa: F811
):
    phone = phone_of("volunteer")
    for wrong in ("", "7k3q9xwd2m4p", "7K3Q", 12, ["x"]):
        visit = phone.visit(world.centre)
        assert phone.put(visit | {"receipt_code": wrong})["status"] == "malformed", wrong
    assert kept(app) == {}


def test_a_visit_without_consent_gets_no_code(
    app: Flask,
    world: World,
    phone_of: PhoneOf,  # noqa: F811
):
    phone = phone_of("volunteer")
    nobody = phone.visit(world.centre, consent_followup=False, leader_name=None, phone=None)
    assert phone.put(nobody | {"receipt_code": CODE})["status"] == "created"
    assert kept(app) == {}


def test_an_edit_that_waits_holds_only_the_digest_and_brings_it_when_it_is_judged(
    app: Flask,
    world: World,
    phone_of: PhoneOf,  # noqa: F811
):
    phone = phone_of("volunteer")
    create = phone.visit(world.centre)
    data = dict(create["data"], n_male=21)
    edit = phone.edit("visit", data, 1) | {"receipt_code": OTHER}
    assert phone.put(edit)["status"] == "pending"
    with app.app_context():
        held = db.session.scalars(select(HeldItem)).one()
        assert OTHER not in str(held.body)
    assert phone.put(create)["status"] == "created"
    with app.app_context():
        visit = db.session.scalars(select(Visit)).one()
    if visit.version == 2:  # judged with its parent; else the sweeper does
        assert digest_of("A" * 43, OTHER) in kept(app)
