"""Pages: the bell, what is new, how people choose to be told, and the text for LINE."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.reminders import choice_routes as choices
from app.reminders import jobs, mail_routes, routes, text_routes
from app.reminders.models import PushSubscription, Reminder, ReminderChoice
from app.reminders.queries import unread_count
from app.reminders.tokens import stop_token
from app.shared.db import db
from tests.conftest import SentJobs, World
from tests.reminders.conftest import (
    PLAN_DUE,
    Clock,
    Mailbox,
    PushService,
    send_in,
    with_settings,
)

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def page_clock(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The pages' present is the jobs'."""
    for module in (routes, text_routes, choices, mail_routes):
        monkeypatch.setattr(module, "now", clock)
    return clock


def test_the_bell_tells_how_many_are_new_and_leads_to_them(
    session: Session, world: World, sign_in: SignIn
) -> None:
    jobs.remind()
    count = unread_count(session, world["officer"].account_id)
    session.commit()
    page = sign_in("officer").get("/reminders").text
    assert count > 0
    assert f'<b class="bell__count" aria-hidden="true">{count}</b>' in page
    assert "แบบ 6" in page
    assert "bell__count" not in sign_in("volunteer").get("/reminders").text


def test_the_bell_costs_one_question(
    app: Flask, session: Session, world: World, sign_in: SignIn
) -> None:
    jobs.remind()
    client = sign_in("officer")
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    client.get("/reminders/choices")
    event.remove(engine, "before_cursor_execute", note)
    assert sum("FROM reminder " in one or "FROM reminder\n" in one for one in asked) == 1


def test_opening_one_marks_it_read_and_leads_to_the_report(
    session: Session, world: World, sign_in: SignIn
) -> None:
    jobs.remind()
    row = session.scalars(
        select(Reminder).where(
            Reminder.account_id == world["officer"].account_id, Reminder.occurrence == "plan"
        )
    ).one()
    session.commit()
    client = sign_in("officer")
    answer = client.get(f"/reminders/{row.id}")
    assert (answer.status_code, answer.location) == (
        303, "/submissions/khok_nong_na_2567/plan/5606",
    )  # fmt: skip
    assert client.get(answer.location).status_code == 200
    session.refresh(row)
    assert row.read_at is not None


def test_a_reviewer_is_led_to_the_report_that_came_and_to_who_still_owes(
    session: Session, world: World, sign_in: SignIn, clock: Clock
) -> None:
    submission_id = send_in(world, occurrence="network")
    clock.on(PLAN_DUE + timedelta(days=1))
    jobs.tell(submission_id=str(submission_id))
    jobs.remind()
    mine = select(Reminder).where(Reminder.account_id == world["reviewer"].account_id)
    places = {}
    client = sign_in("reviewer")
    for row in session.scalars(mine).all():
        session.commit()
        places[row.kind, row.occurrence] = client.get(f"/reminders/{row.id}").location
    assert str(submission_id) in places["submitted", "network"]
    assert places["late", "plan"].startswith("/reminders/text?")


def test_somebody_elses_reminder_is_not_there(
    session: Session, world: World, sign_in: SignIn
) -> None:
    jobs.remind()
    row = session.scalars(
        select(Reminder).where(Reminder.account_id == world["officer"].account_id).limit(1)
    ).one()
    session.commit()
    assert sign_in("other_officer").get(f"/reminders/{row.id}").status_code == 404
    session.refresh(row)
    assert row.read_at is None


def test_all_can_be_marked_as_read(session: Session, world: World, sign_in: SignIn) -> None:
    jobs.remind()
    client = sign_in("officer")
    assert client.post("/reminders/read").status_code == 303
    assert unread_count(session, world["officer"].account_id) == 0
    assert unread_count(session, world["other_officer"].account_id) > 0
    session.commit()
    assert "bell__count" not in client.get("/reminders").text


