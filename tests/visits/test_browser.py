"""The fast form in a real browser: one person is one tap, and consent opens the contact boxes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.shared.db import db
from app.visits.models import Visit
from tests.conftest import PASSWORD, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def phone(page_at: Callable[..., Page], address: str, world: World) -> Page:
    """A volunteer's phone, signed in, at the empty form."""
    page = page_at(360)
    page.goto(f"{address}/sign-in?next=/visits/new")
    page.fill("[name=login]", "volunteer")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("[data-visit-form]")).to_be_visible()
    return page


def stored(app: Flask) -> Visit:
    with app.app_context():
        return db.session.scalars(select(Visit)).one()


def test_one_visitor_takes_four_taps(app: Flask, phone: Page):
    phone.click("[data-who-is=person]")
    phone.click("[data-one=n_female]")
    phone.click("label[for=kind-3]")
    phone.click(".form-actions button[type=submit]")
    phone.wait_for_url(lambda url: not url.endswith("/new"))
    visit = stored(app)
    assert (visit.n_female, visit.n_total, visit.group_name) == (1, 1, None)


def test_a_school_group_is_a_name_two_numbers_and_a_tap(app: Flask, phone: Page):
    phone.fill("#group_name", "โรงเรียนบ้านควร")
    phone.fill("#n_male", "๒๐")
    phone.fill("#n_female", "22")
    expect(phone.locator("[data-total-out]")).to_have_text("42")
    phone.click("label[for=kind-0]")
    phone.click(".form-actions button[type=submit]")
    phone.wait_for_url(lambda url: not url.endswith("/new"))
    assert stored(app).n_total == 42


def test_name_and_phone_appear_with_the_consent_and_are_not_sent_without(app: Flask, phone: Page):
    expect(phone.locator("#phone")).to_be_hidden()
    phone.click("label[for=consent_followup]")
    phone.fill("#phone", "0812345678")
    phone.click("label[for=consent_followup]")
    expect(phone.locator("#phone")).to_be_hidden()
    phone.fill("#n_male", "3")
    phone.click("label[for=kind-0]")
    phone.click(".form-actions button[type=submit]")
    phone.wait_for_url(lambda url: not url.endswith("/new"))
    visit = stored(app)
    assert (visit.consent_followup, visit.phone) == (False, None)
