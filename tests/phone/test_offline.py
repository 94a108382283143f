"""Without a network: the application opens, is whole, and shows nobody's page to another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts.models import SignIn
from app.shared.db import db
from tests.conftest import PASSWORD
from tests.plugins.fault_proxy import Fault, FaultProxy
from tests.plugins.handset import Handset

SHELL = ".page--phone #screen h1"
KEPT = """async () => Promise.all((await caches.keys()).map(async (name) =>
  [name, (await (await caches.open(name)).keys()).map(({ url }) => url).sort()]))"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def handset(line: FaultProxy, make_handset: Callable[..., Handset]) -> Handset:
    """A phone on which the volunteer signed in, while there was a signal."""
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    return handset


def cut(line: FaultProxy) -> None:
    line.refuse = True
    line.cut_all()


def test_the_first_use_after_signing_in_may_be_without_a_network(
    handset: Handset, line: FaultProxy
) -> None:
    cut(line)
    handset.kill()
    handset.switch_on()
    handset.open("/phone")
    expect(handset.page.locator(SHELL)).to_be_visible()
    handset.log_visit("ชาวบ้านควรดง")
    handset.await_states(waiting=1)


def test_home_is_the_phones_on_a_phone(handset: Handset) -> None:
    handset.open("/")
    expect(handset.page.locator(SHELL)).to_be_visible()
    handset.open("/?online=1")
    expect(handset.page.locator(".page--phone")).to_have_count(0)


def test_on_a_desk_home_stays_the_offices(page_at: Callable[..., Page], line: FaultProxy) -> None:
    page = page_at(1280)
    sign_in(page, line, "officer")
    expect(page.locator("html[data-phone=ready]")).to_be_attached()
    page.goto(f"{line.address}/")
    expect(page.locator(".page--phone")).to_have_count(0)
    cut(line)
    page.goto(f"{line.address}/visits")
    expect(page.locator(SHELL)).to_be_visible()


def test_who_does_not_work_in_the_field_loads_nothing_of_it(
    page_at: Callable[..., Page], line: FaultProxy
) -> None:
    page = page_at(1280)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, line, "reviewer")
    page.wait_for_load_state("networkidle")
    assert len({address for address in asked if address.endswith(".js")}) == 1
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )


def test_a_captive_portal_is_shown_to_log_in_and_never_kept(
    handset: Handset, line: FaultProxy
) -> None:
    before = handset.page.evaluate(KEPT)
    line.always = Fault("answer")
    line.cut_all()
    handset.open("/phone/visits")
    expect(handset.page.locator(SHELL)).to_be_visible()
    handset.open("/visits.csv?portal")
    expect(handset.page.locator("body")).to_contain_text("Free WiFi")
    handset.open("/phone")
    expect(handset.page.locator(SHELL)).to_be_visible()
    assert handset.page.evaluate(KEPT) == before


def test_a_page_that_does_not_come_is_answered_by_the_phone(
    handset: Handset, line: FaultProxy
) -> None:
    line.always = Fault("silence")
    line.cut_all()
    handset.open("/centres")
    expect(handset.page.locator(SHELL)).to_be_visible()


def test_signing_out_of_the_offices_pages_signs_out_of_the_phone(
    handset: Handset, line: FaultProxy
) -> None:
    handset.open("/visits")
    handset.page.click(".me summary")
    handset.page.click("form[data-sign-out] button")
    expect(handset.page.locator("[name=password]")).to_be_visible()
    assert signed_in(handset) == [False]
    cut(line)
    handset.open("/")
    expect(handset.page.locator(".screen--enrol")).to_be_visible()


def test_another_persons_sign_in_closes_what_the_last_one_left_open(
    handset: Handset, line: FaultProxy
) -> None:
    cut(line)
    handset.log_visit("ของคนแรก")
    line.refuse = False
    end_sessions(handset)
    handset.sign_in("other_volunteer")
    assert sorted(signed_in(handset)) == [False, True]
    assert len(handset.items()) == 1  # the first one's, sealed, whether it was on its way or not
    expect(handset.open("/phone/visits").locator("#screen")).not_to_contain_text("ของคนแรก")


def test_a_sign_out_without_a_network_is_told_before_any_page_is_shown(
    app: Flask, handset: Handset, line: FaultProxy
) -> None:
    cut(line)
    handset.open("/phone")
    handset.page.evaluate(PUT_NOTE, ["leave_pending", True])
    line.refuse = False
    handset.open("/visits")
    expect(handset.page.locator("[name=password]")).to_be_visible()
    with app.app_context():
        assert db.session.scalars(select(SignIn).where(SignIn.ended_at.is_(None))).all() == []


def test_what_waits_is_counted_on_the_offices_pages_too(handset: Handset, line: FaultProxy) -> None:
    handset.open("/phone")
    handset.page.evaluate(PUT_NOTE, ["phone_mode", False])
    cut(line)
    handset.log_visit("รอส่ง")
    handset.page.context.route("**/api/v1/**", lambda route: route.abort())
    line.refuse = False
    handset.open("/visits")
    link = handset.page.locator("[data-sync-link]")
    expect(link).to_contain_text("1")
    link.click()
    expect(handset.page.locator(".screen--outbox")).to_be_visible()


def sign_in(page: Page, line: FaultProxy, who: str) -> None:
    page.goto(f"{line.address}/sign-in")
    page.fill("[name=login]", who)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator(".nav")).to_be_visible()


def end_sessions(handset: Handset) -> None:
    """The cookie runs out; what the phone holds does not."""
    assert handset.context is not None
    handset.context.clear_cookies()


def signed_in(handset: Handset) -> list[bool]:
    """Of each account that ever was: whether its key is here."""
    return list(handset.page.evaluate(ACCOUNTS))


WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
OPEN = """(work) => new Promise((done, failed) => {
    const asked = indexedDB.open("lakthan");
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const request = work(asked.result);
      request.onerror = () => failed(request.error);
      request.onsuccess = () => { asked.result.close(); done(request.result); };
    };
  })"""
ACCOUNTS = f"""async () => (await ({OPEN})((db) => db.transaction("accounts")
  .objectStore("accounts").getAll())).map((row) => Boolean(row.locker))"""
PUT_NOTE = f"""([name, value]) => ({OPEN})((db) => db.transaction("meta", "readwrite")
  .objectStore("meta").put({{ name, value }}))"""
