"""Signing in on a phone: by a code typed, scanned or brought by a link, or with a password."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.devices.models import Device
from app.shared.db import db
from tests.conftest import PASSWORD, World
from tests.phone.conftest import await_screen, open_screen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

CAMERA = """picture => {  // a camera that sees one square, with a white border
  const canvas = document.createElement('canvas');
  const paper = canvas.getContext('2d');
  const cell = 6, side = picture.length * cell;
  Object.assign(canvas, { width: 640, height: 480 });
  const draw = () => {
    paper.fillStyle = '#fff'; paper.fillRect(0, 0, 640, 480); paper.fillStyle = '#000';
    picture.forEach((row, y) => row.forEach((dark, x) => dark
      && paper.fillRect((640 - side) / 2 + x * cell, (480 - side) / 2 + y * cell, cell, cell)));
  };
  setInterval(draw, 50); draw();
  navigator.mediaDevices.getUserMedia = async () => (window.stream = canvas.captureStream(20));
}"""
NO_CAMERA = """() => { navigator.mediaDevices.getUserMedia = async () => {
  throw new DOMException('no', 'NotAllowedError'); }; }"""


@pytest.fixture
def make_code(sign_in: Callable[[str], FlaskClient], world: World) -> Callable[[], str]:
    """A function: a code the officer made for the volunteer, as it is printed."""

    def make() -> str:
        form = {"account_id": str(world["volunteer"].account_id)}
        page = sign_in("officer").post("/devices/new", data=form)
        found = re.search(r'enrol-code__code"[^>]*>([0-9A-Z]{4}-[0-9A-Z]{4})<', page.text)
        assert found, page.text
        return found[1]

    return make


@pytest.fixture
def new_phone(page_at: Callable[..., Page], address: str) -> Page:
    """A phone on which nobody has signed in yet, at its first screen."""
    page = page_at(360, service_workers="block")
    page.goto(f"{address}/phone?lang=en")
    await_screen(page, "enrol")
    return page


def send(page: Page, form: str) -> None:
    page.locator(f"form[data-form={form}]").evaluate("form => form.requestSubmit()")


def sign_in_here(page: Page, who: str = "volunteer", password: str = PASSWORD) -> None:
    page.fill("#login", who)
    page.fill("#password", password)
    send(page, "password")


def expect_done(page: Page, name: str = "Test volunteer") -> None:
    expect(page.locator("h1")).to_have_text(f"{name}, this phone is ready")


def test_a_code_may_be_typed_as_people_type(
    app: Flask, new_phone: Page, make_code: Callable[[], str]
):
    new_phone.locator("#code").press_sequentially(make_code().replace("-", " ").lower())
    send(new_phone, "code")
    expect_done(new_phone)
    new_phone.click("[data-part=done] [data-next]")
    await_screen(new_phone, "home")
    expect(new_phone.locator("h1")).to_have_text("ศูนย์เรียนรู้ทดสอบ 5606-001")
    with app.app_context():
        device = db.session().scalars(select(Device)).one()
        assert (device.label, device.app_version) == ("Linux · Chrome", app.config["VERSION"])
        db.session.remove()


def test_what_can_be_no_code_is_told_without_asking_the_office(new_phone: Page):
    asked: list[str] = []
    new_phone.on("request", lambda request: asked.append(request.url))
    new_phone.fill("#code", "7K3Q-9X")
    send(new_phone, "code")
    expect(new_phone.locator("#code-errors")).to_contain_text("eight letters and digits")
    assert not [url for url in asked if "/api/" in url]


def test_a_link_enrols_with_one_tap_and_the_code_leaves_the_address(
    new_phone: Page, address: str, make_code: Callable[[], str]
):
    code = make_code()
    new_phone.goto(f"{address}/phone/enrol?lang=en&openExternalBrowser=1#{code}")
    expect(new_phone.locator("[data-slot=linked-code]")).to_have_text(code)
    assert code not in new_phone.url
    send(new_phone, "linked")
    expect_done(new_phone)


def test_the_square_on_paper_is_read_by_the_camera(new_phone: Page, make_code: Callable[[], str]):
    address = f"https://lakthan.example/phone/enrol?openExternalBrowser=1#{make_code()}"
    matrix = segno.make(address, error="m", micro=False).matrix_iter(border=4)
    new_phone.evaluate(CAMERA, [[bool(cell) for cell in row] for row in matrix])
    new_phone.click("[data-scan]")
    expect_done(new_phone)
    assert new_phone.evaluate("stream.getTracks().every(track => track.readyState === 'ended')")


def test_a_strange_square_is_told_and_the_camera_stops_with_the_screen(new_phone: Page):
    matrix = segno.make("https://elsewhere.example/menu", micro=False).matrix_iter(border=4)
    new_phone.evaluate(CAMERA, [[bool(cell) for cell in row] for row in matrix])
    new_phone.click("[data-scan]")
    expect(new_phone.locator("[data-slot=scan]")).to_contain_text("not a code of Lakthan")
    open_screen(new_phone, "/phone/install", "install")
    assert new_phone.evaluate("stream.getTracks().every(track => track.readyState === 'ended')")


def test_without_a_camera_typing_stays(new_phone: Page):
    new_phone.evaluate(NO_CAMERA)
    new_phone.click("[data-scan]")
    expect(new_phone.locator("[data-slot=scan]")).to_contain_text("Type the code instead")
    expect(new_phone.locator("#code")).to_be_focused()


def test_a_wrong_password_and_a_spent_code_are_told_under_their_boxes(
    new_phone: Page, make_code: Callable[[], str]
):
    sign_in_here(new_phone, password="not this one")
    expect(new_phone.locator("#password-errors")).to_contain_text("name or the password is wrong")
    new_phone.fill("#code", "7K3Q-9XWD")
    send(new_phone, "code")
    expect(new_phone.locator("#code-errors")).to_be_visible()


def test_without_a_network_it_says_so_and_works_afterwards(new_phone: Page):
    new_phone.context.set_offline(True)
    sign_in_here(new_phone)
    expect(new_phone.locator("[data-error-summary]")).to_contain_text("There is no network here")
    new_phone.context.set_offline(False)
    send(new_phone, "password")
    expect_done(new_phone)


def test_a_hotels_log_in_page_is_not_taken_for_the_office(new_phone: Page):
    portal = {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to our Wi-Fi</h1>"}
    new_phone.route("**/api/v1/devices", lambda route: route.fulfill(**portal))
    sign_in_here(new_phone)
    expect(new_phone.locator("[data-error-summary]")).to_contain_text("log in first")


def test_a_reviewer_is_told_that_phones_are_not_for_them(new_phone: Page):
    sign_in_here(new_phone, "reviewer")
    expect(new_phone.locator("[data-error-summary]")).to_be_visible()
    expect(new_phone.locator("[data-error-summary]")).not_to_contain_text("role_without_phone")


def test_a_browser_that_keeps_nothing_is_told_before_the_office_is_asked(new_phone: Page):
    new_phone.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException(); }; }"
    )
    asked: list[str] = []
    new_phone.on("request", lambda request: asked.append(request.url))
    sign_in_here(new_phone)
    expect(new_phone.locator("[data-error-summary]")).to_contain_text("keeps nothing here")
    assert not [url for url in asked if "/api/" in url]


def test_emptied_storage_is_told_before_anything_else(new_phone: Page, address: str):
    cookie = {"name": "lakthan_unsent", "value": "018da0ee-1c00-7000-8000-000000000001.3"}
    new_phone.context.add_cookies([cookie | {"url": address}])
    new_phone.reload()
    await_screen(new_phone, "enrol")
    note = new_phone.locator("#screen [role=alert]").first
    expect(note).to_contain_text("3 entries that were not sent are gone")
    assert new_phone.locator("#screen > .screen > *").first.evaluate(
        "first => first.contains(document.querySelector('#screen [role=alert]'))"
    )
    note.get_by_role("button").click()
    expect(note).to_be_hidden()
    new_phone.reload()
    await_screen(new_phone, "enrol")
    expect(new_phone.locator("#screen [role=alert]")).to_have_count(0)


def earlier_phone(route: Route) -> None:
    """The office's answer, with a phone of the same account that went silent."""
    answer = route.fetch()
    body: dict[str, Any] = answer.json()
    body["earlier"] = [{
        "device_id": body["device_id"], "label": "SM-A135F · Chrome", "unsent_records": 3,
        "unsent_photos": 1, "oldest_unsent_at": body["server_time"],
        "last_contact_at": body["server_time"],
    }]  # fmt: skip
    route.fulfill(response=answer, json=body)


