"""The letter played through by three people: done, sent, returned, accepted and closed.

Fiscal year 2567, quarters 1 and 2, in a real browser.  Every report comes late, because the
letter's days have passed: late is a fact, and stands in nobody's way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.packets.bag.verify import verify
from app.review.models import Submission
from app.rounds.programme import load_programme
from app.shared.db import db
from tests.conftest import PASSWORD, SentJobs, World
from tests.packets.building import build

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.timeout(400),
]
PUT = """(box, value) => {
  box.value = value;
  for (const name of ["input", "change"]) box.dispatchEvent(new Event(name, { bubbles: true }));
}"""  # boxes of a part that is folded away are filled in as well
WIDTHS = {"volunteer": 360, "officer": 1280, "reviewer": 1280}
DUE = (
    "network", "assessment", "plan", "result_2024_02", "result_2024_03", "progress_1",
    "progress_2", "progress_3", "publicity_2024_02", "publicity_2024_03",
)  # fmt: skip
Told = Mapping[str, str]


class Player:
    """One person at a browser: pages are filled in by the names of their boxes."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        page.set_default_timeout(15_000)

    def open(self, path: str) -> Page:
        """Go to a page of the product, which must be there."""
        answer = self.page.goto(self.address + path)
        assert answer and answer.ok, (path, answer and answer.status)
        return self.page

    def sign_in(self, who: str) -> None:
        self.open("/sign-in?lang=en")
        self.page.fill("[name=login]", who)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        expect(self.page.locator("[name=password]")).to_have_count(0)

    def write(self, path: str, *told: Told) -> None:
        """Fill in the form at `path` and save it; the product has nothing against it."""
        self.open(path)
        self.fill({name: value for some in told for name, value in some.items()})
        self.press("main form[data-guard] .form-actions button:not([type=button])")

    def fill(self, told: Told) -> None:
        for name, value in told.items():
            boxes = self.page.locator(f"main [name='{name}']")
            if boxes.first.get_attribute("type") in ("radio", "checkbox"):
                box = self.page.locator(f"main [name='{name}'][value='{value}']")
                box.evaluate("box => { if (!box.checked) box.click(); }")
            elif boxes.first.get_attribute("type") == "file":
                boxes.first.set_input_files(value)
            else:
                boxes.first.evaluate(PUT, value)

    def follow(self, link: Locator) -> None:
        """Go where a link leads; there all scripts are at work."""
        with self.page.expect_navigation():
            link.click()

    def press(self, button: str) -> None:
        """Press a button that sends a form, and see that nothing was refused."""
        found = self.page.locator(button).first
        asks = found.evaluate("button => Boolean(button.form.dataset.confirm)")
        with self.page.expect_navigation():
            found.evaluate("button => button.click()")
            if asks:
                self.page.locator("dialog[open] button[value=yes]").click()
        wrong = self.page.locator("[data-error-summary], .field__errors, .note--bad")
        assert wrong.all_inner_texts() == [], self.page.url


def day(name: str, text: str) -> Told:
    """A Thai day as its three boxes take it: `day("held_on", "13 2 2567")`."""
    number, month, year = text.split()
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


