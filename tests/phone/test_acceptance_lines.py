"""Lines that break, clocks that lie, two tabs: what waits arrives once, and is told truly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from config import Settings
from tests.conftest import World
from tests.faults.field import digests, originals, pictures, visits
from tests.plugins.fault_proxy import Fault, FaultProxy
from tests.plugins.handset import Handset
from tests.plugins.product import Product

PIECE_BYTES = 1024 * 1024  # the largest piece a phone sends at once

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def line(
    world: World,
    start_product: Callable[..., Product],
    make_fault_proxy: Callable[[str], FaultProxy],
) -> FaultProxy:
    """The line between the phone and the product."""
    return make_fault_proxy(start_product("web").address)


def test_a_photo_the_office_refuses_is_told_and_holds_nothing_up(
    app: Flask,
    settings: Settings,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    visit_id = handset.log_visit("โรงเรียนบ้านปง")
    handset.await_received(1)
    line.refuse = True
    line.cut_all()
    chosen = pictures(tmp_path, 4)
    handset.add_pictures("visit", visit_id, *chosen)
    fourth = next(i["id"] for i in reversed(handset.items()) if i["kind"] == "photo")
    _refuse_uploads_of(handset, fourth)
    line.refuse = False
    handset.send_now()
    handset.await_states(received=4, fixing=1)
    handset.open(f"/phone/visits/{visit_id}")
    expect(handset.page.locator("[data-slot=photo-progress]")).to_contain_text("3")
    expect(handset.page.locator("[data-slot=photo-progress]")).to_contain_text("4")
    expect(handset.page.locator(".state-line")).to_contain_text("ต้องแก้ไข 1 รายการ")


def _refuse_uploads_of(handset: Handset, photo_id: str) -> None:
    """The office says of this photo's bytes that they are no picture."""
    import base64

    marked = base64.b64encode(photo_id.encode()).decode()

    def answer(route: Route) -> None:
        if marked in route.request.headers.get("upload-metadata", ""):
            route.fulfill(
                status=422,
                headers={
                    "Content-Type": "application/problem+json",
                    "Lakthan-Api": "1",
                    "Tus-Resumable": "1.0.0",
                },
                body='{"status": 422, "code": "not_an_image", "detail": "no picture"}',
            )
        else:
            route.continue_()

    assert handset.context is not None
    handset.context.route(re.compile(r"/api/v1/uploads$"), answer)


def test_two_tabs_and_a_button_at_once_are_one_record(
    app: Flask, line: FaultProxy, make_handset: Callable[..., Handset]
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    line.refuse = True
    line.cut_all()
    ids = [handset.log_visit(f"กลุ่มที่ {number}") for number in range(3)]
    assert handset.context is not None
    other = handset.context.new_page()
    other.goto(f"{line.address}/phone/outbox")
    first = handset.context.pages[0]
    first.goto(f"{line.address}/phone/outbox")
    line.refuse = False
    for _ in range(3):
        for page in (first, other):
            page.click("[data-send]")
    handset.await_received(3)
    assert [str(visit.id) for visit in visits(app)] == sorted(ids)


def test_the_same_form_in_two_tabs_gives_two_visits(
    app: Flask, line: FaultProxy, make_handset: Callable[..., Handset]
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    one = handset.begin_visit("คณะแรก")
    assert handset.context is not None
    two = handset.context.new_page()
    two.goto(f"{line.address}/phone/visits/new")
    two.fill("#group_name", "คณะที่สอง")
    for page in (one, two):
        page.click("form.visit-form .form-actions button[type=submit]")
        page.wait_for_url(lambda url: "/phone/visits/" in url and not url.endswith("/new"))
    handset.await_received(2)
    assert {visit.group_name for visit in visits(app)} == {"คณะแรก", "คณะที่สอง"}


@pytest.mark.parametrize("year", [2567, 1970])
def test_a_clock_that_lies_costs_nothing(
    app: Flask, line: FaultProxy, make_handset: Callable[..., Handset], year: int
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    assert handset.context is not None
    handset.context.clock.set_system_time(datetime(year, 3, 1, 9, 0, tzinfo=UTC))
    handset.log_visit("นาฬิกาเพี้ยน")
    handset.await_received(1)
    (visit,) = visits(app)
    today = datetime.now(UTC)
    assert abs((visit.received_at - today).total_seconds()) < 600
    assert abs((visit.captured_at - today).days) < 2 or visit.clock_skew_s is not None
    assert visit.id.version == 7


def test_a_line_that_breaks_every_piece_still_brings_the_photo(
    app: Flask,
    settings: Settings,
    line: FaultProxy,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    visit_id = handset.log_visit("ทางขาดบ่อย")
    handset.await_received(1)
    line.always = Fault("reset", 700_000)  # no connection carries more than that
    line.cut_all()
    size = 1_500_000
    chosen = pictures(tmp_path, 1, size=size)
    before = line.sent_up
    handset.add_pictures("visit", visit_id, *chosen)
    handset.open("/phone/outbox")
    handset.await_received(2, 60_000)
    assert originals(app, settings) == digests(chosen)
    assert line.sent_up - before < size + line.connections * PIECE_BYTES


def test_twenty_records_and_a_photo_pass_a_slow_line(
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
    ids = [handset.log_visit(f"คณะที่ {number}") for number in range(20)]
    chosen = pictures(tmp_path, 1)
    handset.add_pictures("visit", ids[0], *chosen)
    line.delay_s, line.bytes_per_s = 0.2, 50_000  # a 3G line on a bad day
    line.refuse = False
    handset.page.click("[data-done]")  # no new page over the slow line
    handset.await_received(21, 60_000)
    assert [str(visit.id) for visit in visits(app)] == sorted(ids)
    assert originals(app, settings) == digests(chosen)
