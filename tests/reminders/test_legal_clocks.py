"""The thirty days of a request and the 72 hours of an incident are told by every channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.incidents.models import Incident
from app.incidents.rules import IncidentDraft
from app.incidents.service import open_incident
from app.reminders import delivery
from app.reminders.clocks import INCIDENTS, REQUESTS
from app.reminders.letters import digest, push_message
from app.reminders.models import Reminder
from app.reminders.service import remind
from app.reminders.words import lines_of
from app.shared.clock import bangkok_day
from app.shared.db import db
from app.subjects.models import SubjectRequest
from app.subjects.service import decide, open_request
from tests.conftest import World

START = datetime(2024, 2, 1, 3, 0, tzinfo=UTC)
SECRET, NUMBER = "ขอลบชื่อ นางสาวมะลิวัลย์", "0891357924"


def ask(session: Session, world: World, area_code: str = "560601") -> SubjectRequest:
    found = open_request(
        session, kind="forget", via="paper", area_code=area_code, visit_id=None, asked=SECRET,
        contact=NUMBER, recorded_by=world["officer"].account_id, now=START,
    )  # fmt: skip
    session.commit()
    return found


def happen(session: Session, world: World, area_code: str = "5606") -> Incident:
    draft = IncidentDraft("other", area_code, SECRET, None, START)
    found = open_incident(session, draft, actor=world["officer"], now=START)
    session.commit()
    return found


def told_at(session: Session, world: World, now: datetime) -> set[tuple[str, int]]:
    """Who is told what step now, and was not before."""
    names = {actor.account_id: name for name, actor in world.actors.items()}
    before = set(session.scalars(select(Reminder.id)))
    remind(session, [], allow_demo=True, now=now)
    remind(session, [], allow_demo=True, now=now)  # twice is harmless
    session.commit()
    rows = session.scalars(select(Reminder).where(Reminder.id.not_in(before)))
    return {(names[row.account_id], row.days_before) for row in rows}


def test_a_request_is_told_on_its_20th_27th_and_30th_day_and_when_late(
    session: Session, world: World
) -> None:
    ask(session, world)
    steps = {
        day: told_at(session, world, START + timedelta(days=day))
        for day in (0, 10, 19, 20, 21, 27, 29, 30, 31, 32, 40)
    }
    above = ("officer", "reviewer", "admin")
    assert {day: told for day, told in steps.items() if told} == {
        20: {("officer", 10)},
        27: {(who, 3) for who in above},
        30: {(who, 0) for who in above},
        31: {(who, -1) for who in above},
    }
    unread = select(Reminder).where(Reminder.read_at.is_(None), Reminder.kind == "due")
    assert session.scalars(unread).all() == []  # only the newest of one thing is news


def test_an_incident_is_told_after_24_48_and_66_hours_and_when_late(
    session: Session, world: World
) -> None:
    happen(session, world)
    steps = {
        hours: told_at(session, world, START + timedelta(hours=hours))
        for hours in (1, 23, 24, 30, 48, 65, 66, 71, 73, 90)
    }
    above = ("officer", "reviewer", "admin")
    assert {hours: told for hours, told in steps.items() if told} == {
        24: {(who, 48) for who in above},
        48: {(who, 24) for who in above},
        66: {(who, 6) for who in above},
        73: {(who, -1) for who in above},
    }


def test_a_provinces_own_is_told_to_the_province(session: Session, world: World) -> None:
    ask(session, world, area_code="56")
    happen(session, world, area_code="56")
    told = told_at(session, world, START + timedelta(days=20))
    assert told == {("reviewer", 10), ("admin", 10)}
    late = told_at(session, world, START + timedelta(hours=73))
    assert {who for who, _step in late} == {"reviewer", "admin"}


def test_what_was_answered_or_told_meanwhile_rings_nobody(session: Session, world: World) -> None:
    asked, incident = ask(session, world), happen(session, world)
    told_at(session, world, START + timedelta(days=20))
    told_at(session, world, START + timedelta(hours=24))
    rows = session.scalars(select(Reminder)).all()
    assert {row.programme for row in rows} == {REQUESTS, INCIDENTS}
    assert set(delivery.to_tell(session, rows, delivery.PUSH)) == set(rows)

    decide(session, asked.id, done=True, decision="ลบแล้ว", actor=world["officer"], now=START)
    incident.told_office_at = START + timedelta(hours=30)
    session.commit()
    assert delivery.to_tell(session, rows, delivery.PUSH) == []
    assert told_at(session, world, START + timedelta(hours=50)) == set()
    assert told_at(session, world, START + timedelta(days=27)) == set()
    assert all(line.settled for line in lines_of(session, rows, bangkok_day(START)))


def test_no_message_says_who_it_is_about(app: Flask, world: World) -> None:
    today = bangkok_day(START + timedelta(days=20))
    with app.test_request_context():
        session = db.session()
        ask(session, world)
        happen(session, world)
        told_at(session, world, START + timedelta(days=20))
        rows = session.scalars(
            select(Reminder).where(Reminder.account_id == world["officer"].account_id)
        ).all()
        letter = digest(session, world["officer"].account_id, "a@example.org", rows, today)
        pushed = [push_message([line], today) for line in lines_of(session, rows, today)]
        said = f"{letter.subject}{letter.text}{pushed}"
        assert "ปง" in letter.text  # of which district it is
        assert not [word for word in (SECRET, NUMBER, "มะลิวัลย์") if word in said]
        assert not [row for row in rows if row.occurrence in said]


@pytest.mark.parametrize("make", [ask, happen])
def test_a_tap_leads_to_the_thing_itself(
    app: Flask,
    world: World,
    sign_in: Callable[[str], FlaskClient],
    make: Callable[[Session, World], SubjectRequest | Incident],
) -> None:
    with app.app_context():
        session = db.session()
        record_id: UUID = make(session, world).id
        day = 20 if make is ask else 1
        told_at(session, world, START + timedelta(days=day))
        officer = world["officer"].account_id
        row = session.scalars(select(Reminder).where(Reminder.account_id == officer)).one()
        reminder_id = row.id
        db.session.remove()
    client = sign_in("officer")
    page = client.get("/reminders")
    assert page.status_code == 200
    answer = client.get(f"/reminders/{reminder_id}", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path.endswith(str(record_id))
