"""A submission's life: sent, returned, mended, accepted, waived, opened again."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.service import actor_of
from app.audit.history import StaleVersion
from app.audit.models import AuditEntry
from app.plans.kinds import PLAN_ITEM
from app.review.content import sha256_of
from app.review.models import SubmissionEdition
from app.review.queries import edition_of, steps_of, submission_for, submission_of
from app.review.refusals import (
    MakerIsChecker,
    NothingToMend,
    NotMended,
    NotOpenYet,
    VerdictsOpen,
    WrongState,
)
from app.review.service import (
    Reason,
    accept,
    judge,
    may_submit,
    not_mended,
    reopen,
    return_,
    submit,
    waive,
)
from app.shared.errors import Forbidden, NotFound
from tests.conftest import World
from tests.review.cast import (
    KEY,
    LATER,
    NOW,
    PROGRAMME,
    TOO_LATE,
    correct,
    occurrence,
    plan_item,
    send,
    unit,
)

MEND = Reason("figures")


def test_what_is_sent_is_frozen_with_figures_items_and_a_hash(session: Session, world: World):
    item = plan_item(session, world["officer"], world.centre)
    sent = send(session, world)
    edition = edition_of(session, sent)
    assert (sent.state, sent.edition, sent.late, sent.version) == ("submitted", 1, False, 1)
    assert edition is not None
    assert edition.content["figures"]["plan_items"]["budget_baht"] == 5_000
    [held] = edition.content["items"]
    assert (held["id"], held["version"], held["centre_code"]) == (str(item.id), 1, "5606-001")
    assert edition.content_sha256 == sha256_of(edition.content)


def test_late_is_a_fact_about_the_first_edition_and_no_hindrance(session: Session, world: World):
    sent = submit(
        session, PROGRAMME, occurrence(), unit(session, world), seen_edition=0,
        actor=world["officer"], now=TOO_LATE, why_late="น้ำท่วมถนน",
    )  # fmt: skip
    assert sent.late
    assert [(step.step, step.reason) for step, _ in steps_of(session, sent)] == [
        ("submitted", "น้ำท่วมถนน")
    ]


def test_what_was_sent_in_time_stays_in_time_when_it_is_mended_late(session: Session, world: World):
    sent = send(session, world)
    return_(session, sent.id, expected_version=1, actor=world["reviewer"], now=NOW, reason=MEND)
    again = send(session, world, seen=1, now=TOO_LATE)
    assert (again.edition, again.late, again.version) == (2, False, 3)


def test_it_goes_back_with_a_reason_for_an_item_and_the_next_edition_shows_it_mended(
    session: Session, world: World
):
    bad = plan_item(session, world["officer"], world.centre)
    left = plan_item(session, world["officer"], world.neighbour)
    sent = send(session, world)
    for item in (bad, left):
        judge(
            session, sent.id, "plan_item", item.id, "return", actor=world["reviewer"], now=NOW,
            reason=Reason("figures", "งบไม่ตรง"),
        )  # fmt: skip
    return_(session, sent.id, expected_version=1, actor=world["reviewer"], now=NOW)
    correct(session, PLAN_ITEM, bad, world["officer"], budget_baht=4_000)
    again = send(session, world, seen=1, now=LATER)
    assert [one.item_id for one in not_mended(session, again)] == [left.id]
    first, second = (edition_of(session, again, number) for number in (1, 2))
    assert first is not None
    assert second is not None
    assert first.content["figures"]["plan_items"]["budget_baht"] == 10_000
    assert second.content["figures"]["plan_items"]["budget_baht"] == 9_000
    assert first.content_sha256 == sha256_of(first.content)


def test_with_items_to_mend_it_is_not_accepted(session: Session, world: World):
    item = plan_item(session, world["officer"], world.centre)
    sent = send(session, world)
    who = {"actor": world["reviewer"], "now": NOW}
    judge(session, sent.id, "plan_item", item.id, "return", reason=MEND, **who)
    with pytest.raises(VerdictsOpen):
        accept(session, sent.id, expected_version=1, **who)
    judge(session, sent.id, "plan_item", item.id, "ok", **who)
    assert accept(session, sent.id, expected_version=1, **who).state == "accepted"


def test_one_by_one_the_reviewer_may_accept_what_was_not_mended_but_not_in_a_heap(
    session: Session, world: World
):
    item = plan_item(session, world["officer"], world.centre)
    sent, who = send(session, world), {"actor": world["reviewer"], "now": NOW}
    judge(session, sent.id, "plan_item", item.id, "return", reason=MEND, **who)
    return_(session, sent.id, expected_version=1, **who)
    send(session, world, seen=1)
    with pytest.raises(NotMended):
        accept(session, sent.id, expected_version=3, only_mended=True, **who)
    assert accept(session, sent.id, expected_version=3, **who).state == "accepted"


def test_returned_it_says_what_is_to_be_mended(session: Session, world: World):
    sent = send(session, world)
    with pytest.raises(NothingToMend):
        return_(session, sent.id, expected_version=1, actor=world["reviewer"], now=NOW)


def test_who_sent_it_does_not_accept_waive_or_judge_their_way_around(
    session: Session, world: World
):
    sent = send(session, world)
    account = session.get_one(Account, world["officer"].account_id)
    account.role, account.area_code = "reviewer", "56"
    session.flush()
    promoted = actor_of(account)
    with pytest.raises(MakerIsChecker):
        accept(session, sent.id, expected_version=1, actor=promoted, now=NOW)
    with pytest.raises(MakerIsChecker):
        waive(
            session, PROGRAMME, occurrence(), unit(session, world), expected_version=1,
            reason=Reason("disaster"), actor=promoted, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("who", ["volunteer", "officer", "other_officer"])
def test_only_a_reviewer_decides(session: Session, world: World, who: str):
    sent = send(session, world)
    with pytest.raises((Forbidden, NotFound)):
        accept(session, sent.id, expected_version=1, actor=world[who], now=NOW)
    with pytest.raises((Forbidden, NotFound)):
        waive(
            session, PROGRAMME, occurrence(), unit(session, world), expected_version=1,
            reason=Reason("disaster"), actor=world[who], now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("who", ["volunteer", "other_officer", "reviewer", "admin"])
def test_only_the_districts_officer_sends(session: Session, world: World, who: str):
    with pytest.raises(Forbidden):
        send(session, world, who=who)


def test_a_centres_own_people_send_the_centres_report(session: Session, world: World):
    centre = unit(session, world, "5606-001")
    assert may_submit(world["volunteer"], centre)
    assert may_submit(world["officer"], centre)
    assert not may_submit(world["other_volunteer"], centre)
    assert not may_submit(world["volunteer"], unit(session, world))


def test_a_round_is_waived_before_anything_was_sent_and_owed_again_when_reopened(
    session: Session, world: World
):
    who = {"actor": world["reviewer"], "now": NOW}
    due = (PROGRAMME, occurrence("progress_1"), unit(session, world))
    letter = Reason("before_letter")
    waived = waive(session, *due, expected_version=0, reason=letter, **who)
    assert (waived.state, waived.edition, waived.reason_key) == ("waived", 0, "before_letter")
    assert waive(session, *due, expected_version=0, reason=letter, **who).version == 1
    with pytest.raises(WrongState):
        send(session, world, "progress_1")
    opened = reopen(session, waived.id, expected_version=1, reason=Reason(words="ส่งได้"), **who)
    assert (opened.state, opened.edition) == ("returned", 0)
    assert send(session, world, "progress_1").state == "submitted"


def test_what_was_accepted_is_opened_again_only_with_a_step_of_its_own(
    session: Session, world: World
):
    sent, who = send(session, world), {"actor": world["reviewer"], "now": NOW}
    accept(session, sent.id, expected_version=1, **who)
    with pytest.raises(WrongState):
        return_(session, sent.id, expected_version=2, reason=MEND, **who)
    reopen(session, sent.id, expected_version=2, reason=Reason(words="ตัวเลขผิด"), **who)
    return_(session, sent.id, expected_version=3, reason=MEND, **who)
    steps = [step.step for step, _ in steps_of(session, sent)]
    assert steps == ["returned", "reopened", "accepted", "submitted"]


def test_clicked_twice_is_one_step(session: Session, world: World):
    sent, who = send(session, world), {"actor": world["reviewer"], "now": NOW}
    assert send(session, world).edition == 1
    return_(session, sent.id, expected_version=1, reason=MEND, **who)
    assert return_(session, sent.id, expected_version=1, reason=MEND, **who).version == 2
    send(session, world, seen=1)
    assert send(session, world, seen=1).edition == 2
    accept(session, sent.id, expected_version=3, **who)
    assert accept(session, sent.id, expected_version=3, **who).version == 4
    words = Reason(words="ดูใหม่")
    reopen(session, sent.id, expected_version=4, reason=words, **who)
    assert reopen(session, sent.id, expected_version=4, reason=words, **who).version == 5
    assert len(steps_of(session, sent)) == 5


def test_another_reviewers_click_on_an_old_page_is_refused(session: Session, world: World):
    sent = send(session, world)
    accept(session, sent.id, expected_version=1, actor=world["reviewer"], now=NOW)
    with pytest.raises(StaleVersion):
        accept(session, sent.id, expected_version=1, actor=world["admin"], now=NOW)


def test_nothing_is_sent_before_the_round_opens(session: Session, world: World):
    with pytest.raises(NotOpenYet):
        send(session, world, "progress_1", now=NOW.replace(year=2023, month=12))
    assert submission_of(session, KEY, "progress_1", "5606") is None


def test_a_foreign_submission_does_not_exist(session: Session, world: World):
    sent = send(session, world)
    with pytest.raises(NotFound):
        submission_for(session, world["other_officer"], sent.id)
    with pytest.raises(NotFound):
        submission_for(session, world["volunteer"], sent.id)


def test_an_item_that_is_not_in_the_edition_is_not_judged(session: Session, world: World):
    sent = send(session, world)
    item = plan_item(session, world["officer"], world.centre)  # written afterwards
    with pytest.raises(NotFound):
        judge(session, sent.id, "plan_item", item.id, "ok", actor=world["reviewer"], now=NOW)


def test_every_step_is_in_the_audit_log(session: Session, world: World):
    sent, who = send(session, world), {"actor": world["reviewer"], "now": NOW}
    return_(session, sent.id, expected_version=1, reason=MEND, **who)
    send(session, world, seen=1)
    accept(session, sent.id, expected_version=3, **who)
    actions = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.object_id == str(sent.id))
        .order_by(AuditEntry.id)
    ).all()
    kept = [f"submission.{word}" for word in ("submitted", "returned", "submitted", "accepted")]
    assert actions == kept
    numbers = select(SubmissionEdition.number).where(SubmissionEdition.submission_id == sent.id)
    assert session.scalars(numbers.order_by(SubmissionEdition.number)).all() == [1, 2]
