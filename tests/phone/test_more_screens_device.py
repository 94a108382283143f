"""This phone, signing out and in again, installing: nothing unsent is lost or shown to others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from app.devices.models import Device
from app.shared.db import db
from app.visits.models import Visit
from tests.phone.conftest import await_screen, open_screen
from tests.phone.test_line import CHROME, LINE_ANDROID, SAFARI
from tests.phone.test_more_screens_enrol import expect_done, sign_in_here

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PhoneOf = Callable[..., Page]
META = """async name => { const { promise, resolve } = Promise.withResolvers();
  const asked = indexedDB.open('lakthan');
  asked.onsuccess = () => {
    const got = asked.result.transaction('meta').objectStore('meta').get(name);
    got.onsuccess = () => { asked.result.close(); resolve(got.result?.value ?? null); }; };
  return promise; }"""


@pytest.fixture
def phone(phone_of: PhoneOf) -> Page:
    page = phone_of("volunteer")
    open_screen(page, "/phone/install", "install")  # so that the further screens are here
    return page


def write_visit(page: Page) -> None:
    open_screen(page, "/phone/visits/new", "visit-form")
    page.fill("#group_name", "ผู้ปกครองบ้านควร")
    page.fill("#n_male", "3")
    page.click("label[for=kind-0]")
    page.click(".visit-form .form-actions button[type=submit]")
    await_screen(page, "visit")


def sign_out(page: Page) -> None:
    open_screen(page, "/phone/device", "device")
    page.locator("[data-sign-out]").click()
    page.click("[data-ask] button[value=yes]")
    await_screen(page, "enrol")


def count(app: Flask) -> int:
    with app.app_context():
        found = db.session().scalar(select(func.count()).select_from(Visit)) or 0
        db.session.remove()
    return found


def test_signing_out_without_a_line_keeps_what_was_not_sent_unseen_until_its_owner_is_back(
    app: Flask, phone: Page
):
    phone.context.set_offline(True)
    write_visit(phone)
    open_screen(phone, "/phone/device", "device")
    expect(phone.locator("[data-slot=sign-out-hint]")).to_contain_text("1 entry is not received")
    phone.locator("[data-sign-out]").click()
    expect(phone.locator("[data-ask]")).to_contain_text("It stays here, locked")
    phone.click("[data-ask] button[value=yes]")
    await_screen(phone, "enrol")
    expect(phone.locator("[data-slot=waiting]")).to_contain_text("1 entry waits here")
    assert "Test volunteer" not in phone.content()
    assert phone.evaluate(META, "leave_pending") is True

    phone.context.set_offline(False)
    sign_in_here(phone, "other_volunteer")
    expect_done(phone, "Test other_volunteer")
    open_screen(phone, "/phone/visits", "visits")
    assert "ผู้ปกครองบ้านควร" not in phone.locator("#screen").inner_text()
    sign_out(phone)
    assert count(app) == 0

    sign_in_here(phone)
    expect_done(phone)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    assert count(app) == 1


def test_what_was_left_by_whoever_signed_out_can_leave_as_a_rescue_file(phone: Page):
    phone.context.set_offline(True)
    write_visit(phone)
    sign_out(phone)
    phone.evaluate("() => { navigator.canShare = () => false; }")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Make a rescue file").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"LAKTHAN-RESCUE-1\n")
    assert "ผู้ปกครองบ้านควร".encode() not in content


def test_signing_out_with_a_line_ends_token_and_page_session(app: Flask, phone: Page, address: str):
    sign_out(phone)
    with app.app_context():
        assert db.session().scalars(select(Device.token_sha256)).all() == [None]
        db.session.remove()
    assert phone.evaluate(META, "leave_pending") is None
    phone.goto(f"{address}/visits?lang=en")
    assert "/sign-in" in phone.url


def test_a_phone_that_the_office_signed_out_keeps_everything_until_its_owner_signs_in_again(
    app: Flask, phone: Page
):
    with app.app_context():
        db.session().execute(update(Device).values(token_sha256=None))
        db.session.commit()
        db.session.remove()
    write_visit(phone)
    expect(phone.locator("[data-slot=state-words]")).to_contain_text("Sign in again to send")
    open_screen(phone, "/phone/enrol", "enrol")
    waiting = phone.locator("[data-slot=waiting]")
    expect(waiting).to_contain_text("Test volunteer is signed in on this phone")
    expect(waiting).to_contain_text("1 entry waits here")
    sign_in_here(phone)
    expect_done(phone)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    assert count(app) == 1


def test_the_device_screen_tells_how_this_phone_fares(phone: Page):
    write_visit(phone)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    open_screen(phone, "/phone/device", "device")
    expect(phone.locator("h1")).to_have_text("Test volunteer")
    facts = phone.locator("[data-slot=facts]")
    for words in ("Last heard from the office", "Room left", "Safe from clearing up"):
        expect(facts).to_contain_text(words)
    expect(phone.locator("[data-slot=receipts]")).to_contain_text("1 receipt is here")
    expect(phone.locator("[data-slot=version]")).to_contain_text("Version")
    phone.locator("[data-persist]").click()
    expect(phone.locator(".toast")).to_be_visible()


def test_the_data_saver_is_remembered(phone: Page, address: str):
    open_screen(phone, "/phone/device", "device")
    expect(phone.locator("#saver-off")).to_be_checked()
    phone.locator("label[for=saver-on]").click()
    expect(phone.locator(".toast")).to_contain_text("wait for Wi-Fi")
    phone.goto(f"{address}/phone/device?lang=en")
    await_screen(phone, "device")
    expect(phone.locator("#saver-on")).to_be_checked()


def test_the_language_chosen_is_that_of_the_next_start(phone: Page, address: str):
    open_screen(phone, "/phone/device", "device")
    phone.locator("[data-choose-language][lang=th]").click()
    await_screen(phone, "device")
    expect(phone.locator("html")).to_have_attribute("lang", "th")
    phone.goto(f"{address}/phone")
    await_screen(phone, "home")
    expect(phone.locator("html")).to_have_attribute("lang", "th")


@pytest.mark.parametrize(
    ("user_agent", "platform"),
    [(CHROME, "android"), (SAFARI, "iphone"), (None, "desk")],
    ids=("android", "iphone", "desk"),
)
def test_installing_is_shown_with_the_pictures_of_the_phone_in_hand(
    page_at: Callable[..., Page], address: str, user_agent: str | None, platform: str
):
    known = {"user_agent": user_agent} if user_agent else {}
    page = page_at(360, service_workers="block", **known)
    page.goto(f"{address}/phone/install?lang=en")
    await_screen(page, "install")
    shown = page.locator("[data-mine] [data-platform]")
    expect(shown).to_have_attribute("data-platform", platform)
    expect(shown.locator("svg[role=img][aria-label]")).to_have_count(1 if platform == "desk" else 3)
    expect(page.locator("[data-others] [data-platform]")).to_have_count(5)
    warns = page.locator("[data-slot=why]")
    expect(warns).to_contain_text("7 days" if platform == "iphone" else "runs full")


def test_whoever_is_inside_line_is_led_out_with_the_code_in_the_address(
    page_at: Callable[..., Page], address: str
):
    page = page_at(360, service_workers="block", user_agent=LINE_ANDROID,
                   permissions=["clipboard-read", "clipboard-write"])  # fmt: skip
    page.goto(f"{address}/phone/enrol?lang=en#7K3Q-9XWD")
    expect(page.locator("h1")).to_have_text("Open this in your phone's browser")
    expect(page.locator("#address")).to_contain_text("#7K3Q-9XWD")
    page.click("[data-copy]")
    expect(page.locator("[data-copy]")).to_have_text("Copied")
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("body > textarea").focus()
    page.keyboard.press("Control+V")  # pages of ours may write to the clipboard and never read it
    copied = page.locator("body > textarea").input_value()
    assert copied == f"{address}/phone/enrol?lang=en&openExternalBrowser=1#7K3Q-9XWD"
