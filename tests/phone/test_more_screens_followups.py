"""Follow-ups, centres and rounds on a phone, in a real browser, mostly without a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.followups.models import Followup
from app.shared.clock import bangkok_day
from app.shared.db import db
from app.shared.record import Capture
from app.visits.service import record_visit
from tests.conftest import World
from tests.phone.conftest import await_draft, await_screen, open_screen
from tests.plugins.handset import await_that
from tests.visits.drafts import CONSENTED, make_draft

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PhoneOf = Callable[..., Page]
SMALL = """() => [...document.querySelectorAll(
    '#screen :is(a, button, input, select, textarea, summary)')]
  .filter(one => one.checkVisibility() && !one.matches('[type=hidden], .seen-by-ears'))
  .map(one => (one.matches('.choice__input') ? one.closest('.choice') : one))
  .filter(one => one.getBoundingClientRect().height < 47.5 && !one.closest('.note li'))
  .map(one => one.outerHTML.slice(0, 120))"""


def today() -> date:
    return bangkok_day(datetime.now(UTC))


@pytest.fixture
def visits(app: Flask, world: World) -> list[UUID]:
    """Three visits to follow up: long overdue, overdue since yesterday, due in a week."""
    days = [today() - timedelta(days=n) for n in (200, 32, 24)]
    with app.app_context():
        ids = []
        for day, group in zip(days, ("กลุ่มแม่บ้านควร", None, "อบต.ควร"), strict=True):
            at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=5)
            draft = make_draft(world.centre, visit_date=day, group_name=group,
                               capture=Capture(at=at), **CONSENTED)  # fmt: skip
            record_visit(db.session(), draft, actor=world["volunteer"], now=at)
            ids.append(draft.id)
        db.session.commit()
        db.session.remove()
    return ids


@pytest.fixture
def phone(phone_of: PhoneOf, visits: list[UUID]) -> Page:
    page = phone_of("volunteer")
    expect(page.locator("[data-slot=due]")).to_contain_text("2 due")
    open_screen(page, "/phone/install", "install")  # so that the further screens are here
    return page


def stored(app: Flask) -> list[Followup]:
    with app.app_context():
        found = list(db.session().scalars(select(Followup).order_by(Followup.id)))
        db.session.remove()
    return found


def looks(app: Flask) -> int:
    with app.app_context():
        entries = db.session().scalars(select(AuditEntry)).all()
        found = sum(entry.action == "visit.contact_seen" for entry in entries)
        db.session.remove()
    return found


def begin(page: Page, visit_id: UUID) -> None:
    open_screen(page, f"/phone/followups/new?visit={visit_id}", "followup-form")
    page.click("label[for=method-0]")
    page.click("label[for=used-0]")


def save(page: Page) -> str:
    page.click(".form-actions button[type=submit]")
    await_screen(page, "followup")
    return page.url.split("/followups/")[1].split("?")[0]


def test_whom_to_ask_is_listed_overdue_first_and_nobody_by_name(phone: Page):
    phone.context.set_offline(True)
    open_screen(phone, "/phone/followups", "followups")
    rows = phone.locator("[data-slot=due] .link-row")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("Overdue since")
    expect(rows.nth(1)).to_contain_text("overdue")
    expect(rows.nth(2)).to_contain_text("in ")
    expect(rows.nth(0)).to_contain_text("08x-xxx-xx78")
    expect(phone.locator("[data-slot=lead]")).to_have_text("2 overdue · 1 coming")
    words = phone.locator("#screen").inner_text()
    assert "สมศรี" not in words and "0812345678" not in words


def test_name_and_number_are_shown_once_the_look_is_noted(
    app: Flask, phone: Page, visits: list[UUID]
):
    before = looks(app)
    phone.context.set_offline(True)
    open_screen(phone, f"/phone/followups/new?visit={visits[0]}", "followup-form")
    phone.click("[data-reveal]")
    call = phone.locator(".contact-line a")
    expect(call).to_have_attribute("href", "tel:0812345678")
    expect(phone.locator(".contact-line")).to_contain_text("ครูสมศรี ใจดี")
    expect(phone.locator("[data-slot=noted]")).to_be_visible()
    assert looks(app) == before
    phone.context.set_offline(False)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    assert looks(app) == before + 1


def test_a_phone_that_cannot_note_the_look_shows_nothing(phone: Page, visits: list[UUID]):
    open_screen(phone, f"/phone/followups/new?visit={visits[0]}", "followup-form")
    phone.evaluate(
        """() => { const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
        IDBObjectStore.prototype.put = full; IDBObjectStore.prototype.add = full; }"""
    )
    phone.click("[data-reveal]")
    expect(phone.locator(".toast")).to_be_visible()
    assert "0812345678" not in phone.locator("#screen").inner_html()


def test_a_check_saved_without_a_signal_counts_as_done_at_once_and_is_sent_later(
    app: Flask, phone: Page, visits: list[UUID]
):
    phone.context.set_offline(True)
    begin(phone, visits[0])
    phone.fill("#plot_rai", "๒.๕")
    phone.fill("#baht_saved_month", "1,200")
    followup_id = save(phone)
    open_screen(phone, "/phone/followups", "followups")
    expect(phone.locator("[data-slot=due] .link-row")).to_have_count(2)
    expect(phone.locator("[data-slot=done] .link-row")).to_have_count(1)
    assert stored(app) == []

    phone.context.set_offline(False)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    (followup,) = stored(app)
    assert str(followup.id) == followup_id
    assert (followup.n_followed, followup.n_used, float(followup.plot_rai or 0)) == (42, 42, 2.5)
    assert (followup.baht_saved_month, followup.followed_on) == (1200, today())


def test_a_double_tap_saves_one_check(app: Flask, phone: Page, visits: list[UUID]):
    begin(phone, visits[0])
    phone.evaluate(
        """() => { const form = document.querySelector('[data-followup-form]');
        form.requestSubmit(); form.requestSubmit(); }"""
    )
    await_screen(phone, "followup")
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    assert len(stored(app)) == 1


def test_a_half_filled_check_outlives_the_page(phone: Page, visits: list[UUID], address: str):
    begin(phone, visits[1])
    phone.fill("#next_step", "ไปดูแปลง")
    phone.fill("#baht_earned_month", "๕๐๐")
    await_draft(phone, "followup-new-")
    phone.goto(f"{address}/phone/followups/new?visit={visits[1]}&lang=en")
    await_screen(phone, "followup-form")
    expect(phone.locator("[data-slot=restored]")).to_be_visible()
    assert phone.input_value("#next_step") == "ไปดูแปลง"
    assert phone.is_checked("#used-0")


def test_the_phone_finds_the_same_faults_as_the_server(
    phone: Page, visits: list[UUID], sign_in: Callable[[str], FlaskClient]
):
    told = {"n_followed": "50", "baht_saved_month": "99000000"}
    begin(phone, visits[0])
    phone.click("label[for=used-2]")
    for name, value in told.items():
        phone.fill(f"#{name}", value)
    phone.click(".form-actions button[type=submit]")
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    ids = phone.locator(".field__errors").evaluate_all("all => all.map(one => one.id)")

    now = today()
    form = told | {
        "visit": str(visits[0]), "followed_on": f"{now.day}/{now.month}/{now.year + 543}",
        "method": "phone", "used": "not_yet", "n_used": "0",
    }  # fmt: skip
    page = sign_in("volunteer").post("/followups/new?lang=en", data=form)
    on_server = {
        f for f in ("n_followed", "baht_saved_month", "reason") if f'id="{f}-errors"' in page.text
    }
    assert {one.removesuffix("-errors") for one in ids} == on_server
    assert on_server == {"n_followed", "baht_saved_month", "reason"}


def test_a_check_is_corrected_before_and_after_it_left_and_struck_out(
    app: Flask, phone: Page, visits: list[UUID]
):
    phone.context.set_offline(True)
    begin(phone, visits[0])
    save(phone)
    correct(phone, "30")
    phone.context.set_offline(False)
    await_that(lambda: phone, lambda: [f.n_used for f in stored(app)] == [30])
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")

    correct(phone, "31")
    await_that(lambda: phone, lambda: [f.n_used for f in stored(app)] == [31])
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")

    phone.click("[data-slot=strike] summary")
    phone.fill("#strike-reason", "เขียนซ้ำ")
    phone.click("[data-strike-form] button")
    phone.click("[data-ask] button[value=yes]")
    await_screen(phone, "followups")
    expect(phone.locator("[data-slot=due] .link-row")).to_have_count(3)
    await_that(lambda: phone, lambda: [f.deleted_at is not None for f in stored(app)] == [True])
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")


def correct(page: Page, used: str) -> None:
    page.click("[data-slot=edit]")
    await_screen(page, "followup-form")
    page.fill("#n_used", used)
    save(page)


def test_a_visit_that_was_never_sent_can_be_followed_up(app: Flask, phone: Page):
    phone.context.set_offline(True)
    open_screen(phone, "/phone/visits/new", "visit-form")
    phone.fill("#n_female", "2")
    phone.click("label[for=kind-0]")
    phone.click(".visit-form .form-actions button[type=submit]")
    await_screen(phone, "visit")
    visit_id = UUID(phone.url.split("/visits/")[1].split("?")[0])
    open_screen(phone, f"/phone/followups/new?visit={visit_id}", "followup-form")
    expect(phone.locator("[data-slot=no-consent]")).to_be_visible()
    phone.click("label[for=method-0]")
    phone.click("label[for=used-1]")
    phone.click(".form-actions button[type=submit]")
    expect(phone.locator("#method-errors")).to_be_visible()
    phone.click("label[for=method-3]")
    save(phone)
    phone.context.set_offline(False)
    expect(phone.locator("[data-slot=state-words]")).to_have_text("All received")
    assert [(f.visit_id, f.used) for f in stored(app)] == [(visit_id, "starting")]


def test_a_centre_tells_how_far_it_is_and_whom_to_call(phone_of: PhoneOf, world: World):
    page = phone_of("officer")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 19.15, "longitude": 100.2705, "accuracy": 10})
    open_screen(page, "/phone/centres", "centres")
    rows = page.locator("[data-slot=centres] .link-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("At the centre")
    expect(rows.nth(1)).to_contain_text("km from here")
    rows.nth(0).click()
    await_screen(page, "centre")
    expect(page.locator("[data-slot=distance]").first).to_contain_text("53 m from here")
    expect(page.locator("[data-slot=position]")).to_have_text("19.15000, 100.27000")
    assert "http" not in page.locator("#screen").inner_html().replace("http://www.w3.org", "")
    page.click("[data-somebody-came]")
    await_screen(page, "visit-form")
    expect(page.locator("#centre_id")).to_have_value(str(world.centre))


def test_rounds_and_what_the_quarter_holds_count_what_is_still_here(phone: Page):
    phone.context.set_offline(True)
    open_screen(phone, "/phone/visits/new", "visit-form")
    phone.fill("#n_female", "2")
    phone.click("label[for=kind-0]")
    phone.click(".visit-form .form-actions button[type=submit]")
    await_screen(phone, "visit")
    open_screen(phone, "/phone/rounds", "rounds")
    expect(phone.locator("[data-slot=held]")).to_contain_text("and 1 visit on this phone")


def test_what_is_due_is_told_in_days_and_of_the_past_only_what_the_office_said(phone: Page):
    def tell(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        body["sections"]["rounds"] = [a_round("past", -9, -3), a_round("now", -9, 3),
                                      a_round("missed", -9, -2) | {"sent": []},
                                      a_round("next", 5, 20)]  # fmt: skip
        route.fulfill(response=answer, json=body)

    phone.route("**/api/v1/changes*", tell)
    with phone.expect_response("**/api/v1/changes*"):
        phone.evaluate("window.dispatchEvent(new Event('online'))")
        phone.reload()
    await_screen(phone, "install")
    open_screen(phone, "/phone/rounds", "rounds")
    expect(phone.locator("[data-slot=now] li")).to_have_count(1)
    expect(phone.locator("[data-slot=now]")).to_contain_text("in 3 days")
    expect(phone.locator("[data-slot=next]")).to_contain_text("Opens")
    past = phone.locator("[data-slot=past]")
    expect(past).to_contain_text("round past")
    expect(past.locator(".badge")).to_have_count(1)  # of the other the office said nothing
    expect(past.locator("li", has_text="round missed")).to_contain_text("Not sent")


def a_round(key: str, opens: int, due: int) -> dict[str, object]:
    return {
        "key": key, "title": {"th": f"รอบ {key}", "en": f"round {key}"}, "quarter": "2570Q1",
        "level": "centre", "note": None,
        "opens_on": (today() + timedelta(days=opens)).isoformat(),
        "due_on": (today() + timedelta(days=due)).isoformat(),
    }  # fmt: skip


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["th", "en"])
def test_screens_are_usable_by_everyone(
    phone_of: PhoneOf, world: World, visits: list[UUID], width: int, language: str
):
    page = phone_of("volunteer", width, language)
    expect(page.locator("[data-slot=due]")).to_contain_text("2")
    begin(page, visits[0])
    followup = save(page)
    wrong: list[tuple[str, str, str]] = []
    for path, name in (
        ("/phone/followups", "followups"),
        (f"/phone/followups/new?visit={visits[1]}", "followup-form"),
        (f"/phone/followups/{followup}", "followup"),
        ("/phone/centres", "centres"), (f"/phone/centres/{world.centre}", "centre"),
        ("/phone/rounds", "rounds"), ("/phone/device", "device"),
        ("/phone/enrol", "enrol"), ("/phone/install", "install"),
    ):  # fmt: skip
        open_screen(page, path, name)
        page.evaluate("document.querySelectorAll('#screen details').forEach(d => d.open = true)")
        found = Axe().run(page).response["violations"]
        wrong += [(path, v["id"], v["nodes"][0]["html"][:160]) for v in found]
        wrong += [(path, "small target", one) for one in page.evaluate(SMALL)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((path, "wider than the screen", ""))
    assert wrong == []
