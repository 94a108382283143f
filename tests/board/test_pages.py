"""The board's pages: what is missing is on top, everybody sees their own, nothing is hidden."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.rounds.models import QuarterSeal
from app.rounds.programme import load_programme
from app.rounds.schema import Round
from app.shared.db import db
from tests.board.story import Story
from tests.conftest import NOW, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EVE = date(2024, 2, 14)  # the day before progress report 2 and the publicity report are due
Client = Callable[[str], FlaskClient]
OnDay = Callable[[date], None]


@pytest.fixture
def told(app: Flask, world: World, on_day: OnDay) -> Iterator[None]:
    """A quarter of two districts on the eve of a due day, committed."""
    on_day(EVE)
    with app.app_context():
        story = Story(db.session(), world)
        story.submission("progress_1", "5606", "accepted", late=True)
        story.submission("progress_2", "5601", "submitted")
        story.submission("publicity_2024_02", "5606", "returned", to_mend=3)
        story.phone("officer", records=4)
        story.assessment(world.centre, "5606", "B")
        story.visit(world.centre)
        db.session.commit()
        db.session.remove()
    yield


def _english(client: FlaskClient) -> FlaskClient:
    client.post("/language", data={"lang": "en"})
    return client


def _text(page: str) -> str:
    body = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_a_reviewer_reads_on_top_who_has_not_sent_what_is_due_next(
    told: None, sign_in: Client
) -> None:
    top = _text(_english(sign_in("reviewer")).get("/board?quarter=2567Q2").text)
    assert "1 day left Not sent, due 15 Feb 2567 BE: Progress report 2" in top.replace("\xa0", " ")
    line = re.search(r"Progress report 2.*?\((.*?)\)\s", top.replace("(attachment 8)", ""))
    assert line
    assert "Pong" in line[1]
    assert "Mueang Phayao" not in line[1]


def test_every_cell_says_how_it_stands_and_what_to_do(told: None, sign_in: Client) -> None:
    page = _text(_english(sign_in("reviewer")).get("/board?quarter=2567Q2").text)
    for words in ("3 items to fix", "4 on phones", "Received, to be checked", "Sent late",
                  "Remind", "15 days late", "Not open yet", "What the signs mean"):  # fmt: skip
        assert words in page, words
    assert "0% 0 of 9 · 1 late · 8 missing" in page  # of progress report 1, by nine districts


def test_an_officer_lands_on_the_own_district_and_no_other_is_there(
    told: None, sign_in: Client
) -> None:
    client = sign_in("officer")
    assert client.get("/board").location == "/board/5606"
    assert client.get("/board/5606").status_code == 200
    for foreign in ("5601", "5699", "56", "9999", "xxxx"):
        assert client.get(f"/board/{foreign}").status_code == 404, foreign


def test_a_district_is_shown_with_its_centres_and_its_reasons(told: None, sign_in: Client) -> None:
    page = _text(_english(sign_in("reviewer")).get("/board/5606?quarter=2567Q2").text)
    for words in ("5606-001", "5606-002", "Not assessed", "not confirmed", "No level yet",
                  "Network orders of the fiscal year : 0 (wanted: at least 1)",
                  "Partner sectors without a member : 7 (wanted: none)"):  # fmt: skip
        assert words in page, words
    assert "5601-001" not in page


def test_a_quarter_nobody_asks_about_says_so(told: None, sign_in: Client) -> None:
    client = _english(sign_in("reviewer"))
    assert "Nothing is due for this quarter" in client.get("/board?quarter=2560Q1").text
    assert client.get("/board/5606?quarter=2560Q1").status_code == 200
    assert client.get("/board?quarter=nonsense").status_code == 200


def test_the_table_can_be_taken_away(told: None, sign_in: Client) -> None:
    answer = sign_in("reviewer").get("/board.csv?quarter=2567Q2&lang=en")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(rows) == 1 + 9 * 5  # nine districts, five reports
    states = {(row[2], row[3]): row[5] for row in rows[1:]}
    assert states["5606", "Progress report 1 (attachment 8)"] == "Accepted"
    assert states["5601", "Progress report 1 (attachment 8)"] == "Overdue"
    own = sign_in("officer").get("/board.csv?quarter=2567Q2&lang=en").text
    assert "5601" not in own


def test_landing_pages_say_first_what_is_owed_or_waits(told: None, sign_in: Client) -> None:
    officer = _text(_english(sign_in("officer")).get("/").text)
    assert officer.index("To send") < officer.index("Monthly publicity report")
    assert officer.index("3 items to fix") < officer.index("District plan")
    reviewer = _text(_english(sign_in("reviewer")).get("/").text)
    assert "1 report waits to be checked" in reviewer
    assert "Mueang Phayao – Progress report 2" in reviewer
    assert "Not sent, due" in reviewer
    volunteer = _text(_english(sign_in("volunteer")).get("/").text)
    assert "What the centre still needs this quarter" in volunteer
    assert "The district reports by 15 Feb 2567 BE (1 day left)." in volunteer.replace("\xa0", " ")


def test_a_board_on_paper_says_what_and_when_it_is(told: None, sign_in: Client) -> None:
    page = sign_in("reviewer").get("/board?quarter=2567Q2").text
    head = re.search(r'<p class="only-paper">(.*?)</p>', page, re.S)
    assert head
    for words in ("พะเยา", "ไตรมาส 2 ปีงบประมาณ 2567", "14 กุมภาพันธ์ 2567"):
        assert words in head[1].replace("\xa0", " "), words


def test_a_closed_quarter_is_marked_as_such(
    told: None, app: Flask, world: World, sign_in: Client
) -> None:
    client = _english(sign_in("reviewer"))
    assert "Sealed" not in client.get("/board?quarter=2567Q2").text
    with app.app_context():
        db.session.add(
            QuarterSeal(
                district_code="5606", quarter="2567Q2", reason="ครบ", sealed_at=NOW,
                sealed_by=world["reviewer"].account_id,
            )
        )  # fmt: skip
        db.session.commit()
    assert client.get("/board?quarter=2567Q2").text.count("Sealed") == 1
    assert "Sealed" in client.get("/board/5606?quarter=2567Q2").text
    assert "Sealed" not in client.get("/board/5601?quarter=2567Q2").text


def test_what_centres_owe_is_told_by_district_and_by_centre(
    told: None, world: World, sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Round.model_validate({
        "key": "own_report", "title": {"th": "รายงานศูนย์", "en": "Report of the centre"},
        "level": "centre", "quarter": "2567Q2", "opens_on": "2024-01-01", "due_on": "2024-02-20",
    })  # fmt: skip
    programme = load_programme()
    other = programme.model_copy(update={"rounds": (*programme.rounds, own)})
    monkeypatch.setattr("app.board.due.programme_of_year", lambda _year: other)
    monkeypatch.setattr("app.board.due.programmes_in_force", lambda: (other,))
    client = _english(sign_in("reviewer"))
    assert "0 of 2 centres" in _text(client.get("/board?quarter=2567Q2").text)
    page = _text(client.get("/board/5606?quarter=2567Q2").text)
    assert page.count("Report of the centre") == 3  # in the district's list, and at two centres
    mine = _text(_english(sign_in("volunteer")).get("/").text)
    assert mine.index("To send") < mine.index("Report of the centre")
