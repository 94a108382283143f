"""One phone, several people: what one wrote, neither the next nor who opens the storage can read.

reliability.md bar 24, P 34-35, A 116 and V 131.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from config import Settings
from tests.conftest import PASSWORD
from tests.faults.field import FULL, digests, originals, pictures, visits
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
CONTROL = "Zqcontrolx"  # written in the open on purpose: the search must find it
PLANT = """(word) => new Promise((done, failed) => {
  const asked = indexedDB.open("control", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("words");
  asked.onsuccess = () => {
    const change = asked.result.transaction("words", "readwrite", { durability: "strict" });
    change.objectStore("words").put(word, 1);
    change.oncomplete = () => { asked.result.close(); done(); };
  };
  asked.onerror = () => failed(asked.error);
})"""


def _needles() -> set[str]:
    words = [*WORDS.values(), CAPTION, IN_THE_PICTURE, FILE_NAME]
    return {part for word in words for part in word.split(" ")}


def _in_plain(folder: Path, needles: set[str]) -> dict[str, list[str]]:
    """Which of these lie readable in which files of a phone's storage."""
    encoded = {
        needle: [needle.encode(), needle.encode("utf-16-le"), needle.encode("utf-16-be")]
        for needle in needles
    }
    found: dict[str, list[str]] = {}
    for file in folder.rglob("*"):
        if not file.is_file() or file.is_symlink():
            continue
        content = file.read_bytes()
        for needle, forms in encoded.items():
            if any(form in content for form in forms):
                found.setdefault(needle, []).append(str(file.relative_to(folder)))
    return found


def _log_visit_of_people(handset: Handset, number: int) -> str:
    page = handset.begin_visit(f"{WORDS['group_name']} {number}")
    page.check("#consent_followup", force=True)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    for name in ("leader_name", "phone", "origin_text", "trainer", "suggestion"):
        page.fill(f"[name={name}]", WORDS[name])
    page.click("form.visit-form .form-actions button[type=submit]")
    page.wait_for_url(lambda url: "/phone/visits/" in url and not url.endswith("/new"))
    return page.url.split("/phone/visits/")[1].split("?")[0]


def _take_pictures(handset: Handset, visit_id: str, photos: list[Path]) -> None:
    handset.add_pictures("visit", visit_id, *photos)
    caption = handset.page.locator("[data-caption]").first
    caption.fill(CAPTION)
    caption.blur()
    handset.open("/phone/outbox")


def test_the_next_person_finds_nothing_of_the_one_before_and_nothing_is_lost(
    app: Flask,
    settings: Settings,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
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
    handset.page.evaluate(PLANT, CONTROL)
    entries = len(handset.items())
    assert entries >= ITEMS  # a caption may be an entry of its own
    handset.switch_off()
    found = _in_plain(handset.folder, _needles() | {CONTROL})
    assert found.pop(CONTROL)
    assert found == {}  # signed in, and yet nothing lies readable

    handset.switch_on()
    handset.sign_out()
    assert handset.states() == {"waiting": entries}
    for path in ("/phone/visits", "/phone/outbox", f"/phone/visits/{mine[0]}", "/phone/visits/new"):
        page = handset.open(path)
        expect(page.locator(".screen--enrol:not(.screen--opening)")).to_be_visible()
        assert not [needle for needle in _needles() if needle in page.content()]
    handset.kill()
    assert _in_plain(handset.folder, _needles()) == {}

    line.refuse = False
    handset.switch_on()
    handset.open("/phone/enrol")
    _enrol(handset, "other_volunteer")
    for path in ("/phone", "/phone/visits", "/phone/outbox", "/phone/visits/new"):
        page = handset.open(path)
        expect(page.locator(".screen:not(.screen--opening)")).to_be_visible()
        assert not [needle for needle in _needles() if needle in page.content()]
    handset.log_visit("คณะของอีกคน")
    handset.await_states(waiting=entries, received=1)
    assert [v.group_name for v in visits(app)] == ["คณะของอีกคน"]

    handset.sign_out()
    _enrol(handset, "volunteer")
    handset.await_received(entries + 1)
    assert {str(v.id) for v in visits(app) if v.leader_name} == set(mine)
    assert originals(app, settings) == digests(photos)
    handset.switch_off()
    assert _in_plain(handset.folder, _needles()) == {}


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
