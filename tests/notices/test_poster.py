"""The sheet for the wall: one A4 page, in Thai, with squares that a phone reads."""

from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.conftest import PASSWORD, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def sheet(app: Flask, world: World, address: str, page_at: Callable[..., Page]) -> Page:
    """The poster of the volunteer's centre, open on a desk."""
    page = page_at(1280)
    page.goto(f"{address}/sign-in")
    page.fill("[name=login]", "officer")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{address}/centres/{world.centre}/notice")
    return page


def test_it_prints_on_one_sheet(sheet: Page) -> None:
    paper = sheet.pdf(format="A4", prefer_css_page_size=True)
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert len(pdf.pages) == 1


def test_a_phone_reads_both_squares(sheet: Page, address: str) -> None:
    read = []
    for square in sheet.locator(".poster__square .qr").all():
        pixels = np.frombuffer(square.screenshot(), np.uint8)
        picture = cv2.imdecode(pixels, cv2.IMREAD_COLOR)
        assert picture is not None
        text, _corners, _straight = cv2.QRCodeDetector().detectAndDecode(picture)
        read.append(text)
    assert read == [f"{address}/privacy", f"{address}/my-data"]


def test_it_is_thai_for_whoever_prints_it(sheet: Page) -> None:
    thai = sheet.inner_text(".poster")
    sheet.goto(f"{sheet.url}?lang=en")
    assert sheet.inner_text("h1") == "Privacy notice for the wall"
    assert sheet.inner_text(".poster") == thai
    assert sheet.get_attribute(".poster", "lang") == "th"
