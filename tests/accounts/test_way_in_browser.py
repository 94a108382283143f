"""The whole way in of a real officer, in a browser: link, password, app, codes, desk, phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts import invitations
from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.shared.clock import now
from app.shared.work import work
from tests.accounts.people import code_now, made
from tests.conftest import PASSWORD, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
CHOSEN = "ฝนตกที่ทุ่งนาเช้าวันจันทร์"


def _invited(app: Flask) -> str:
    """The code behind # of a new officer's link."""
    draft = AccountDraft("malee", "มาลี ศรีสุข", "officer", "5606", None)
    with app.app_context(), work() as w:
        account = add_account(w.session, draft, actor_id=None, now=now())
        code, _entry = invitations.invite(w.session, account.id, actor=None, now=now())
        return code


def _phone(page_at: Callable[..., Page]) -> Page:
    page = page_at(360, service_workers="block")
    # Asked for after the page is there: a test that goes on would leave its file open.
    page.context.route("**/icon-*", lambda route: route.abort())
    return page


def _app_that_saw(page: Page) -> pyotp.TOTP:
    """An authenticator app that was pointed at the square on the screen."""
    picture = cv2.imdecode(np.frombuffer(page.locator(".qr").screenshot(), np.uint8), 1)
    square = cv2.copyMakeBorder(picture, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(255,) * 3)
    address, *_ = cv2.QRCodeDetector().detectAndDecode(square)
    assert address == page.locator("a[href^='otpauth:']").get_attribute("href")
    app = pyotp.parse_uri(address)
    assert isinstance(app, pyotp.TOTP)
    assert app.secret == page.locator("#app-secret").inner_text().replace(" ", "")
    return app


def _type_password(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("[name=login]", "malee")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/sign-in/factor**")


def _type_code(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    page.press("[name=code]", "Enter")


def _sign_out(page: Page) -> None:
    page.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")
    page.wait_for_url("**/sign-in**")


def test_from_the_link_to_the_desk_and_in_again_with_the_second_step(
    app: Flask, world: World, page_at: Callable[..., Page], address: str
) -> None:
    page = _phone(page_at)
    page.goto(f"{address}/invitation#{_invited(app)}")
    expect(page.get_by_text("มาลี ศรีสุข").first).to_be_visible()
    page.fill("[name=password]", "password1234")
    page.press("[name=password]", "Enter")
    expect(page.locator(".field__errors").first).to_be_visible()  # one that all would try
    page.wait_for_load_state("load")  # its script is at work now: what is typed stays
    page.fill("[name=password]", CHOSEN)
    expect(page.locator("[name=password]")).to_have_value(CHOSEN)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/sign-in/set-up**")
    page.goto(f"{address}/visits")
    assert "/sign-in" in page.url  # nothing is open until the second step is made
    page.goto(f"{address}/sign-in/set-up/app")
    authenticator = _app_that_saw(page)
    _type_code(page, authenticator.now())
    expect(page.locator("#codes li")).to_have_count(10)
    codes = page.locator("#codes li").all_inner_texts()
    page.click("main .form-actions a")
    for path in ("/account", "/account/recovery-codes", "/visits"):
        page.goto(f"{address}{path}")
        assert path in page.url
        assert not [code for code in codes if code in page.content()]  # shown once

    _sign_out(page)
    _type_password(page, address, CHOSEN)
    _type_code(page, "000000")
    expect(page.locator(".field__errors").first).to_be_visible()
    page.goto(f"{address}/visits")
    assert "/sign-in" in page.url
    page.goto(f"{address}/sign-in/factor")
    # The code that set the app up counts no more: the next one, half a minute early, does.
    _type_code(page, authenticator.at(datetime.now(UTC) + timedelta(seconds=30)))
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{address}/centres/{world.centre}")
    expect(page.locator("h1")).to_contain_text("5606-001")

    _sign_out(page)
    _type_password(page, address, CHOSEN)
    _type_code(page, codes[0].lower())
    page.wait_for_url("**/account")
    _sign_out(page)
    _type_password(page, address, CHOSEN)
    _type_code(page, codes[0])
    expect(page.locator(".field__errors").first).to_be_visible()  # used up


def test_a_phone_asks_an_officer_for_the_second_step_and_takes_it_in_its_own_box(
    app: Flask, world: World, page_at: Callable[..., Page], address: str
) -> None:
    made(app)
    page = _phone(page_at)
    page.goto(f"{address}/phone?lang=th")
    expect(page.locator(".screen--enrol:not(.screen--opening)")).to_be_visible()
    box = page.locator("#one_time")
    expect(box).to_be_hidden()  # most have none
    page.fill("#login", "malee")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(box).to_be_visible()
    assert page.input_value("#password") == PASSWORD  # nothing has to be typed twice
    box.fill("000000")
    box.press("Enter")
    expect(page.locator("#one_time-errors")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box.fill(code_now())
    box.press("Enter")
    expect(page.locator("h1")).to_contain_text("มาลี ศรีสุข")
    page.goto(f"{address}/visits")
    assert "/sign-in" not in page.url  # the desk is open with it
