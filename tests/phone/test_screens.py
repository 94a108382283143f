"""The visitor book and the outbox on a phone, in a real browser, mostly without a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select, update

from app.devices.models import Device
from app.shared.canonical import canonical_json
from app.shared.db import db
from app.visits.models import Visit
from tests.conftest import World
from tests.phone.conftest import await_draft, await_screen, open_screen
from tests.plugins.handset import await_that

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PhoneOf = Callable[..., Page]


@pytest.fixture
def phone(phone_of: PhoneOf) -> Page:
    return phone_of("volunteer")


def begin(page: Page, group: str = "โรงเรียนบ้านควร", male: str = "20") -> None:
    open_screen(page, "/phone/visits/new", "visit-form")
    page.fill("#group_name", group)
    page.fill("#n_male", male)
    page.click("label[for=kind-0]")


def save(page: Page) -> str:
    page.click(".visit-form .form-actions button[type=submit]")
    await_screen(page, "visit")
    return page.url.split("/visits/")[1].split("?")[0]


def stored(app: Flask) -> list[Visit]:
    with app.app_context():
        found = list(db.session().scalars(select(Visit).order_by(Visit.id)))
        db.session.remove()
    return found


def state_line(page: Page) -> str:
    return page.locator("[data-slot=state-words]").inner_text()


def test_a_visit_written_without_a_signal_is_saved_and_sent_when_there_is_one(
    app: Flask, phone: Page
):
    phone.context.set_offline(True)
    begin(phone)
    phone.fill("#n_female", "๒๒")
    visit_id = save(phone)
    expect(phone.locator("h1")).to_have_text("โรงเรียนบ้านควร")
    expect(phone.locator("[data-slot=state-words]")).to_have_text("1 waiting")
    expect(phone.locator(".nav [data-slot=unsent]")).to_have_text("1")
    assert stored(app) == []

    phone.context.set_offline(False)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    (visit,) = stored(app)
    assert (str(visit.id), visit.n_total, visit.programme_version) == (
        visit_id, 42, "khok_nong_na_2567.1",
    )  # fmt: skip


def test_a_double_tap_saves_once(app: Flask, phone: Page):
    begin(phone)
    phone.evaluate(
        """() => { const form = document.querySelector('.visit-form');
        form.requestSubmit(); form.requestSubmit(); form.requestSubmit(); }"""
    )
    await_screen(phone, "visit")
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    assert len(stored(app)) == 1


def test_what_was_typed_is_there_again_and_can_be_thrown_away(phone: Page, address: str):
    begin(phone, male="๑๗")
    phone.click("label[for=topics-1]")
    await_draft(phone, "visit-new")
    phone.goto(f"{address}/phone/visits/new?lang=en")
    await_screen(phone, "visit-form")
    expect(phone.locator("[data-slot=restored]")).to_be_visible()
    assert phone.input_value("#group_name") == "โรงเรียนบ้านควร"
    assert phone.input_value("#n_male") == "๑๗"
    assert phone.is_checked("#kind-0") and phone.is_checked("#topics-1")
    expect(phone.locator("[data-total-out]")).to_have_text("17")

    phone.click("[data-anew]")
    phone.click("[data-ask] button[value=yes]")
    expect(phone.locator("#group_name")).to_have_value("")
    expect(phone.locator("[data-slot=restored]")).to_be_hidden()


def test_the_phone_finds_the_same_faults_as_the_server_in_the_same_places(
    phone: Page, sign_in: Callable[[str], FlaskClient], world: World
):
    told = {"n_male": "2", "n_child": "9", "time_in": "25.61", "visit_date-day": "31"}
    open_screen(phone, "/phone/visits/new", "visit-form")
    phone.click("label[for=kind-0]")
    for details in phone.locator("details").all():
        details.evaluate("one => one.open = true")
    phone.select_option("#visit_date-month", "2")
    for name, value in told.items():
        phone.fill(f"[name='{name}']", value)
    assert faults_on(phone) == ["visit_date"]  # what cannot be read is told first
    phone.fill("[name='visit_date-day']", "1")
    faults = faults_on(phone)

    kind = phone.input_value("#kind-0")
    form = {"kind": kind, "centre_id": str(world.centre), "visit_date": "1/2/2567"} | told
    del form["visit_date-day"]
    page = sign_in("volunteer").post("/visits/new?lang=en", data=form)
    on_server = re.findall(r'<ul id="(\w+)-errors"', page.text)
    assert faults == on_server == ["n_child", "time_in"]


def faults_on(page: Page) -> list[str]:
    page.click(".visit-form .form-actions button[type=submit]")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    ids = page.locator(".field__errors").evaluate_all("all => all.map(one => one.id)")
    return [one.removesuffix("-errors") for one in ids]


def test_a_fault_in_a_hidden_box_is_shown(phone: Page):
    open_screen(phone, "/phone/visits/new", "visit-form")
    phone.click("[data-who-is=person]")
    phone.click("label[for=kind-0]")
    assert faults_on(phone) == ["n_male"]
    expect(phone.locator("#n_male-errors")).to_be_visible()


def test_a_visit_is_corrected_before_it_left_and_after(app: Flask, phone: Page):
    phone.context.set_offline(True)
    begin(phone)
    save(phone)
    correct(phone, "21")
    expect(phone.locator("[data-slot=lead]")).to_contain_text("21 people")
    phone.context.set_offline(False)
    await_that(lambda: phone, lambda: [v.n_male for v in stored(app)] == [21])
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")

    correct(phone, "22")
    await_that(lambda: phone, lambda: [v.n_male for v in stored(app)] == [22])
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")


def correct(page: Page, male: str) -> None:
    page.click("[data-slot=edit]")
    await_screen(page, "visit-form")
    page.fill("#n_male", male)
    save(page)


def test_two_versions_are_shown_side_by_side_and_mine_goes_on_top(
    app: Flask, phone: Page, sign_in: Callable[[str], FlaskClient]
):
    visit_id = begin_and_send(phone)
    phone.context.set_offline(True)
    correct(phone, "25")
    edit_at_office(app, sign_in("officer"), visit_id, n_male="30")
    phone.context.set_offline(False)
    open_screen(phone, "/phone/outbox", "outbox")
    cells = phone.locator(".conflict__table tbody td")
    expect(cells).to_have_text(["25", "30"])
    phone.click("[data-way=use-mine]")
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    assert [(v.n_male, v.version) for v in stored(app)] == [(25, 3)]


def test_theirs_is_kept_after_a_question(
    app: Flask, phone: Page, sign_in: Callable[[str], FlaskClient]
):
    visit_id = begin_and_send(phone)
    phone.context.set_offline(True)
    correct(phone, "25")
    edit_at_office(app, sign_in("officer"), visit_id, n_male="30")
    phone.context.set_offline(False)
    open_screen(phone, "/phone/outbox", "outbox")
    phone.click("[data-way=keep-theirs]")
    phone.click("[data-ask] button[value=yes]")
    expect(phone.locator("[data-part=fixing]")).to_be_hidden()
    assert [(v.n_male, v.version) for v in stored(app)] == [(30, 2)]


def begin_and_send(page: Page) -> str:
    begin(page)
    visit_id = save(page)
    expect(page.locator("[data-slot=state-words]")).to_have_text("All received")
    return visit_id


def edit_at_office(app: Flask, client: FlaskClient, visit_id: str, **changed: str) -> None:
    with app.app_context():
        visit = db.session().get(Visit, UUID(visit_id))
        assert visit is not None
        form = {
            "id": visit_id, "version": str(visit.version), "centre_id": str(visit.centre_id),
            "visit_date": visit.visit_date.isoformat(), "kind": visit.kind,
            "group_name": visit.group_name or "", "n_male": "20", "n_female": "0",
            "n_other": "0", "n_child": "0",
        } | changed  # fmt: skip
        db.session.remove()
    assert client.post(f"/visits/{visit_id}/edit", data=form).status_code == 303


def test_what_nobody_else_can_have_is_thrown_away_after_a_question(app: Flask, phone: Page):
    phone.route("**/api/v1/records", lambda route: route.fulfill(status=413, body=""))
    begin(phone)
    save(phone)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("1 needs fixing")
    open_screen(phone, "/phone/outbox", "outbox")
    phone.click("[data-way=discard]")
    expect(phone.locator("[data-ask]")).to_contain_text("Nobody else has it")
    phone.click("[data-ask] button[value=yes]")
    expect(phone.locator("[data-slot=none]")).to_be_visible()
    assert stored(app) == []


def test_the_office_is_told_of_what_was_discarded_and_may_have_reached_it(phone: Page):
    phone.route("**/api/v1/records", lambda route: route.abort())
    begin(phone)
    save(phone)
    expect(phone.locator("[data-slot=state-more]")).to_contain_text("No signal")
    open_screen(phone, "/phone/outbox", "outbox")
    phone.click("[data-way=discard]")
    expect(phone.locator("[data-ask]")).to_contain_text("may have reached the office")
    phone.click("[data-ask] button[value=yes]")
    expect(phone.locator("[data-part=waiting] .outbox-row")).to_contain_text("Struck out")


def test_a_visit_at_the_office_is_struck_out_with_a_reason(app: Flask, phone: Page):
    begin_and_send(phone)
    phone.click("[data-slot=strike] summary")
    phone.click("[data-strike-form] button")
    expect(phone.locator("#reason")).to_be_focused()
    phone.fill("#reason", "เขียนซ้ำ")
    phone.click("[data-strike-form] button")
    phone.click("[data-ask] button[value=yes]")
    await_screen(phone, "visits")
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    assert [v.deleted_at is not None for v in stored(app)] == [True]


def item_sha256(item: dict) -> str:
    kept = {k: item.get(k) for k in ("kind", "op", "id", "base_version", "data")}
    kept["attachments"] = item.get("attachments") or []
    return sha256(canonical_json(kept).encode()).hexdigest()


def test_what_the_office_cannot_take_says_why_with_the_name_of_the_field(phone: Page):
    def refuse(route: Route) -> None:
        items = route.request.post_data_json["items"]
        problem = {"field": "n_child", "code": "more_than_total", "facts": {"total": 3}}
        verdict = {"status": "invalid", "code": None, "problems": [problem]}
        rest = {"current": None, "receipt": None, "signature": None, "item_sha256": None}
        results = [{k: i[k] for k in ("id", "kind", "op")} | verdict | rest for i in items]
        for item, result in zip(items, results, strict=True):
            result["item_sha256"] = item_sha256(item)
        answer = {"server_time": "2026-11-22T12:00:00Z", "nonce": "n", "results": results}
        route.fulfill(json=answer, headers={"Lakthan-Api": "1"})

    phone.route("**/api/v1/records", refuse)
    begin(phone)
    save(phone)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("1 needs fixing")
    open_screen(phone, "/phone/outbox", "outbox")
    why = phone.locator("[data-part=fixing] .outbox-row__why li")
    expect(why).to_have_text("Of these, under 20: This is more than the 3 people there were.")
    phone.click("[data-way=edit]")
    await_screen(phone, "visit-form")


def test_a_full_phone_says_so_and_the_form_stays(phone: Page):
    begin(phone)
    phone.evaluate(
        """() => { const put = IDBObjectStore.prototype.put, add = IDBObjectStore.prototype.add;
        const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
        IDBObjectStore.prototype.put = function (...a) {
          return this.name === 'items' ? full() : put.apply(this, a); };
        IDBObjectStore.prototype.add = function (...a) {
          return this.name === 'items' ? full() : add.apply(this, a); }; }"""
    )
    phone.click(".visit-form .form-actions button[type=submit]")
    expect(phone.locator("[data-error-summary]")).to_contain_text("This phone is full")
    assert phone.input_value("#group_name") == "โรงเรียนบ้านควร"


def test_a_fault_in_the_list_leads_to_its_box_and_keeps_what_was_typed(phone: Page):
    open_screen(phone, "/phone/visits/new", "visit-form")
    phone.fill("#group_name", "โรงเรียนบ้านควร")
    assert faults_on(phone) == ["kind"]
    phone.click("[data-error-summary] a")
    expect(phone.locator("fieldset#kind")).to_be_focused()
    assert phone.input_value("#group_name") == "โรงเรียนบ้านควร"


def test_a_sign_in_that_was_withdrawn_keeps_everything_and_asks(app: Flask, phone: Page):
    with app.app_context():
        db.session().execute(update(Device).values(token_sha256="0" * 64))
        db.session().commit()
        db.session.remove()
    begin(phone)
    save(phone)
    expect(phone.locator("[data-slot=state-words]")).to_contain_text("Sign in again to send")
    open_screen(phone, "/phone/outbox", "outbox")
    expect(phone.locator("[data-slot=trouble]")).to_contain_text("Nothing is lost")
    expect(phone.locator("[data-part=waiting] .outbox-row")).to_have_count(1)
    phone.click("[data-slot=trouble] a")
    await_screen(phone, "enrol")


def test_a_screen_that_breaks_shows_the_way_to_the_outbox(phone: Page):
    open_screen(phone, "/phone/visits", "visits")
    phone.evaluate("() => document.querySelector('#screen-outbox').content.replaceChildren()")
    phone.click(".nav__link[href='/phone/outbox']")
    await_screen(phone, "broken")
    expect(phone.locator("#screen")).to_contain_text("Nothing is lost")
    expect(phone.locator(".state-line")).to_be_visible()
    expect(phone.locator("#screen a[href='/phone/outbox']")).to_be_visible()


def test_an_address_nobody_knows_is_no_blank_page(phone: Page, address: str):
    phone.goto(f"{address}/phone/nowhere?lang=en")
    await_screen(phone, "unknown")
    expect(phone.locator("h1")).to_have_text("This page needs a network")


def test_a_rescue_file_holds_what_waits_and_no_word_of_it(phone: Page):
    open_screen(phone, "/phone/outbox", "outbox")
    phone.context.set_offline(True)
    begin(phone)
    save(phone)
    open_screen(phone, "/phone/outbox", "outbox")
    phone.evaluate("() => { navigator.canShare = () => false; }")
    with phone.expect_download() as download:
        phone.click("[data-rescue-out]")
    content = download.value.path().read_bytes()
    assert content.startswith(b"LAKTHAN-RESCUE-1\n")
    assert "โรงเรียนบ้านควร".encode() not in content


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["th", "en"])
def test_screens_are_usable_by_everyone(phone_of: PhoneOf, width: int, language: str):
    page = phone_of("volunteer", width, language)
    begin(page)
    visit = save(page)
    wrong = []
    for path, name in (
        ("/phone", "home"), ("/phone/visits", "visits"), ("/phone/visits/new", "visit-form"),
        (f"/phone/visits/{visit}", "visit"), ("/phone/outbox", "outbox"),
    ):  # fmt: skip
        open_screen(page, path, name)
        found = Axe().run(page).response["violations"]
        wrong += [(path, v["id"], v["nodes"][0]["html"][:160]) for v in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((path, "wider than the screen", ""))
    assert wrong == []
