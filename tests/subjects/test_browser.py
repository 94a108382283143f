"""The person's whole way on a small phone, and the code a field phone makes without a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.shared.codes import normal_code, show_code
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset
from tests.subjects.conftest import NAME, visit_now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_from_the_slip_to_being_forgotten_at_360_pixels(
    app: Flask,
    page_at: Callable[..., Page],
    address: str,
    visit_id: UUID,
    give_code: Callable[[UUID], str],
) -> None:
    code = show_code(give_code(visit_id))
    page, asked = page_at(360), []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers}"))
    page.goto(f"{address}/my-data#{code}")
    expect(page.locator("#code")).to_have_value(code)
    assert "#" not in page.url
    page.click("main form.receipt-code button")
    expect(page.get_by_text(NAME)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("form[action$='stop-photos'] button")
    page.click("[data-confirm-dialog] button[value=yes]")
    expect(page.locator("form[action$='stop-photos']")).to_have_count(0)
    page.click("a[href$='/my-data/forget']")
    page.click("label[for=sure]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/my-data/forgotten")
    assert visit_now(app, visit_id).leader_name is None
    assert not any(code in one or code.replace("-", "") in one for one in asked)


def test_a_field_phone_hands_a_code_over_without_a_network(
    line: FaultProxy, make_handset: Callable[..., Handset]
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    line.refuse = True
    line.cut_all()
    handset.open("/phone/visits/new")
    page = handset.page
    page.fill("#group_name", "ชาวบ้านควรดง")
    page.fill("#n_male", "3")
    page.click("label[for=kind-0]")
    page.click("label[for=consent_followup]")
    page.fill("#leader_name", NAME)
    page.click(".form-actions button[type=submit]")
    shown = page.locator("[data-slot=receipt] [data-slot=code]")
    expect(shown).to_have_text(re.compile(r"^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$"))
    expect(shown).to_be_visible()  # words first, then the paper they stand on
    assert normal_code(shown.inner_text(), 12)
    assert "/my-data" in page.locator("[data-slot=receipt]").inner_text()
