"""The map in a real browser: points are drawn, chosen, and found without seeing the map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.board import points
from app.photos.models import Photo
from app.shared.db import db
from app.shared.ids import new_id
from tests.board.story import Story
from tests.conftest import PASSWORD, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def crowded(app: Flask, world: World) -> Iterator[None]:
    """As many photos as a map ever gets, around two centres."""
    chance = Random(7)
    with app.app_context():
        story = Story(db.session(), world)
        story.assessment(world.centre, "5606", "B", decided="A")
        first = story.photo(world.centre, "centre", world.centre, lat=19.15, lon=100.27)
        kept = {column.key: getattr(first, column.key) for column in Photo.__table__.columns}
        rows = [
            kept
            | {"id": new_id(), "code": None, "original_sha256": f"{number:064x}",
               "lat": 19.15 + chance.uniform(-0.1, 0.1), "lon": 100.27 + chance.uniform(-0.1, 0.1),
               "band": chance.choice(["inside", "near", "far"])}
            for number in range(points.MOST_PHOTOS)
        ]  # fmt: skip
        db.session.execute(Photo.__table__.insert(), rows)
        db.session.commit()
        db.session.remove()
    yield


def _open(page: Page, address: str, who: str, path: str) -> list[str]:
    """Sign in and open a page; answer the hosts that were asked."""
    hosts: list[str] = []
    page.on("request", lambda request: hosts.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{address}/sign-in")
    page.fill("[name=login]", who)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(address + path)
    expect(page.locator("[data-map]")).to_have_attribute("data-map-ready", "yes")
    return hosts


@pytest.mark.parametrize("width", [360, 1280])
def test_five_thousand_points_are_one_canvas_and_the_list_leads_to_each_centre(
    crowded: None, page_at: Callable[..., Page], address: str, width: int
) -> None:
    page = page_at(width)
    hosts = _open(page, address, "reviewer", "/map?quarter=2567Q2")
    assert all(host.startswith((address, "data:", "blob:")) for host in hosts)
    expect(page.locator(".map canvas")).to_have_count(1)
    expect(page.locator(".map .map-name")).to_have_count(9)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    button = page.locator(".map-list__item", has_text="5606-001").locator("[data-map-show]")
    button.focus()
    page.keyboard.press("Enter")
    card = page.locator(".map-card")
    expect(card.locator("strong")).to_contain_text("5606-001")
    expect(card).to_contain_text("A ต้นแบบ")
    assert page.evaluate("document.activeElement.hasAttribute('data-map')")
    card.locator("a").click()
    expect(page.locator("h1")).to_contain_text("5606-001")
