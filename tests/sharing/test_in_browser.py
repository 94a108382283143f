"""In a real browser: faces are covered by finger and keys; whoever holds the copy can check it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from app.photos.models import Photo
from app.photos.rules import Subject
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.sharing.jobs import make
from app.sharing.models import SharingCopy
from app.verification.models import PhotoCheck
from tests.conftest import PASSWORD, World
from tests.sharing.test_copies import NOW, Put, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_a_covered_face_becomes_a_copy_that_is_known_without_being_sent(
    app: Flask, page_at: Callable[..., Page], address: str, files: FileStore, photo: Photo
):
    page = _opened(page_at(360), address, photo)
    stage = page.locator("[data-blur-stage]")
    _draw(stage, (0.2, 0.3), (0.4, 0.6))
    stage.press("ArrowRight")  # the box just drawn has the keys
    _draw(stage, (0.8, 0.8), (0.8, 0.8))  # a tap makes a box of a face's size
    expect(page.locator(".blur-box")).to_have_count(2)
    page.locator("[data-blur-remove]").click()
    page.click("form[data-blur] button[type=submit]")
    expect(page.locator("[data-copies-waiting]")).to_be_attached()
    copy = _made(app)
    expect(page.locator(".blur-copy img")).to_be_visible()  # by itself

    assert copy.boxes == [pytest.approx([0.21, 0.3, 0.2, 0.3], abs=0.01)]
    stranger = page_at(1280)
    stranger.goto(f"{address}/verify")
    key = content_key("renditions", str(copy.sha256))
    stranger.set_input_files("[name=photo]", files.path(key))
    stranger.click("form[data-verify-file] button[type=submit]")
    expect(stranger.locator(".verdict--good")).to_be_visible()
    assert stranger.url == f"{address}/verify/digest/{copy.sha256}"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PhotoCheck)) == 0
        db.session.remove()


def test_boxes_are_still_there_when_the_copy_was_refused(
    app: Flask, page_at: Callable[..., Page], address: str, put: Put, world: World
):
    visit_id = visit(app, world, consent_photo=False)
    photo = put(processed=True, subject=Subject("visit", visit_id, world.centre, NOW.date()))
    page = _opened(page_at(1280), address, photo)
    _draw(page.locator("[data-blur-stage]"), (0.2, 0.3), (0.4, 0.6))

    page.click("form[data-blur] button[type=submit]")
    expect(page.locator("#nobody-errors")).to_be_visible()
    expect(page.locator(".blur-box")).to_have_count(1)
    page.click("label[for=nobody]")
    page.click("form[data-blur] button[type=submit]")
    expect(page.locator("[data-copies-waiting]")).to_be_attached()

    copy = _made(app)
    assert copy.nobody
    assert copy.boxes == [pytest.approx([0.2, 0.3, 0.2, 0.3], abs=0.01)]


def _opened(page: Page, address: str, photo: Photo) -> Page:
    """The photo's page of copies, for an officer."""
    page.goto(f"{address}/sign-in?next=/photos/{photo.id}/sharing")
    page.fill("[name=login]", "officer")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("[data-blur-stage]")).to_be_visible()
    expect(page.locator("[data-blur-rows]")).to_have_count(0)  # the script took over
    return page


def _draw(stage: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag over the picture, from and to fractions of it."""
    stage.evaluate("stage => stage.scrollIntoView({block: 'center', behavior: 'instant'})")
    frame = stage.bounding_box()
    assert frame
    mouse = stage.page.mouse
    for at, (x, y) in enumerate((start, end)):
        mouse.move(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"], steps=3)
        if at == 0:
            mouse.down()
    mouse.up()


def _made(app: Flask) -> SharingCopy:
    with app.app_context():
        copy = db.session.scalars(select(SharingCopy)).one()
        make(str(copy.id))
        db.session.refresh(copy)
        db.session.expunge(copy)
        db.session.remove()
    return copy
