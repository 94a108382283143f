"""The pages of accounts, notices, requests, incidents and keeping, as a small phone shows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from tests.conftest import PASSWORD, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PUBLIC = ("/sign-in", "/privacy", "/my-data", "/invitation", "/s/nothing", "/nowhere")
OFFICE = (
    "/account", "/account/password", "/accounts", "/accounts/new", "/privacy/office", "/views",
    "/links", "/retention", "/retention/due", "/retention/log", "/retention/holds",
    "/retention/processing", "/incidents", "/incidents/new", "/requests", "/requests/new",
)  # fmt: skip
LOOK = """() => ({
  wide: document.documentElement.scrollWidth - innerWidth,
  h1: [...document.querySelectorAll('h1')].filter((each) => each.checkVisibility()).length,
  lang: document.documentElement.lang,
  ids: [...document.querySelectorAll('[id]')].map((each) => each.id),
})"""


def _faults(page: Page, path: str) -> list[str]:
    seen = page.evaluate(LOOK)
    twice = {each for each in seen["ids"] if seen["ids"].count(each) > 1}
    found = [each["id"] for each in Axe().run(page).response["violations"]]
    if (seen["wide"] > 0, seen["h1"], seen["lang"], twice) != (False, 1, "th", set()):
        found.append(f"{seen['wide']} {seen['h1']} {seen['lang']} {twice}")
    return [f"{path}: {each}" for each in found]


def test_whoever_is_not_signed_in_finds_each_page_whole_and_readable(
    app: Flask, world: World, address: str, page_at: Callable[..., Page]
) -> None:
    page, faults = page_at(360), []
    for path in PUBLIC:
        page.goto(address + path)
        faults += _faults(page, path)
    assert not faults


def test_so_does_the_office_and_a_refused_form_says_it_to_every_ear(
    app: Flask, world: World, address: str, page_at: Callable[..., Page]
) -> None:
    page, faults = page_at(360), []
    page.goto(f"{address}/sign-in")
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    for path in OFFICE:
        page.goto(address + path)
        faults += _faults(page, path)
    page.goto(f"{address}/incidents/new")
    page.click("main form .form-actions button")
    page.wait_for_selector(".field__errors")
    faults += _faults(page, "/incidents/new, refused")
    assert not faults
