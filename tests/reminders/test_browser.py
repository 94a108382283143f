"""The little worker in a real browser: it shows what is pushed and answers no page."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
# As our own scripts do: the page takes an address of a script from its named policy alone.
REGISTER = """async () => {
  const trusted = trustedTypes.createPolicy("lakthan", { createScriptURL: (url) => url });
  const url = trusted.createScriptURL("/reminders/push/worker.js");
  const one = await navigator.serviceWorker.register(url);
  return one.scope;
}"""
HOW_MANY = "async () => (await navigator.serviceWorker.getRegistrations()).length"
ACTIVE = """async () => {
  const [one] = await navigator.serviceWorker.getRegistrations();
  return Boolean(one?.active);
}"""
SHOWN = """async () => {
  const [one] = await navigator.serviceWorker.getRegistrations();
  return (await one.getNotifications()).map((n) => `${n.title}|${n.body}`);
}"""


@pytest.fixture
def desk(page_at: Callable[..., Page], address: str, world: World) -> Page:
    """A reviewer's desk, signed in, at the choices."""
    page = page_at(1280, permissions=["notifications"])
    page.goto(f"{address}/sign-in?next=/reminders/choices")
    page.fill("[name=login]", "reviewer")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("[data-push]")).to_be_visible()
    return page


@pytest.mark.whole_browser
def test_nothing_is_installed_before_a_tap(desk: Page) -> None:
    expect(desk.locator("[data-push-on]")).to_be_visible()
    assert desk.evaluate(HOW_MANY) == 0


@pytest.mark.whole_browser
def test_a_push_is_shown_and_no_page_is_answered_by_the_worker(desk: Page, address: str) -> None:
    assert desk.evaluate(REGISTER) == f"{address}/reminders/push/"
    desk.wait_for_function(ACTIVE)
    devtools = desk.context.new_cdp_session(desk)
    versions: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: versions.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    while not versions:
        desk.evaluate(HOW_MANY)  # what the browser tells is heard while it is asked something
    told = {"title": "ครบกำหนดพรุ่งนี้", "body": "แผน (แบบ 6)", "path": "/reminders", "tag": "r"}
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": address, "registrationId": versions[0], "data": json.dumps(told)},
    )
    desk.wait_for_function(f"async () => (await ({SHOWN})()).length === 1")
    assert desk.evaluate(SHOWN) == ["ครบกำหนดพรุ่งนี้|แผน (แบบ 6)"]
    desk.reload()
    assert desk.evaluate("() => navigator.serviceWorker.controller") is None


@pytest.mark.whole_browser
def test_a_message_service_that_is_not_reached_is_said(desk: Page) -> None:
    desk.evaluate("() => { PushManager.prototype.subscribe = () => Promise.reject(new Error()); }")
    desk.click("[data-push-on]")
    expect(desk.locator("[data-push-state=failed]")).to_be_visible()
    expect(desk.locator("[data-push-on]")).to_be_visible()