def test_the_bell_counts_things_not_steps(
    session: Session, world: World, clock: Clock, sign_in: SignIn
) -> None:
    for days in (7, 3, 1):
        clock.on(PLAN_DUE - timedelta(days=days))
        jobs.remind()
    unread = session.scalars(
        select(Reminder.days_before).where(
            Reminder.account_id == world["officer"].account_id,
            Reminder.occurrence == "plan",
            Reminder.read_at.is_(None),
        )
    ).all()
    assert unread == [1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_sent_in_no_longer_rings(
    session: Session, world: World, clock: Clock, sign_in: SignIn
) -> None:
    jobs.remind()
    before = unread_count(session, world["officer"].account_id)
    jobs.tell(submission_id=str(send_in(world)))
    assert unread_count(session, world["officer"].account_id) == before - 1
    session.commit()
    assert "ส่งแล้ว" in sign_in("officer").get("/reminders").text


def test_a_list_goes_on_over_pages(
    session: Session, world: World, clock: Clock, sign_in: SignIn
) -> None:
    for number in range(40):
        send_in(world, state="accepted", unit=f"5606-{number:03}", at=clock())
    jobs.remind()
    client = sign_in("officer")
    first = client.get("/reminders").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = client.get(older[1].replace("&amp;", "&")).text
    assert first.count('<li><a class="link-row') == 30
    assert second.count('<li><a class="link-row') >= 10


def test_an_address_begins_only_with_a_tap_on_the_link_sent_there(
    app: Flask, session: Session, world: World, sign_in: SignIn, mailbox: Mailbox,
    client: FlaskClient,
) -> None:  # fmt: skip
    with_settings(app, smtp_url=mailbox.url, mail_from="lakthan@example.go.th")
    officer = sign_in("officer")
    asked = officer.post("/reminders/mail", data={"email": "me@example.com"})
    assert asked.status_code == 303
    (letter,) = mailbox.letters
    path = re.search(r"https?://[^/\s]+(/reminders/mail/confirm/\S+)", letter.get_content())
    assert path
    choice = session.scalars(select(ReminderChoice)).one()
    assert choice.by_mail is False
    session.commit()
    assert client.get(path[1]).status_code == 200  # a virus scanner looks at every link
    session.refresh(choice)
    assert choice.by_mail is False
    session.commit()
    assert client.post(path[1]).status_code == 200
    session.refresh(choice)
    assert choice.by_mail is True
    session.commit()
    assert "me@example.com" in officer.get("/reminders/choices").text


def test_a_link_for_another_address_or_an_old_one_confirms_nothing(
    app: Flask, session: Session, world: World, sign_in: SignIn, mailbox: Mailbox,
    client: FlaskClient, clock: Clock,
) -> None:  # fmt: skip
    with_settings(app, smtp_url=mailbox.url, mail_from="lakthan@example.go.th")
    officer = sign_in("officer")
    officer.post("/reminders/mail", data={"email": "first@example.com"})
    path = re.search(r"(/reminders/mail/confirm/\S+)", mailbox.letters[0].get_content())
    assert path
    clock.later(days=8)
    assert client.post(path[1]).status_code == 404
    clock.later(days=-8, minutes=2)
    officer.post("/reminders/mail", data={"email": "second@example.com"})
    assert client.post(path[1]).status_code == 404
    stop = stop_token("A" * 43, world["officer"].account_id, "first@example.com")
    assert client.post(f"/reminders/mail/stop/{stop}").status_code == 404
    assert client.post(f"{path[1].rpartition('/')[0]}/{stop}").status_code == 404
    assert session.scalars(select(ReminderChoice.by_mail)).one() is False


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_mails_by_hand_flood_nobody(
    app: Flask, world: World, sign_in: SignIn, mailbox: Mailbox, clock: Clock
) -> None:
    with_settings(app, smtp_url=mailbox.url, mail_from="lakthan@example.go.th")
    officer = sign_in("officer")
    officer.post("/reminders/mail", data={"email": "me@example.com"})
    assert officer.post("/reminders/mail", data={"email": "you@example.com"}).status_code == 429
    assert len(mailbox.letters) == 1
    clock.later(minutes=1)
    assert officer.post("/reminders/mail", data={"email": "you@example.com"}).status_code == 303
    assert len(mailbox.letters) == 2


def test_a_test_mail_comes_and_the_mails_can_be_ended(
    app: Flask, session: Session, world: World, sign_in: SignIn, mailbox: Mailbox, clock: Clock
) -> None:
    with_settings(app, smtp_url=mailbox.url, mail_from="lakthan@example.go.th")
    officer = sign_in("officer")
    assert officer.post("/reminders/mail/test").status_code == 404  # no address yet
    session.add(
        ReminderChoice(
            account_id=world["officer"].account_id, by_mail=True, email="me@example.com",
            changed_at=clock(),
        )
    )  # fmt: skip
    session.commit()
    assert officer.post("/reminders/mail/test").status_code == 303
    assert mailbox.letters[0]["To"] == "me@example.com"
    assert officer.post("/reminders/mail/off").status_code == 303
    assert session.scalars(select(ReminderChoice.by_mail)).one() is False


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_that_is_none_is_told_at_its_field(
    app: Flask, world: World, sign_in: SignIn, mailbox: Mailbox
) -> None:
    with_settings(app, smtp_url=mailbox.url, mail_from="lakthan@example.go.th")
    answer = sign_in("officer").post("/reminders/mail", data={"email": "me@example"})
    assert answer.status_code == 422
    assert "name@example.com" in answer.text
    assert mailbox.letters == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_no_mail_can_be_sent_none_is_offered(world: World, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    assert "/reminders/mail" not in officer.get("/reminders/choices").text
    assert officer.post("/reminders/mail", data={"email": "me@example.com"}).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_server_that_is_away_is_said(app: Flask, world: World, sign_in: SignIn) -> None:
    with_settings(app, smtp_url="smtp://127.0.0.1:9", mail_from="lakthan@example.go.th")
    officer = sign_in("officer")
    answer = officer.post(
        "/reminders/mail", data={"email": "me@example.com"}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert "flash--error" in answer.text


def test_a_browser_is_told_and_forgotten(
    app: Flask, session: Session, world: World, sign_in: SignIn, push_service: PushService
) -> None:
    with_settings(app, push_services=(push_service.host,))
    browser = {"endpoint": push_service.endpoint, "keys": push_service.keys}
    officer = sign_in("officer")
    for _ in range(2):
        assert officer.post("/reminders/push", json=browser).status_code == 204
    row = session.scalars(select(PushSubscription)).one()
    assert row.account_id == world["officer"].account_id
    session.commit()
    reviewer = sign_in("reviewer")  # the next person at the same desk
    assert reviewer.post("/reminders/push", json=browser).status_code == 204
    row = session.scalars(select(PushSubscription)).one()
    assert row.account_id == world["reviewer"].account_id
    session.commit()
    gone = reviewer.post("/reminders/push/off", json={"endpoint": push_service.endpoint})
    assert gone.status_code == 204
    assert session.scalar(select(func.count()).select_from(PushSubscription)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "endpoint",
    ["https://127.0.0.1/x", "http://fcm.googleapis.com/x", "https://evil.example/x", ""],
)
def test_an_address_on_no_list_is_refused(
    session: Session, world: World, sign_in: SignIn, push_service: PushService, endpoint: str
) -> None:
    body = {"endpoint": endpoint, "keys": push_service.keys}
    answer = sign_in("officer").post("/reminders/push", json=body)
    assert (answer.status_code, answer.json["code"]) == (422, "push_refused")
    assert session.scalar(select(func.count()).select_from(PushSubscription)) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("body", [[], {}, {"endpoint": 1}, {"endpoint": "https://x", "keys": 3}])
def test_a_body_of_another_shape_is_refused(world: World, sign_in: SignIn, body: object) -> None:
    assert sign_in("officer").post("/reminders/push", json=body).status_code == 400


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pushes_are_taken_only_with_the_pages_own_token(
    app: Flask, world: World, sign_in: SignIn, push_service: PushService
) -> None:
    officer = sign_in("officer")
    app.config["WTF_CSRF_ENABLED"] = True
    body = {"endpoint": push_service.endpoint, "keys": push_service.keys}
    answer = officer.post("/reminders/push", json=body)
    assert (answer.status_code, answer.json["code"]) == (400, "csrf")


def test_the_text_names_who_still_owes_what(
    session: Session, world: World, sign_in: SignIn
) -> None:
    send_in(world, state="returned", unit="5601")
    send_in(world, state="accepted", unit="5606")
    text = sign_in("reviewer").get("/reminders/text?programme=khok_nong_na_2567&occurrence=plan")
    words = re.search(r'id="paste-text"[^>]*>(.*?)</div>', text.text, re.DOTALL)
    assert words
    missing, mended = words[1].split("\n")[5:7]
    assert "7" in missing and "จุน" in missing and "ปง" not in missing
    assert "เมืองพะเยา" in mended
    assert "Test" not in words[1]  # no person


def test_an_officers_text_names_centres_without_visitors(world: World, sign_in: SignIn) -> None:
    page = sign_in("officer").get("/reminders/text").text
    assert "5606-001" in page and "5606-002" in page
    assert "5601-001" not in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_nothing_is_owed_the_page_says_so(
    session: Session, world: World, sign_in: SignIn
) -> None:
    send_in(world, state="accepted")
    page = sign_in("officer").get("/reminders/text?programme=khok_nong_na_2567&occurrence=plan")
    assert "paste-text" not in page.text
    assert page.status_code == 200


def test_the_address_of_the_page_may_ask_nonsense(world: World, sign_in: SignIn) -> None:
    officer = sign_in("officer")
    assert officer.get("/reminders/text?programme=x&occurrence=y").status_code == 200
    assert officer.get("/reminders?after=nonsense").status_code == 400
    assert officer.get("/reminders?show=x").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_list_of_what_would_be_told_tells_nobody(
    app: Flask, session: Session, world: World, sent: SentJobs
) -> None:
    result = app.test_cli_runner().invoke(args=["reminders", "due", "--on", "2024-02-06"])
    assert result.exit_code == 0
    assert "officer: plan of 5606, due 2024-02-13, 7 days before" in result.output
    assert session.scalar(select(func.count()).select_from(Reminder)) == 0
    assert sent.jobs == []
