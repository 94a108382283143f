"""A phone that is lost, whose person left or works elsewhere: what it shows, keeps and sends.

reliability.md A 107, 116 and P 35; domain.md 2.5 ("this phone was lost").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts.models import Account
from app.devices.models import Device
from app.incidents.models import Incident
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from tests.conftest import PASSWORD, World
from tests.faults.field import visits
from tests.phone.closed import NAME, NEEDLES, booked, shown_needles, sign_in_at
from tests.phone.profile_search import found_in
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
UNSENT = "คณะที่ยังไม่ได้ส่ง"
TOLD = """async () => {
  const asked = indexedDB.open("lakthan");
  const db = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const rows = db.transaction("pulled").objectStore("pulled").getAllKeys();
  const keys = await new Promise((done) => { rows.onsuccess = () => done(rows.result); });
  db.close();
  return keys.map((key) => key[1]);
}"""


def _enrol(handset: Handset, who: str) -> None:
    page = handset.page
    page.fill("#login", who)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("[data-part=done]")).to_be_visible()


def _shows_only_the_way_in(handset: Handset, visit_id: UUID) -> None:
    for path in ("/phone", "/phone/followups", f"/phone/followups/new?visit={visit_id}",
                 "/phone/visits", "/phone/outbox"):  # fmt: skip
        page = handset.open(path)
        expect(page.locator(".screen--enrol:not(.screen--opening)")).to_be_visible()
        assert not shown_needles(page)
        assert UNSENT not in page.content()


@pytest.fixture
def phone(
    app: Flask, world: World, line: FaultProxy, make_handset: Callable[..., Handset]
) -> tuple[Handset, UUID]:
    """A volunteer's phone out of reach: a number to call was looked up, two visits are not sent."""
    visit_id = booked(app, world)
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    page = handset.open(f"/phone/followups/new?visit={visit_id}")
    page.click("[data-reveal]")
    expect(page.get_by_text(NAME)).to_be_visible()
    handset.await_that(lambda: set(handset.states()) == {"received"})  # that they looked
    line.refuse = True
    line.cut_all()
    for number in (1, 2):
        handset.log_visit(f"{UNSENT} {number}")
    return handset, visit_id


def _unsent(handset: Handset) -> int:
    return sum(n for state, n in handset.states("visit").items() if state != "received")


def test_a_lost_phone_shows_nothing_more_and_what_it_had_not_sent_comes_when_it_is_found(
    app: Flask, phone: tuple[Handset, UUID], line: FaultProxy, page_at: Callable[..., Page]
) -> None:
    handset, visit_id = phone
    desk, office = page_at(1280), line.address
    line.refuse = False  # for the desk; the phone hears of it too
    handset.switch_off()
    with app.app_context():
        device_id = db.session.scalars(select(Device.id)).one()
        db.session.remove()
    sign_in_at(desk, office, "officer")
    desk.goto(f"{office}/devices/{device_id}")
    desk.click("form[action$='/lost'] button")
    desk.click("[data-confirm-dialog] button[value=yes]")
    desk.wait_for_url("**/incidents/**")
    expect(desk.get_by_text(NAME)).to_have_count(0)  # masked, also here

    handset.switch_on()
    page = handset.open("/phone/followups")
    expect(page.locator(".screen--enrol:not(.screen--opening)")).to_be_visible()
    expect(page.locator("[data-slot=waiting]")).to_contain_text("สำนักงาน")
    _shows_only_the_way_in(handset, visit_id)
    assert page.evaluate(TOLD) == []
    assert _unsent(handset) == 2
    for path in ("/visits", f"/visits/{visit_id}"):
        page = handset.open(path)
        assert not shown_needles(page)
    handset.switch_off()
    assert found_in(handset.folder, NEEDLES | {UNSENT}) == {}

    handset.switch_on()
    handset.open("/phone/enrol")
    _enrol(handset, "volunteer")
    handset.await_that(lambda: _unsent(handset) == 0)
    assert sum(UNSENT in (v.group_name or "") for v in visits(app)) == 2
    with app.app_context():
        assert db.session.query(Incident).count() == 1
        db.session.remove()


def _change(app: Flask, account_id: UUID, **values: Any) -> None:
    with app.app_context(), work() as w:
        account = w.session.get_one(Account, account_id)
        for name, value in values.items():
            setattr(account, name, value)


def test_whose_account_is_closed_sees_nothing_more_and_sends_when_it_is_open_again(
    app: Flask, world: World, phone: tuple[Handset, UUID], line: FaultProxy
) -> None:
    handset, visit_id = phone
    _change(app, world["volunteer"].account_id, disabled_at=now())
    line.refuse = False
    handset.open("/phone/outbox").click("[data-send]")
    expect(handset.page.locator(".screen--enrol:not(.screen--opening)")).to_be_visible()
    _shows_only_the_way_in(handset, visit_id)
    assert handset.page.evaluate(TOLD) == []
    assert _unsent(handset) == 2
    _change(app, world["volunteer"].account_id, disabled_at=None)
    _enrol(handset, "volunteer")
    handset.await_that(lambda: _unsent(handset) == 0)
    assert sum(UNSENT in (v.group_name or "") for v in visits(app)) == 2


def test_who_works_elsewhere_now_keeps_nothing_of_the_centre_before_but_what_was_not_sent(
    app: Flask, world: World, phone: tuple[Handset, UUID], line: FaultProxy
) -> None:
    handset, visit_id = phone
    line.refuse = False
    handset.send_now()
    handset.await_that(lambda: _unsent(handset) == 0)
    line.refuse = True
    line.cut_all()
    handset.log_visit(f"{UNSENT} 3")
    _change(app, world["volunteer"].account_id, area_code="560602", centre_id=world.neighbour)
    line.refuse = False
    handset.send_now()
    handset.await_that(
        lambda: handset.states("visit")["received"] == 0, told=lambda: dict(handset.states())
    )
    page = handset.open("/phone/followups")
    expect(page.locator(".screen--followups:not(.screen--opening)")).to_be_visible()
    assert not shown_needles(page)
    page = handset.open(f"/phone/followups/new?visit={visit_id}")
    expect(page.locator(".screen:not(.screen--opening)")).to_be_visible()
    assert not shown_needles(page)
    assert len([i for i in handset.items() if i["kind"] == "visit"]) == 1
    page = handset.open("/phone/outbox")
    expect(page.get_by_text(f"{UNSENT} 3").first).to_be_visible()
