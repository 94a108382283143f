"""Reminders are made for who owes something: once, in time, and never in a burst."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.reminders import jobs, service
from app.reminders.models import Reminder
from app.rounds.programme import load_programme
from app.rounds.schema import Programme, Round, Words
from app.shared.clock import Quarter
from app.shared.db import db
from tests.conftest import SentJobs, World
from tests.reminders.conftest import PLAN_DUE, Clock, noon, send_in

Told = Callable[..., list[tuple[str, str, int]]]


@pytest.fixture
def officer(world: World) -> UUID:
    """Pong's officer."""
    return world["officer"].account_id


def test_who_owes_is_told_7_3_1_and_0_days_before(
    session: Session, officer: UUID, clock: Clock, told: Told
) -> None:
    for days in range(10, -1, -1):
        clock.on(PLAN_DUE - timedelta(days=days))
        jobs.remind()
    assert told(officer) == [("due", "5606", step) for step in (7, 3, 1, 0)]


def test_each_district_is_told_of_its_own(
    session: Session, world: World, clock: Clock, told: Told
) -> None:
    jobs.remind()
    assert told(world["other_officer"].account_id) == [("due", "5601", 7)]
    for who in ("volunteer", "reviewer", "admin"):  # the plan is the district's
        assert told(world[who].account_id) == []


def test_a_second_run_tells_nobody_again(
    session: Session, world: World, clock: Clock, sent: SentJobs
) -> None:
    jobs.remind()
    count = session.scalar(select(func.count()).select_from(Reminder))
    jobs.remind()
    clock.later(hours=5)
    jobs.remind()
    assert session.scalar(select(func.count()).select_from(Reminder)) == count


def test_four_runs_at_once_tell_everybody_once(app: Flask, world: World, clock: Clock) -> None:
    barrier = Barrier(4)

    def run() -> None:
        with app.app_context():
            barrier.wait(timeout=20)
            jobs.remind()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with app.app_context():
        steps = db.session.execute(
            select(Reminder.account_id, Reminder.occurrence, Reminder.days_before)
        ).all()
        # Two districts' officers, three reports due on the 13th and progress_1, late since 30 Jan.
        assert len(steps) == len(set(steps)) > 0


@pytest.mark.parametrize("state", ["submitted", "accepted", "waived"])
def test_who_has_sent_it_hears_nothing(
    session: Session, world: World, officer: UUID, clock: Clock, told: Told, state: str
) -> None:
    send_in(world, state=state, at=noon(date(2024, 1, 2)))  # type: ignore[arg-type]
    jobs.remind()
    assert ("due", "5606", 7) not in told(officer)
    assert told(world["other_officer"].account_id) == [("due", "5601", 7)]


def test_what_came_back_is_owed_again(
    session: Session, world: World, officer: UUID, clock: Clock, told: Told
) -> None:
    send_in(world, state="returned", at=noon(date(2024, 1, 2)))
    jobs.remind()
    assert told(officer) == [("due", "5606", 7)]


def test_after_days_without_a_server_only_the_nearest_step_is_made_up(
    session: Session, officer: UUID, clock: Clock, told: Told
) -> None:
    clock.on(PLAN_DUE - timedelta(days=2))  # off on the 7th and on the 3rd day before
    jobs.remind()
    assert told(officer) == [("due", "5606", 3)]
    clock.on(PLAN_DUE - timedelta(days=1))
    jobs.remind()
    assert told(officer) == [("due", "5606", 3), ("due", "5606", 1)]


def test_somebody_new_is_told_the_step_that_runs(
    session: Session, officer: UUID, clock: Clock, told: Told
) -> None:
    jobs.remind()
    new = Account(
        username="new.officer", name="New", role="officer", area_code="5606",
        password_hash="-", created_at=noon(PLAN_DUE),
    )  # fmt: skip
    session.add(new)
    session.commit()
    clock.later(days=2)
    jobs.remind()
    assert told(new.id) == [("due", "5606", 7)]
    assert told(officer) == [("due", "5606", 7)]


def test_a_closed_account_is_told_nothing(
    session: Session, officer: UUID, clock: Clock, told: Told
) -> None:
    session.get_one(Account, officer).disabled_at = noon(PLAN_DUE)
    session.commit()
    jobs.remind()
    assert told(officer) == []


def test_late_is_told_once_and_the_reviewer_in_one_line_for_all(
    session: Session, world: World, officer: UUID, clock: Clock, told: Told
) -> None:
    for days in range(1, 10):
        clock.on(PLAN_DUE + timedelta(days=days))
        jobs.remind()
    assert told(officer) == [("late", "5606", -1)]
    assert told(world["reviewer"].account_id) == [("late", "56", -1)]
    row = session.scalars(
        select(Reminder).where(
            Reminder.account_id == world["reviewer"].account_id, Reminder.occurrence == "plan"
        )
    ).one()
    assert row.units == 9  # every district of the province


