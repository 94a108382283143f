"""The page that checks a packet, in a real browser: the file is read there and stays there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, expect

from app.packets.bag.verify import verify
from app.packets.models import Packet
from app.shared.work import work
from tests.conftest import World
from tests.packets.signed_packets import KEY, OTHER_KEY, PHOTO, flip, signed_packet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
ISSUED = datetime(2024, 4, 2, 3, 0, tzinfo=UTC)


def _opened(page: Page, address: str, lang: str = "en") -> Page:
    page.context.add_cookies([{"name": "lang", "value": lang, "url": address}])
    page.goto(f"{address}/packets/check")
    return page


def _choose(page: Page, path: Path) -> None:
    page.locator("#packet-file").set_input_files(path)
    expect(page.locator("[data-check-verdict]")).to_be_visible()


@pytest.fixture
def packet(tmp_path: Path) -> Path:
    """A packet as issued."""
    path = tmp_path / "packet.zip"
    path.write_bytes(signed_packet())
    return path


def test_a_whole_packet_is_told_and_only_its_fingerprint_leaves_the_browser(
    app: Flask, world: World, address: str, page_at: Callable[..., Page], packet: Path
) -> None:
    fingerprint = verify(packet).fingerprint
    with app.app_context(), work() as w:
        for edition, known_by in ((2, fingerprint), (3, "ab" * 32)):
            w.session.add(
                Packet(
                    scope_kind="district", scope_code="5601", quarter="2567Q2", edition=edition,
                    frozen={}, content_sha256=known_by, fingerprint=known_by, state="ready",
                    state_since=ISSUED, ready_at=ISSUED, size_bytes=1, file_key="x",
                    requested_by=world["officer"].account_id, requested_at=ISSUED,
                )
            )  # fmt: skip
    page = _opened(page_at(360), address)
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - not a built-in
    _choose(page, packet)

    verdict = page.locator("[data-check-verdict]")
    expect(verdict).to_contain_text("Whole and unaltered")
    expect(verdict).to_contain_text("6 files")
    expect(verdict).to_contain_text(f"this system's key {KEY.key_id}")
    expect(verdict).to_contain_text("there is a newer one: edition 3")
    sent = [(r.method, r.url.removeprefix(address), r.post_data) for r in asked]
    assert [each for each in sent if "/static/" not in each[1]] == [
        ("GET", f"/packets/register/{fingerprint}", None)
    ]
    assert all(method == "GET" and body is None for method, _url, body in sent)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_spoiled_packet_is_named_file_by_file_and_not_looked_up(
    address: str, page_at: Callable[..., Page], packet: Path
) -> None:
    data = packet.read_bytes()
    packet.write_bytes(flip(data, data.index(b"\xff\xd8 a photo") + 40) + b"more")
    page = _opened(page_at(360), address, "th")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _choose(page, packet)
    lists = page.locator("[data-check-lists]")
    expect(lists).to_contain_text(PHOTO)
    expect(lists.locator("li")).to_have_count(2)
    assert not [url for url in asked if "/register/" in url]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_packet_of_another_key_is_not_taken_for_ours(
    address: str, page_at: Callable[..., Page], packet: Path
) -> None:
    packet.write_bytes(signed_packet(sign=OTHER_KEY.sign))
    page = _opened(page_at(1280), address)
    _choose(page, packet)
    verdict = page.locator("[data-check-verdict]")
    expect(verdict).to_contain_text("Whole, but not signed by this system")
    expect(verdict).to_contain_text(OTHER_KEY.key_id)
    expect(verdict).to_contain_text("not in this system's register")


def test_what_is_no_packet_and_the_next_file_are_both_answered(
    address: str, page_at: Callable[..., Page], packet: Path, tmp_path: Path
) -> None:
    other = tmp_path / "letter.zip"
    other.write_bytes(b"a letter")
    page = _opened(page_at(1280), address)
    _choose(page, other)
    expect(page.locator("[data-check-verdict]")).to_contain_text("Not an evidence packet")
    _choose(page, packet)
    expect(page.locator("[data-check-verdict]")).to_contain_text("Whole and unaltered")


def test_a_dropped_file_is_checked_like_a_chosen_one(
    address: str, page_at: Callable[..., Page], packet: Path
) -> None:
    page = _opened(page_at(1280), address)
    handle = page.evaluate_handle(
        """async (bytes) => {
          const dropped = new DataTransfer();
          dropped.items.add(new File([new Uint8Array(bytes)], "packet.zip"));
          return dropped;
        }""",
        list(packet.read_bytes()),
    )
    page.dispatch_event("[data-packet-check]", "drop", {"dataTransfer": handle})
    expect(page.locator("[data-check-verdict]")).to_contain_text("Whole and unaltered")


def test_a_check_can_be_stopped(address: str, page_at: Callable[..., Page], packet: Path) -> None:
    page = _opened(page_at(360), address)
    page.route("**/packet_check_worker*", lambda route: None)  # it never begins to read
    page.locator("#packet-file").set_input_files(packet)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-check-said]")).to_contain_text("Stopped")
    expect(page.locator("[data-check-box]")).to_be_visible()
    expect(page.locator("[data-check-verdict]")).to_be_hidden()