def test_an_earlier_phone_with_unsent_records_is_asked_about(new_phone: Page):
    lost: list[str] = []
    new_phone.route("**/api/v1/devices", earlier_phone)
    new_phone.route(
        "**/api/v1/devices/self/lost",
        lambda route: (lost.append(route.request.post_data or ""), route.fulfill(
            status=204, headers={"Lakthan-Api": "1"})),
    )  # fmt: skip
    sign_in_here(new_phone)
    note = new_phone.locator("[data-slot=earlier] .note")
    expect(note).to_contain_text(
        "Your phone “SM-A135F · Chrome” had 3 records and 1 photo that never arrived"
    )
    note.locator("[data-lost]").click()
    expect(new_phone.locator("[data-ask]")).to_contain_text(
        "3 records and 1 photo are gone for good"
    )
    new_phone.click("[data-ask] button[value=yes]")
    expect(note).to_contain_text("The office knows now")
    assert len(lost) == 1


def test_another_earlier_phone_is_left_alone(new_phone: Page):
    new_phone.route("**/api/v1/devices", earlier_phone)
    sign_in_here(new_phone)
    note = new_phone.locator("[data-slot=earlier] .note")
    note.locator("[data-other]").click()
    expect(note).to_contain_text("Open Lakthan on that phone")
    expect(note.locator("button")).to_have_count(0)