def test_a_first_start_years_later_tells_nothing_of_long_ago(
    session: Session, world: World, clock: Clock
) -> None:
    clock.on(date(2026, 11, 23))
    jobs.remind()
    assert session.scalar(select(func.count()).select_from(Reminder)) == 0


def test_the_day_turns_at_midnight_in_bangkok(
    session: Session, officer: UUID, clock: Clock, told: Told
) -> None:
    clock.instant = datetime(2024, 2, 5, 16, 59, tzinfo=UTC)  # 23.59 on the 5th there: 8 days
    jobs.remind()
    assert told(officer) == []
    clock.instant = datetime(2024, 2, 5, 17, 0, tzinfo=UTC)  # 6 February there
    jobs.remind()
    assert told(officer) == [("due", "5606", 7)]


def test_a_report_due_in_january_is_told_in_december(
    session: Session, officer: UUID, clock: Clock, told: Told
) -> None:
    due = _round("turn", due_on=date(2024, 1, 4), level="district")  # 1 January is a holiday
    clock.on(date(2023, 12, 28))
    _remind(session, _programme(due), clock)
    assert told(officer, "turn") == [("due", "5606", 7)]
    clock.on(date(2024, 1, 1))
    _remind(session, _programme(due), clock)
    assert told(officer, "turn") == [("due", "5606", 7), ("due", "5606", 3)]


def test_the_29th_of_february_is_a_day(
    session: Session, officer: UUID, clock: Clock, told: Told
) -> None:
    due = _round("leap", due_on=date(2024, 3, 1), level="district")
    clock.on(date(2024, 2, 29))
    _remind(session, _programme(due), clock)
    assert told(officer, "leap") == [("due", "5606", 1)]


def test_a_due_day_that_moves_is_told_anew(
    session: Session, officer: UUID, clock: Clock, told: Told
) -> None:
    _remind(session, _programme(_round("moved", due_on=PLAN_DUE, level="district")), clock)
    later = PLAN_DUE + timedelta(days=14)
    clock.on(later - timedelta(days=7))
    _remind(session, _programme(_round("moved", due_on=later, level="district")), clock)
    assert told(officer, "moved") == [("due", "5606", 7), ("due", "5606", 7)]


def test_a_centres_report_is_told_to_its_people_and_once_to_the_district(
    session: Session, world: World, officer: UUID, clock: Clock, told: Told
) -> None:
    programme = _programme(_round("of_centres", due_on=PLAN_DUE, level="centre"))
    _remind(session, programme, clock)
    assert told(world["volunteer"].account_id, "of_centres") == [("due", "5606-001", 7)]
    assert told(world["other_volunteer"].account_id, "of_centres") == [("due", "5606-002", 7)]
    assert told(officer, "of_centres") == [("due", "5606", 7)]
    row = session.scalars(select(Reminder).where(Reminder.account_id == officer)).one()
    assert row.units == 2


def test_many_rounds_at_once_are_all_made(session: Session, officer: UUID, clock: Clock) -> None:
    rounds = [_round(f"many_{n}", due_on=PLAN_DUE, level="district") for n in range(300)]
    _remind(session, _programme(*rounds), clock)
    mine = select(func.count()).select_from(Reminder).where(Reminder.account_id == officer)
    assert session.scalar(mine) == 300


def test_a_run_by_day_rings_for_what_is_to_be_sent_and_none_by_night(
    session: Session, world: World, clock: Clock, sent: SentJobs
) -> None:
    clock.later(hours=9)  # 21 o'clock
    jobs.remind()
    assert sent.jobs == []
    clock.later(hours=11)
    jobs.remind()
    assert sent.jobs == [("app.reminders.jobs.deliver", {})]


def _round(key: str, *, due_on: date, level: str) -> Round:
    title = Words(th="รายงานทดสอบ", en="A test report")
    return Round(
        key=key, title=title, level=level, quarter=Quarter(2567, 2), due_on=due_on,
        opens_on=date(2023, 10, 1),
    )  # type: ignore[arg-type]  # fmt: skip


def _programme(*rounds: Round) -> Programme:
    return load_programme().model_copy(update={"rounds": rounds})


def _remind(session: Session, programme: Programme, clock: Clock) -> None:
    service.remind(session, [programme], allow_demo=True, now=clock())
    session.commit()
