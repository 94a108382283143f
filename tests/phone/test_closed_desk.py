"""An office computer that many use: after sign-out the next one finds nothing of the one before.

reliability.md bar 24 and A 116, for the desk: Back, the browser opened again, the profile's files.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.conftest import World
from tests.faults.field import visits
from tests.phone.closed import (
    NAME,
    NEEDLES,
    PLANTED,
    TYPED,
    booked,
    leave_words_behind,
    look_around,
    plant_controls,
    shown_needles,
    sign_in_at,
    sign_out_at,
)
from tests.phone.profile_search import found_in
from tests.plugins.handset import Handset, await_that

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
DESK = {
    "viewport": {"width": 1280, "height": 800}, "is_mobile": False, "has_touch": False,
    # Playwright starts browsers that keep no page of before; people's keep them.
    "ignore_default_args": ["--disable-back-forward-cache"],
}  # fmt: skip

ENDLESS_UPGRADE = """if (location.pathname === "/") {
  const make = IDBDatabase.prototype.createObjectStore;
  IDBDatabase.prototype.createObjectStore = function (...how) {
    const store = make.apply(this, how);
    const again = () => { store.count().onsuccess = again; };
    if (!globalThis.isUpgrading) again();
    globalThis.isUpgrading = true;
    return store;
  };
}"""  # the home page makes its store as slowly as a bad phone does


class Sight:
    """What a person sees of a page, also of one the browser had kept whole.

    Playwright loses its hold of a page that comes back so; the browser's own protocol does not.
    """

    def __init__(self, desk: Handset) -> None:
        self._desk, self._tools = desk, desk.devtools()
        self.came_back: list[str] = []  # how each navigation went, as Chromium says
        self._tools.on("Page.frameNavigated", lambda told: self.came_back.append(told["type"]))
        self._tools.send("Page.enable")

    def back(self) -> None:
        """Press Back; done when another page is there."""
        self.came_back.clear()
        history = self._tools.send("Page.getNavigationHistory")
        before = history["entries"][history["currentIndex"] - 1]
        self._tools.send("Page.navigateToHistoryEntry", {"entryId": before["id"]})
        await_that(lambda: self._desk.page, lambda: bool(self.came_back))
        await_that(lambda: self._desk.page, lambda: self.ask("document.readyState") == "complete")

    def ask(self, question: str) -> str:
        """What the page answers."""
        told = self._tools.send("Runtime.evaluate", {"expression": question})
        return str(told["result"].get("value"))

    def needles(self) -> list[str]:
        """Which of the person's words can be read here."""
        text = self.ask(
            "document.title + document.documentElement.outerHTML + [...document"
            ".querySelectorAll('input, textarea')].map((box) => box.value).join(' ')"
        )
        assert len(text) > 500
        return [needle for needle in NEEDLES if needle in text]


@pytest.mark.whole_browser
def test_the_next_user_of_an_office_computer_finds_nothing_of_the_one_before(
    app: Flask, world: World, address: str, make_handset: Callable[..., Handset]
) -> None:
    visit_id = booked(app, world)
    desk = make_handset(address, **DESK)
    page = desk.page
    plant_controls(page, address)
    sign_in_at(page, address, "officer")
    look_around(page, address, visit_id)
    leave_words_behind(page, address, visit_id)
    assert [v.trainer for v in visits(app)] == [TYPED]  # what was corrected was kept
    for path in (f"/visits/{visit_id}", "/views", "/accounts", "/requests", "/followups"):
        page.goto(f"{address}{path}")
    sign_out_at(page)
    desk.switch_off()
    found = found_in(desk.folder, NEEDLES | PLANTED)
    assert {word: files for word, files in found.items() if word not in PLANTED} == {}
    assert set(found) == PLANTED

    page = desk.switch_on()
    page.goto(f"{address}/visits/{visit_id}")
    assert "/sign-in" in page.url
    assert not shown_needles(page)
    sign_in_at(page, address, "other_officer")
    for path in (f"/visits/{visit_id}", "/visits/new", "/visits"):
        page.goto(f"{address}{path}")
        assert not shown_needles(page)


def test_a_page_left_while_the_store_is_made_keeps_no_other_out(
    world: World, address: str, make_handset: Callable[..., Handset]
) -> None:
    """The browser keeps the page for the way back, as it was: in the midst of making the store."""
    desk = make_handset(address, **DESK)
    page = desk.page
    assert desk.context is not None
    desk.context.add_init_script(ENDLESS_UPGRADE)
    sign_in_at(page, address, "officer")
    desk.await_that(lambda: bool(page.evaluate("() => globalThis.isUpgrading")))
    page.goto(f"{address}/visits")
    expect(page.locator("html[data-phone=ready]")).to_be_attached()
    sign_out_at(page)


@pytest.mark.whole_browser
def test_back_after_sign_out_shows_no_page_of_before(
    app: Flask, world: World, address: str, make_handset: Callable[..., Handset]
) -> None:
    visit_id = booked(app, world)
    desk = make_handset(address, **DESK)
    page, sight = desk.page, Sight(desk)
    page.goto(f"{address}/privacy")
    page.goto(f"{address}/sign-in")
    sight.back()
    assert sight.came_back == ["BackForwardCacheRestore"]  # this browser does keep pages
    page = desk.page
    sign_in_at(page, address, "officer")
    page.goto(f"{address}/visits/{visit_id}")
    page.click(f"form[action='/visits/{visit_id}/contact'] button")
    expect(page.get_by_text(NAME)).to_be_visible()
    assert sight.needles()  # so that not seeing them tells something
    sign_out_at(page)
    for _ in range(3):
        sight.back()
        assert sight.needles() == []
        assert sight.came_back == ["Navigation"]