@pytest.fixture
def people(page_at: Callable[..., Page], world: World, address: str) -> Iterator[dict[str, Player]]:
    """Everyone at their own browser, signed in, on the office's pages."""
    players = {}
    for who, width in WIDTHS.items():
        players[who] = Player(page_at(width, service_workers="block"), address)
        players[who].sign_in(who)
    yield players


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small picture, as a screenshot or a page of an order."""
    Image.new("RGB", (640, 480), (20, 90, 40)).save(tmp_path / "picture.jpg")
    return tmp_path / "picture.jpg"


def test_the_letter_is_played_through(
    app: Flask, people: dict[str, Player], world: World, sent: SentJobs, picture: Path
) -> None:
    do_what_is_ordered(people, world, picture)
    decide_the_grades(people["reviewer"])
    send_and_accept(people)
    return_the_plan_and_mend_it(people)
    assert states(app) == {"accepted": len(DUE) - 1, "waived": 1}
    close_the_quarter(people["reviewer"], people["officer"])
    pack(app, people["reviewer"], sent, picture.parent)


def do_what_is_ordered(people: dict[str, Player], world: World, picture: Path) -> None:
    """Duties 2 to 8 of the letter, but for the reports."""
    officer, volunteer = people["officer"], people["volunteer"]
    order(officer)
    for centre in (world.centre, world.neighbour):
        scores = {f"scores-{n}-points": "4" for n in range(20)}
        officer.write(
            f"/assessments/new?centre={centre}&year=2567", scores, day("assessed_on", "15 1 2567"),
            {"assessor": "นางสาวสาธิตา ลงพื้นที่", "problems": "หน้าแล้งน้ำไม่พอ", "proposed_grade": "B"},
        )  # fmt: skip
        officer.write(
            f"/plans/items/new?year=2567&centre={centre}",
            {"side": "place", "strategy": "repair", "title": "ลอกคลองไส้ไก่", "target": "120 เมตร",
             "budget_baht": "3,000", "budget_source": "local", "responsible": "เจ้าของแปลง"},
            day("starts_on", "1 2 2567"), day("ends_on", "30 9 2567"),
        )  # fmt: skip
    results(officer)
    activity = {
        "title": "เอามื้อสามัคคี",
        "kind": "aow_mue",
        "sides": "place",
        "n_male": "12",
        "n_female": "14",
    }
    volunteer.write("/activities/new", activity, day("held_on", "20 1 2567"))
    visit = {"group_name": "โรงเรียนบ้านควร", "n_male": "20", "n_female": "22", "kind": "study"}
    volunteer.write("/visits/new?online=1", visit, day("visit_date", "18 1 2567"))
    paper = {"file": str(picture), "kind": "attendance", "title": "ใบลงชื่อเอามื้อสามัคคี"}
    volunteer.write("/documents/new", paper, day("dated_on", "20 1 2567"))
    for month in ("1", "2", "3"):
        post = {"url": f"https://www.facebook.com/centre/posts/{month}?fbclid=x", "title": "ข่าวศูนย์",
                "views": "120", "screenshot": str(picture)}  # fmt: skip
        officer.write(
            "/publicity/new", post, day("posted_on", f"5 {month} 2567"),
            day("read_on", f"9 {month} 2567"),
        )  # fmt: skip


def order(officer: Player) -> None:
    sectors = [sector.key for sector in load_programme().sectors]
    page = officer.open("/networks/new")
    for number, sector in enumerate(sectors):
        if page.locator(f"[name='members-{number}-name']").count() == 0:
            page.locator("[data-add-row]").click()
        officer.fill({f"members-{number}-name": f"กรรมการคนที่ {number + 1}"})
        page.locator(f"[name='members-{number}-sector']").select_option(sector)
    strip = page.locator("[data-sectors-out]")
    expect(strip).to_have_text(strip.get_attribute("data-all") or "")
    told = {"order_no": "5/2567", "act": "appoint", "fiscal_year": "2567"}
    officer.fill(told | day("dated_on", "9 1 2567"))
    officer.press("main form[data-guard] .form-actions button:not([type=button])")


def results(officer: Player) -> None:
    """On the plan's own rows."""
    for _item in range(2):
        page = officer.open("/plans/5606/2567/results")
        officer.follow(page.locator(".plan-row--silent a.button").first)
        told = {"done_percent": "60", "result": "ลอกแล้ว 72 เมตร", "spent_baht": "1800"}
        officer.fill(told | day("reported_on", "22 2 2567"))
        officer.press(".plan-report form button.button--main")


def decide_the_grades(reviewer: Player) -> None:
    for number in range(2):
        page = reviewer.open("/assessments?year=2567&district=5606")
        reviewer.follow(page.locator("main tbody a").nth(number))
        reviewer.fill({"grade": "B"})
        reviewer.press("form[action$='/decision'] button")


