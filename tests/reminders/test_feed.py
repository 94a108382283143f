"""The calendar: what is due, for whoever holds its address, in a form every program reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.reminders import calendar_routes
from app.reminders.feed import feed
from app.reminders.tokens import calendar_token, stop_token
from app.rounds.programme import load_programme
from app.rounds.schema import Programme
from tests.conftest import NOW, World
from tests.reminders.conftest import PLAN_DUE, Clock, send_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SignIn = Callable[[str], FlaskClient]
SEED = "A" * 43  # the tests' signing key


@pytest.fixture(autouse=True)
def page_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The calendar's present is the jobs'."""
    monkeypatch.setattr(calendar_routes, "now", clock)
    return clock


def _address(world: World, who: str, turn: int = 0) -> str:
    return f"/calendar/{calendar_token(SEED, world[who].account_id, turn)}.ics"


def _events(body: bytes) -> dict[str, Event]:
    calendar = Calendar.from_ical(body)
    assert isinstance(calendar, Calendar)
    return {str(one["uid"]): one for one in calendar.events}


def test_the_due_days_stand_in_it_as_whole_days_with_alarms(
    world: World, client: FlaskClient
) -> None:
    answer = client.get(_address(world, "officer"))
    assert answer.content_type == "text/calendar; charset=utf-8"
    events = _events(answer.data)
    plan = events["khok_nong_na_2567.plan.5606@lakthan"]
    assert (plan.start, plan.end) == (PLAN_DUE, PLAN_DUE + timedelta(days=1))
    assert "แบบ 6" in str(plan["summary"])
    assert [alarm.TRIGGER for alarm in plan.walk("VALARM")] == [
        timedelta(days=-7, hours=9), timedelta(days=-3, hours=9), timedelta(days=-1, hours=9),
        timedelta(hours=9),
    ]  # fmt: skip
    assert Calendar.from_ical(answer.data)["x-wr-timezone"] == "Asia/Bangkok"


def test_a_day_that_moved_says_what_the_letter_said(world: World, client: FlaskClient) -> None:
    events = _events(client.get(_address(world, "officer")).data)
    result = events["khok_nong_na_2567.result_2024_02.5606@lakthan"]
    assert result.start == date(2024, 2, 27)  # 25 is a Sunday, 26 stands for Makha Bucha
    assert "25 กุมภาพันธ์ 2567" in str(result["description"]).replace("\u00a0", " ")


def test_every_line_is_short_and_ends_as_it_must(world: World, client: FlaskClient) -> None:
    body = client.get(_address(world, "reviewer")).data
    assert body.endswith(b"END:VCALENDAR\r\n")
    lines = body.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75  # bytes; Thai letters have three
    assert all(b"\n" not in line for line in lines)
    for line in lines:
        line.decode()  # folded between letters, not inside one


def test_the_title_tells_how_it_stands(session: Session, world: World, client: FlaskClient) -> None:
    key = "khok_nong_na_2567.plan.{}@lakthan"
    before = _events(client.get(_address(world, "officer")).data)[key.format("5606")]
    send_in(world, state="accepted")
    after = _events(client.get(_address(world, "officer")).data)[key.format("5606")]
    assert str(before["summary"]) != str(after["summary"])
    assert after["last-modified"].dt > before["last-modified"].dt
    assert before["uid"] == after["uid"]
    province = _events(client.get(_address(world, "reviewer")).data)[key.format("56")]
    assert "1" in str(province["summary"]) and "9" in str(province["summary"])


def test_a_volunteer_sees_the_days_their_entries_are_needed_for(
    world: World, client: FlaskClient
) -> None:
    events = _events(client.get(_address(world, "volunteer")).data)
    assert "khok_nong_na_2567.progress_1.5606@lakthan" in events
    assert "khok_nong_na_2567.plan.5606@lakthan" not in events


def test_a_due_day_that_moves_keeps_its_name_and_counts_up(
    app: Flask, session: Session, world: World
) -> None:
    programme = load_programme()
    later = _moved(programme, PLAN_DUE + timedelta(days=7))
    with app.test_request_context():
        events = [
            _events(
                feed(session, world["officer"], [one], today=PLAN_DUE, page="https://x/reminders")
            )["khok_nong_na_2567.plan.5606@lakthan"]
            for one in (programme, later)
        ]
    assert [event.start for event in events] == [PLAN_DUE, PLAN_DUE + timedelta(days=7)]
    assert events[0]["sequence"] < events[1]["sequence"]


def test_nothing_new_costs_nothing(session: Session, world: World, client: FlaskClient) -> None:
    first = client.get(_address(world, "officer"))
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get(_address(world, "officer"), headers=again).status_code == 304
    send_in(world)
    assert client.get(_address(world, "officer"), headers=again).status_code == 200


def test_no_person_is_named_in_it(world: World, client: FlaskClient) -> None:
    for who in ("officer", "reviewer", "volunteer"):
        text = client.get(_address(world, who)).text
        assert world[who].name not in text
        assert str(world[who].account_id) not in text


def test_another_address_ends_the_earlier_one(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    old = _address(world, "officer")
    assert client.get(old).status_code == 200
    assert sign_in("officer").post("/reminders/calendar").status_code == 303
    assert client.get(old).status_code == 404
    assert client.get(_address(world, "officer", turn=1)).status_code == 200
    assert client.get(_address(world, "reviewer")).status_code == 200


def test_the_page_shows_the_address_that_works(
    world: World, client: FlaskClient, sign_in: SignIn
) -> None:
    page = sign_in("officer").get("/reminders/choices").text
    assert _address(world, "officer") in page
    assert f"webcal://localhost{_address(world, 'officer')}" in page


def test_no_other_address_opens_one(session: Session, world: World, client: FlaskClient) -> None:
    officer = world["officer"].account_id
    right = calendar_token(SEED, officer, 0)
    wrong = [
        "x", "", "ก", right[:-1], right + "A", right[:21] + "AA" + right[23:],
        stop_token(SEED, officer, "me@example.com"), calendar_token("B" * 43, officer, 0),
    ]  # fmt: skip
    for token in wrong:
        assert client.get(f"/calendar/{token}.ics").status_code == 404, token
    session.get_one(Account, officer).disabled_at = NOW
    session.commit()
    assert client.get(f"/calendar/{right}.ics").status_code == 404


def _moved(programme: Programme, day: date) -> Programme:
    rounds = tuple(
        one.model_copy(update={"due_on": day}) if one.key == "plan" else one
        for one in programme.rounds
    )
    return programme.model_copy(update={"rounds": rounds, "version": programme.version + 1})
