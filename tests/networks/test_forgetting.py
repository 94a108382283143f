"""A member of a district's network asks to be erased: from every order, and the sector stays."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.keeping.holds import HoldDraft, place_hold
from app.keeping.models import Destruction, Erasure
from app.networks.kinds import NETWORK_ORDER
from app.networks.models import NetworkOrder
from app.records.models import RecordRevision
from app.records.service import record
from app.shared.clock import now
from app.shared.db import db
from app.shared.traces import HIDDEN
from app.shared.veil import MARK
from app.shared.work import work
from app.subjects.models import SubjectRequest
from app.subjects.service import open_request
from tests.conftest import World
from tests.networks.drafts import NOW, PROGRAMME, make_order, member

SignIn = Callable[[str], FlaskClient]
NAME, PHONE = "นายบุญมี ใจเย็น", "0812345678"


@pytest.fixture
def orders(app: Flask, world: World) -> list[UUID]:
    """Two orders of Pong that name him, one of another district that names somebody so called."""
    found = []
    with app.app_context(), work() as w:
        for district, who in (("5606", "officer"), ("5606", "officer"), ("5601", "other_officer")):
            members = [member("government", "นางสาวคนอื่น ดีงาม"), member("citizens", NAME, PHONE)]
            draft = make_order(members=members, district=district, note=f"{NAME} เป็นเลขานุการ")
            order, _ = record(
                w.session, NETWORK_ORDER, draft, actor=world[who], now=NOW, programme=PROGRAMME
            )
            found.append(order.id)
    return found


def read(app: Flask, order_id: UUID) -> str:
    """An order and its history, as text."""
    with app.app_context():
        order = db.session.get_one(NetworkOrder, order_id)
        versions = select(RecordRevision).where(RecordRevision.record_id == order_id)
        history = [(one.changes, one.reason) for one in db.session.scalars(versions)]
        return str((order.members, order.note, history))


def test_a_member_is_erased_from_every_order_of_the_district(
    app: Flask, orders: list[UUID], sign_in: SignIn
) -> None:
    client = sign_in("officer")
    page = client.get(f"/networks/{orders[0]}").text
    assert f'action="/networks/{orders[0]}/forget"' in page
    sent = {"member": "1", "version": "1", "sure": "y"}
    answer = client.post(f"/networks/{orders[0]}/forget", data=sent)
    assert answer.status_code == 303, answer.text

    for order_id in orders[:2]:
        assert NAME not in read(app, order_id)
        assert PHONE not in read(app, order_id)
    assert NAME in read(app, orders[2])  # another district's: somebody else, for all we know
    assert NAME not in client.get(answer.location).text
    with app.app_context():
        order = db.session.get_one(NetworkOrder, orders[0])
        assert [one["sector"] for one in order.members] == ["government", "citizens"]
        assert [one["name"] for one in order.members] == ["นางสาวคนอื่น ดีงาม", HIDDEN]
        assert sorted(order.sectors) == ["citizens", "government"]
        digests = select(RecordRevision.content_sha256).where(RecordRevision.record_id == order.id)
        assert all(digest.startswith(MARK) for digest in db.session.scalars(digests))
        erased = set(db.session.scalars(select(Erasure.object_id)))
        assert erased == set(orders[:2])
        assert NAME not in str(db.session.scalars(select(Erasure.about)).all())
        assert {one.cause for one in db.session.scalars(select(Destruction))} == {"officer"}


def test_nobody_is_erased_by_a_slip(app: Flask, orders: list[UUID], sign_in: SignIn) -> None:
    client = sign_in("officer")
    right = {"member": "1", "version": "1", "sure": "y"}
    wrong = ({"sure": ""}, {"member": ""}, {"member": "7"}, {"version": "9"}, {"version": "x"})
    for slip in wrong:
        answer = client.post(f"/networks/{orders[0]}/forget", data=right | slip)
        assert answer.status_code == 422, slip
        assert '<details class="fold" open' in answer.text, slip
    assert client.post(f"/networks/{orders[2]}/forget", data=right).status_code == 404
    assert sign_in("reviewer").post(f"/networks/{orders[0]}/forget", data=right).status_code == 404
    assert NAME in read(app, orders[0])


def test_a_legal_hold_keeps_all_of_them(
    app: Flask, world: World, orders: list[UUID], sign_in: SignIn
) -> None:
    with app.app_context(), work() as w:
        place_hold(w.session, HoldDraft("5606", "คดี"), actor=world["admin"], now=now())
    sent = {"member": "1", "version": "1", "sure": "y"}
    answer = sign_in("officer").post(f"/networks/{orders[0]}/forget", data=sent)
    assert answer.status_code == 422
    assert all(NAME in read(app, order_id) for order_id in orders)


def test_a_request_on_paper_is_answered_by_erasing_the_member(
    app: Flask, world: World, orders: list[UUID], sign_in: SignIn
) -> None:
    with app.app_context(), work() as w:
        asked = open_request(
            w.session, kind="forget", via="paper", area_code="5606", visit_id=None,
            asked="ขอลบชื่อจากคำสั่ง", contact=None, recorded_by=world["officer"].account_id,
            now=now(),
        )  # fmt: skip
        request_id = asked.id
    client = sign_in("officer")
    page = client.get(f"/requests/{request_id}").text
    assert page.count(NAME) == 1  # in two orders, and offered once
    value = page.split(f">{NAME}<")[0].rsplit('value="', 1)[1].split('"')[0]
    url = f"/requests/{request_id}/forget-member"
    assert client.post(url, data={"member": value}).status_code == 422
    assert client.post(url, data={"member": "x", "sure": "y"}).status_code == 422
    answer = client.post(url, data={"member": value, "sure": "y"})
    assert answer.status_code == 303, answer.text

    with app.app_context():
        assert db.session.get_one(SubjectRequest, request_id).state == "done"
        assert {one.cause for one in db.session.scalars(select(Destruction))} == {"request"}
    assert not any(NAME in read(app, order_id) for order_id in orders[:2])
    assert client.post(url, data={"member": value, "sure": "y"}).status_code == 422  # answered
