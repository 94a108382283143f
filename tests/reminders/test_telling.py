"""What becomes of a report is told to whom it concerns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.reminders import jobs, service
from app.reminders.due import Told
from app.reminders.queries import unread_count
from app.review.models import Submission
from tests.conftest import SentJobs, World
from tests.reminders.conftest import PLAN_DUE, Clock, send_in

Heard = Callable[..., list[tuple[str, str, int]]]


@pytest.mark.parametrize("state", ["returned", "accepted"])
def test_who_sent_it_hears_what_became_of_it(
    session: Session, world: World, clock: Clock, told: Heard, state: str
) -> None:
    jobs.tell(submission_id=str(send_in(world, state=state)))  # type: ignore[arg-type]
    assert told(world["officer"].account_id) == [(state, "5606", -1)]
    assert told(world["other_officer"].account_id) == []
    assert told(world["reviewer"].account_id) == []


def test_reviewers_hear_that_something_came(
    session: Session, world: World, clock: Clock, told: Heard, sent: SentJobs
) -> None:
    jobs.tell(submission_id=str(send_in(world)))
    assert told(world["reviewer"].account_id) == [("submitted", "5606", -1)]
    assert told(world["officer"].account_id) == []
    assert sent.jobs == [("app.reminders.jobs.deliver", {})]


def test_a_second_ring_tells_nobody_again_and_the_next_edition_does(
    session: Session, world: World, clock: Clock, told: Heard
) -> None:
    submission_id = send_in(world, state="returned")
    for _ in range(3):
        jobs.tell(submission_id=str(submission_id))
    row = session.get_one(Submission, submission_id)
    row.edition = 2
    session.commit()
    jobs.tell(submission_id=str(submission_id))
    assert told(world["officer"].account_id) == [("returned", "5606", -1)] * 2


def test_what_was_returned_and_then_accepted_in_one_edition_is_told_as_both(
    session: Session, world: World, clock: Clock, told: Heard
) -> None:
    submission_id = send_in(world, state="returned")
    jobs.tell(submission_id=str(submission_id))
    session.get_one(Submission, submission_id).state = "accepted"
    session.commit()
    clock.later(minutes=1)
    jobs.tell(submission_id=str(submission_id))
    kinds = [kind for kind, _unit, _step in told(world["officer"].account_id)]
    assert kinds == ["returned", "accepted"]


def test_a_bell_that_was_lost_is_made_up_for(
    session: Session, world: World, clock: Clock, told: Heard
) -> None:
    send_in(world, state="returned", unit="5606", at=clock())
    clock.later(days=2)
    jobs.remind()
    assert ("returned", "5606", -1) in told(world["officer"].account_id)


def test_where_the_senders_account_is_closed_the_district_hears(
    session: Session, world: World, clock: Clock, told: Heard
) -> None:
    colleague = Account(
        username="colleague", name="Colleague", role="officer", area_code="5606",
        password_hash="-", created_at=clock(),
    )  # fmt: skip
    session.add(colleague)
    session.get_one(Account, world["officer"].account_id).disabled_at = clock()
    session.commit()
    jobs.tell(submission_id=str(send_in(world, state="returned")))
    assert told(colleague.id) == [("returned", "5606", -1)]


def test_a_report_that_is_gone_or_waived_is_no_news(
    session: Session, world: World, clock: Clock
) -> None:
    jobs.tell(submission_id="00000000-0000-7000-8000-000000000000")
    jobs.tell(submission_id=str(send_in(world, state="waived")))
    assert unread_count(session, world["officer"].account_id) == 0


def test_the_bell_counts_up_to_99(session: Session, world: World, clock: Clock) -> None:
    officer = world["officer"].account_id
    many = [
        Told(officer, "accepted", "p_2567", "plan", f"5606-{n:03}", -1, PLAN_DUE)
        for n in range(101)
    ]
    service.make(session, many, now=clock())
    assert unread_count(session, officer) == 99
