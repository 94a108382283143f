"""One phone, several people: what one wrote, neither the next nor who opens the storage can read.

reliability.md bar 24, P 34-35, A 116 and V 131.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import expect

from config import Settings
from tests.conftest import PASSWORD, World
from tests.faults.field import FULL, digests, originals, pictures, visits
from tests.phone.closed import NAME, NEEDLES, PLANTED, booked, look_around, plant_controls
from tests.phone.profile_search import found_in
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

ITEMS = 25 if FULL else 8  # of which two are photos
# Each a word that stands nowhere else, in each of the boxes that hold words about people.
WORDS = {
    "group_name": "ฆฌฏฐโรงเรียน Zqgroupx",
    "leader_name": "ฆฌฑฒสมศรี Zqleaderx",
    "phone": "0898765432",
    "origin_text": "ฆฌฒณเมืองไกล Zqoriginx",
    "trainer": "ฆฌณฎวิทยากร Zqtrainerx",
    "suggestion": "ฆฌฎฏข้อเสนอ Zqsuggestx",
}
CAPTION = "ฆฌฐฑคำบรรยาย Zqcaptionx"
IN_THE_PICTURE = "Zqcommentx"
FILE_NAME = "Zqfilenamex"


def _needles() -> set[str]:
    words = [*WORDS.values(), CAPTION, IN_THE_PICTURE, FILE_NAME]
    return {part for word in words for part in word.split(" ")} | NEEDLES


def _log_visit_of_people(handset: Handset, number: int) -> str:
    page = handset.begin_visit(f"{WORDS['group_name']} {number}")
    page.check("#consent_followup", force=True)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    for name in ("leader_name", "phone", "origin_text", "trainer", "suggestion"):
        page.fill(f"[name={name}]", WORDS[name])
    page.click("form.visit-form .form-actions button[type=submit]")
    page.wait_for_url(lambda url: "/phone/visits/" in url and not url.endswith("/new"))
    return page.url.split("/phone/visits/")[1].split("?")[0]


def _look_up_whom_to_call(handset: Handset, visit_id: UUID) -> None:
    page = handset.open(f"/phone/followups/new?visit={visit_id}")
    page.click("[data-reveal]")
    expect(page.get_by_text(NAME)).to_be_visible()


def _take_pictures(handset: Handset, visit_id: str, photos: list[Path]) -> None:
    handset.add_pictures("visit", visit_id, *photos)
    caption = handset.page.locator("[data-caption]").first
    caption.fill(CAPTION)
    caption.blur()
    handset.open("/phone/outbox")


@pytest.mark.whole_browser
def test_the_next_person_finds_nothing_of_the_one_before_and_nothing_is_lost(
    app: Flask,
    world: World,
    settings: Settings,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    known = booked(app, world)
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    look_around(handset.page, line.address, known)
    _look_up_whom_to_call(handset, known)
    handset.await_that(lambda: set(handset.states()) == {"received"})  # that they looked
    looked = len(handset.items())
    plant_controls(handset.page, line.address)
    line.refuse = True
    line.cut_all()
    mine = [_log_visit_of_people(handset, number) for number in range(ITEMS - 2)]
    album = tmp_path / "album"
    album.mkdir()
    photos = [
        photo.rename(album / f"{FILE_NAME}-{photo.name}")
        for photo in pictures(album, 2, said=IN_THE_PICTURE)
    ]
    _take_pictures(handset, mine[0], photos)
    handset.begin_visit(f"{WORDS['group_name']} not finished")
    entries = len(handset.items()) - looked
    assert entries >= ITEMS  # a caption may be an entry of its own
    handset.switch_off()
    found = found_in(handset.folder, _needles() | PLANTED)
    assert set(found) == PLANTED  # signed in, and yet nothing lies readable

    handset.switch_on()
    handset.sign_out()
    assert handset.states() == {"waiting": entries, "received": looked}
    for path in ("/phone/visits", "/phone/outbox", f"/phone/visits/{mine[0]}", "/phone/visits/new"):
        page = handset.open(path)
        expect(page.locator(".screen--enrol:not(.screen--opening)")).to_be_visible()
        assert not [needle for needle in _needles() if needle in page.content()]
    handset.kill()
    assert found_in(handset.folder, _needles()) == {}

    line.refuse = False
    handset.switch_on()
    handset.open("/phone/enrol")
    _enrol(handset, "other_volunteer")
    for path in ("/phone", "/phone/visits", "/phone/outbox", "/phone/visits/new"):
        page = handset.open(path)
        expect(page.locator(".screen:not(.screen--opening)")).to_be_visible()
        assert not [needle for needle in _needles() if needle in page.content()]
    handset.log_visit("คณะของอีกคน")
    handset.await_states(waiting=entries, received=looked + 1)
    assert {v.group_name for v in visits(app) if v.id != known} == {"คณะของอีกคน"}

    handset.sign_out()
    _enrol(handset, "volunteer")
    handset.await_received(entries + looked + 1)
    assert {str(v.id) for v in visits(app) if v.leader_name} == {*mine, str(known)}
    assert originals(app, settings) == digests(photos)
    handset.switch_off()
    assert found_in(handset.folder, _needles()) == {}


def _enrol(handset: Handset, who: str) -> None:
    page = handset.page
    page.fill("#login", who)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("[data-part=done]")).to_be_visible()
    page.click("[data-next]")
    expect(page.locator(".screen--home:not(.screen--opening)")).to_be_visible()


def test_who_is_signed_out_in_one_tab_is_signed_out_in_all(
    line: FaultProxy, make_handset: Callable[..., Handset]
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    handset.log_visit(WORDS["group_name"])
    first = handset.page
    assert handset.context is not None
    second = handset.context.new_page()
    handset.sign_out()
    expect(first.locator(".screen--enrol")).to_be_visible()
    assert second.url != first.url
    first.go_back()
    assert "Zqgroupx" not in first.content()