def send_and_accept(people: dict[str, Player]) -> None:
    """Everything that is due in the two quarters, but the first progress report: it is waived."""
    officer, reviewer = people["officer"], people["reviewer"]
    for key in (one for one in DUE if one != "plan"):
        address = f"/submissions/khok_nong_na_2567/{key}/5606"
        if key == "progress_1":
            reviewer.open(address)
            reviewer.fill({"reason_key": "before_letter"})
            reviewer.press("form[action$='/waive'] button")
            continue
        officer.open(address)
        officer.press("form[action$='/send'] button")
        open_first_of_queue(reviewer)
        reviewer.press("form[action$='/accept'] button")


def open_first_of_queue(reviewer: Player) -> None:
    page = reviewer.open("/review")
    reviewer.follow(page.locator("[data-desk-open]").first)
    expect(page.locator("form[action$='/return']")).to_be_attached()


def return_the_plan_and_mend_it(people: dict[str, Player]) -> None:
    """One item goes back with its reason, is corrected, and comes again as edition 2."""
    officer, reviewer = people["officer"], people["reviewer"]
    officer.open("/submissions/khok_nong_na_2567/plan/5606")
    officer.press("form[action$='/send'] button")
    open_first_of_queue(reviewer)
    reviewer.follow(reviewer.page.locator("nav a[href*='kind=plan_item']").first)
    row = reviewer.page.locator("[data-desk-row]").first
    row.locator("select[name=reason_key]").evaluate(PUT, "detail")
    reviewer.press("[data-desk-row] [data-desk-return] form button")
    reviewer.press("form[action$='/return'] button")

    page = officer.open("/submissions/khok_nong_na_2567/plan/5606")
    officer.follow(page.locator(".sent-back a").first)
    officer.follow(page.locator("a[href$='/edit']").first)
    officer.fill({"target": "คลองยาว 120 เมตร เจ้าของแปลงและเครือข่าย 15 คน"})
    officer.press("main form[data-guard] .form-actions button:not([type=button])")
    officer.open("/submissions/khok_nong_na_2567/plan/5606")
    officer.press("form[action$='/send'] button")
    open_first_of_queue(reviewer)
    expect(reviewer.page.locator(".review-state")).to_contain_text(
        re.compile(r"(edition|ฉบับที่) 2\b")
    )
    reviewer.press("form[action$='/accept'] button")


def states(app: Flask) -> Counter[str]:
    with app.app_context():
        found = Counter(db.session.scalars(select(Submission.state)))
        db.session.remove()
    return found


def close_the_quarter(reviewer: Player, officer: Player) -> None:
    """Nothing of it is corrected any more."""
    reviewer.open("/review/quarters?quarter=2567Q2")
    card = "#district-5606 form[action$='/seal']"
    reviewer.page.locator(f"{card} [name=reason]").evaluate(PUT, "ครบทุกรายงาน")
    reviewer.press(f"{card} button")
    page = officer.open("/activities?quarter=2567Q2")
    officer.follow(page.locator("main tbody a").first)
    officer.follow(page.locator("a[href$='/edit']").first)
    officer.fill({"title": "แก้หลังปิดไตรมาส"})
    page.locator("main form[data-guard] .form-actions button:not([type=button])").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("main [name=title]")).to_have_value(
        "แก้หลังปิดไตรมาส"
    )  # nothing typed is lost


def pack(app: Flask, reviewer: Player, sent: SentJobs, into: Path) -> None:
    """The quarter's packet is built, downloaded, and proves itself."""
    page = reviewer.open("/packets/new?unit=5606&quarter=2567Q2")
    reviewer.press("main form[data-once] .form-actions button:not([type=button])")
    ids = next(ids for function, ids in sent.jobs if function.startswith("app.packets."))
    with app.app_context():
        build(ids["packet_id"])
    page.reload()
    with page.expect_download() as download:
        page.locator("a[href$='/download']").first.click()
    download.value.save_as(into / "packet.zip")
    report = verify(into / "packet.zip")
    assert report.whole and report.files > 5
