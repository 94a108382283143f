"""The phone is full: it says so in Thai, what was kept stays kept, and nothing unsent makes room.

reliability.md bar 10 and P 25-26, peers.md section 5 number 9.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.faults.field import FULL, digests, originals, pictures, visits
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.timeout(600 if FULL else 180),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PHOTO_BYTES = 700_000
ROOM_LEFT = (0, 50_000, 400_000, 1_000_000, 2_000_000)  # five levels, in bytes beyond what is used
THAI = re.compile(r"[\u0e01-\u0e5b]{4}")
USED = "navigator.storage.estimate().then(({ usage }) => usage)"


def _fill_the_phone(handset: Handset, room: int) -> None:
    """Restart it with this many bytes left.

    Chromium trusts what it last heard of the room for half a minute: less is believed only after
    a restart, more at once.
    """
    used = handset.page.evaluate(USED)
    handset.switch_off()
    handset.switch_on()
    _let_hold(handset, used + room)


def _let_hold(handset: Handset, most: int | None) -> None:
    told = {"origin": handset.address} | ({} if most is None else {"quotaSize": most})
    handset.devtools().send("Storage.overrideQuotaForOrigin", told)


def _add_until_full(handset: Handset, photos: list[Path]) -> list[Path]:
    """Choose one after the other until the phone says it is full; those that were kept."""
    page = handset.page
    said = page.locator(".screen--camera [data-slot=said]")
    for number, photo in enumerate(photos):
        page.set_input_files("#photo-files", str(photo))
        handset.await_that(
            lambda number=number: (
                page.locator("[data-shot]").count() > number
                or said.get_attribute("data-tone") == "bad"
            )
        )
        if page.locator("[data-shot]").count() == number:
            assert THAI.search(said.inner_text()), said.inner_text()
            return photos[:number]
    return photos


def _open_camera(handset: Handset, visit_id: str) -> None:
    handset.open(f"/phone/photos/new?kind=visit&id={visit_id}")
    handset.page.wait_for_selector(".screen--camera:not(.screen--opening)")


def test_a_full_phone_says_so_and_keeps_what_it_has(
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
    album = pictures(tmp_path, 25, size=PHOTO_BYTES)
    kept: list[Path] = []
    groups = ["คณะที่หนึ่ง"]
    visit_id = handset.log_visit(groups[0])
    used = handset.page.evaluate(USED)
    _fill_the_phone(handset, 0)
    for level, room in enumerate(ROOM_LEFT):
        _let_hold(handset, used + room)
        _open_camera(handset, visit_id)
        before = {item["id"] for item in handset.items()}
        batch = [album.pop() for _ in range(5)]
        added = _add_until_full(handset, batch)
        assert len(added) < len(batch)
        kept += added
        after = {item["id"] for item in handset.items()}
        assert before <= after
        assert len(after) == len(before) + len(added)
        groups.append(_write_on_a_full_phone(handset, f"คณะบนเครื่องที่เต็ม {level}", used + room))
        used = handset.page.evaluate(USED)
    assert kept

    _let_hold(handset, None)
    line.refuse = False
    handset.send_now()
    handset.await_received(len(kept) + len(groups), timeout_ms=60_000)
    assert originals(app, settings) == digests(kept)
    assert sorted(v.group_name or "" for v in visits(app)) == sorted(groups)


def _write_on_a_full_phone(handset: Handset, group: str, most: int) -> str:
    """Either it is saved, or the form stays as it was and says why in Thai."""
    page = handset.begin_visit(group)
    save = "form.visit-form .form-actions button[type=submit]"
    refusal = page.locator("[data-error-summary]")
    saved = re.compile(r"/phone/visits/[0-9a-f-]{36}")
    page.click(save)
    handset.await_that(lambda: bool(saved.search(page.url)) or refusal.is_visible())
    if saved.search(page.url):
        return group
    assert THAI.search(refusal.inner_text()), refusal.inner_text()
    assert page.input_value("#group_name") == group
    _let_hold(handset, most + 200_000)  # somebody makes room
    page.click(save)
    page.wait_for_url(saved)
    return group


def test_what_the_office_has_makes_room_for_what_it_has_not(
    app: Flask,
    settings: Settings,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    sent = pictures(tmp_path, 8, size=PHOTO_BYTES)
    unsent = [sent.pop() for _ in range(2)]
    visit_id = handset.log_visit("คณะที่หนึ่ง")
    handset.add_pictures("visit", visit_id, *sent)
    handset.await_received(1 + len(sent))
    line.refuse = True
    line.cut_all()
    _fill_the_phone(handset, 100_000)
    _open_camera(handset, visit_id)
    assert _add_until_full(handset, unsent) == unsent
    handset.await_states(received=1 + len(sent), waiting=len(unsent))

    _let_hold(handset, None)
    line.refuse = False
    handset.send_now()
    handset.await_received(1 + len(sent) + len(unsent))
    assert originals(app, settings) == digests(sent + unsent)


@pytest.mark.skipif(not FULL, reason="a minute of photos; `make test-faults` runs it")
def test_photo_37_does_not_fit_and_36_are_intact(
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
    visit_id = handset.log_visit("คณะที่หนึ่ง")
    album = pictures(tmp_path, 40, size=PHOTO_BYTES)
    _open_camera(handset, visit_id)
    first = album[:36]
    assert _add_until_full(handset, first) == first
    _fill_the_phone(handset, 200_000)
    _open_camera(handset, visit_id)
    assert _add_until_full(handset, album[36:]) == []
    handset.await_states(waiting=37)

    _let_hold(handset, None)
    line.refuse = False
    handset.send_now()
    handset.await_received(37, timeout_ms=120_000)
    assert originals(app, settings) == digests(first)
    assert len(visits(app)) == 1
