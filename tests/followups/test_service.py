"""The follow-ups' promises: stored once, the next one planned, people counted once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.followups.models import Followup
from app.followups.queries import (
    FollowupFilter,
    due_counts,
    due_visits,
    followup_for,
    followup_totals,
    followups_for_report,
    list_followups,
)
from app.followups.rules import current_step, next_due
from app.followups.service import (
    FollowupConflict,
    UnknownVisit,
    delete_followup,
    record_followup,
)
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.visits.models import Visit
from app.visits.service import delete_visit, record_visit
from tests.conftest import World
from tests.followups.drafts import VISITED, make_followup
from tests.visits.drafts import CONSENTED, NOW, PROGRAMME, TODAY, make_draft

EVERYTHING = FollowupFilter()
MONTHS = PROGRAMME.followup_months


def consented(session: Session, world: World, centre: UUID | None = None, **facts) -> Visit:
    draft = make_draft(centre or world.centre, **{"visit_date": VISITED} | CONSENTED | facts)
    return record_visit(session, draft, actor=world["reviewer"], now=NOW)[0]


def follow(session: Session, world: World, visit: Visit, **facts) -> Followup:
    draft = make_followup(visit.id, **facts)
    return record_followup(session, draft, actor=world["officer"], now=NOW)[0]


def test_a_phone_that_retries_records_one_followup(session: Session, world: World):
    draft = make_followup(consented(session, world).id)
    first, created = record_followup(session, draft, actor=world["officer"], now=NOW)
    again, created_again = record_followup(session, draft, actor=world["officer"], now=NOW)
    assert (again.id, created, created_again) == (first.id, True, False)
    assert session.scalar(select(func.count(Followup.id))) == 1


def test_the_same_id_with_other_content_is_a_conflict(session: Session, world: World):
    visit = consented(session, world)
    first = follow(session, world, visit)
    with pytest.raises(FollowupConflict):
        follow(session, world, visit, id=first.id, n_used=9)
    assert followup_for(session, world["officer"], first.id).n_used == 4


def test_the_next_check_follows_the_programmes_steps_and_then_ends(session: Session, world: World):
    visit = consented(session, world)
    due = [visit.next_followup_on]
    for step, day in ((1, date(2024, 2, 12)), (3, date(2024, 4, 12)), (6, date(2024, 7, 12))):
        follow(session, world, visit, step_months=step, followed_on=day)
        due.append(visit.next_followup_on)
    assert due == [date(2024, 2, 10), date(2024, 4, 10), date(2024, 7, 10), None]


def test_a_day_asked_for_comes_before_the_programmes(session: Session, world: World):
    visit = consented(session, world)
    follow(session, world, visit, next_due_on=date(2024, 3, 1))
    assert visit.next_followup_on == date(2024, 3, 1)


def test_phones_that_send_in_the_wrong_order_plan_the_same_day(session: Session, world: World):
    visit = consented(session, world)
    follow(session, world, visit, step_months=3, followed_on=date(2024, 4, 12))
    follow(session, world, visit, step_months=1, followed_on=date(2024, 2, 12))
    assert visit.next_followup_on == date(2024, 7, 10)


def test_striking_a_check_out_makes_its_visit_due_again(session: Session, world: World):
    visit = consented(session, world)
    followup = follow(session, world, visit)
    delete_followup(session, followup.id, reason="ผิดกลุ่ม", actor=world["officer"], now=NOW)
    assert visit.next_followup_on == date(2024, 2, 10)
    with pytest.raises(NotFound):
        followup_for(session, world["officer"], followup.id)


def test_someone_who_did_not_agree_is_never_put_on_the_list(session: Session, world: World):
    draft = make_draft(world.centre, visit_date=VISITED)
    visit, _ = record_visit(session, draft, actor=world["officer"], now=NOW)
    follow(session, world, visit, method="activity", next_due_on=date(2024, 3, 1))
    assert visit.next_followup_on is None


def test_a_foreign_or_struck_out_visit_cannot_be_followed_up(session: Session, world: World):
    foreign = consented(session, world, world.stranger)
    gone = consented(session, world)
    delete_visit(
        session, gone.id, expected_version=1, reason="ลงซ้ำ", actor=world["officer"], now=NOW
    )
    for visit in (foreign, gone):
        with pytest.raises(UnknownVisit):
            follow(session, world, visit)


def test_the_due_list_shows_overdue_first_then_thirty_days(session: Session, world: World):
    days = [TODAY + timedelta(days=n) for n in (-40, -1, 0, 30, 31)]
    visits = [consented(session, world) for _ in days]
    for visit, day in zip(visits, days, strict=True):
        visit.next_followup_on = day
    session.flush()
    shown = due_visits(session, world["officer"], today=TODAY).items
    assert [visit.id for visit in shown] == [visit.id for visit in visits[:4]]
    assert due_counts(session, world["officer"], today=TODAY) == (2, 2)


def test_the_due_list_stays_inside_the_area(session: Session, world: World):
    consented(session, world, world.stranger)
    assert due_visits(session, world["officer"], today=TODAY).items == []
    assert due_counts(session, world["officer"], today=TODAY) == (0, 0)


def test_pages_of_the_due_list_neither_skip_nor_repeat(session: Session, world: World):
    stored = {consented(session, world, visit_date=TODAY - timedelta(days=n % 4)).id
              for n in range(70)}  # fmt: skip
    day = TODAY + timedelta(days=30)
    seen, cursor = [], None
    while True:
        page = due_visits(session, world["officer"], today=day, after=cursor)
        seen += [visit.id for visit in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == 70
    assert set(seen) == stored


def test_people_are_counted_once_however_often_they_are_asked(session: Session, world: World):
    visit = consented(session, world)
    follow(session, world, visit, n_followed=42, n_used=5)
    later = date(2024, 4, 12)
    follow(session, world, visit, step_months=3, followed_on=later, n_followed=40, n_used=12)
    totals = followup_totals(session, world["officer"], EVERYTHING)
    assert (totals.checks, totals.visits, totals.visitors) == (2, 1, 42)
    assert (totals.followed, totals.used) == (40, 12)


def test_a_call_nobody_answered_does_not_erase_an_earlier_answer(session: Session, world: World):
    visit = consented(session, world)
    follow(session, world, visit)
    silence = {"used": "unreachable", "n_followed": 0, "n_used": 0}
    follow(session, world, visit, followed_on=date(2024, 2, 13), **silence)
    totals = followup_totals(session, world["officer"], EVERYTHING)
    assert (totals.checks, totals.followed, totals.used) == (2, 10, 4)


def test_totals_of_nothing_have_a_zero_denominator(session: Session, world: World):
    totals = followup_totals(session, world["officer"], EVERYTHING)
    assert (totals.checks, totals.visits, totals.followed, totals.used) == (0, 0, 0, 0)


def test_a_quarter_of_checks_is_of_bangkok_days(session: Session, world: World):
    visit = consented(session, world)
    last = follow(session, world, visit, followed_on=date(2024, 3, 31))
    first = follow(session, world, visit, followed_on=date(2024, 4, 1))
    for quarter, expected in ((Quarter(2567, 2), last), (Quarter(2567, 3), first)):
        page = list_followups(session, world["officer"], FollowupFilter(quarter=quarter))
        assert [followup.id for followup in page.items] == [expected.id]


def test_a_check_is_found_by_its_group_and_by_its_own_words(session: Session, world: World):
    visit = consented(session, world, group_name="กลุ่มน้ำใจ")
    found = follow(session, world, visit, used="not_yet", n_used=0, reason="ไม่มีน้ําพอ")
    follow(session, world, consented(session, world, group_name="อื่น"))
    for words in ("น้ําใจ", "มีน้ำ", "กลุ่ม พอ"):
        page = list_followups(session, world["officer"], FollowupFilter(search=words))
        assert [followup.id for followup in page.items] == [found.id], words


def test_reports_follow_the_official_area_codes(session: Session, world: World):
    for centre in (world.neighbour, world.centre):
        follow(session, world, consented(session, world, centre))
    rows = list(followups_for_report(session, world["reviewer"], EVERYTHING))
    assert [row.centre.code for row in rows] == ["5606-001", "5606-002"]


def test_a_check_without_a_step_counts_as_the_latest_whose_day_has_come():
    plan = {"step_months": None, "asked_for": None, "months": MONTHS}
    assert next_due(VISITED, followed_on=date(2024, 1, 20), **plan) == date(2024, 2, 10)
    assert next_due(VISITED, followed_on=date(2024, 2, 10), **plan) == date(2024, 4, 10)
    assert next_due(VISITED, followed_on=date(2025, 1, 1), **plan) is None


def test_the_step_that_is_due_is_known_and_a_day_by_hand_is_none():
    assert current_step(VISITED, date(2024, 4, 10), MONTHS) == 3
    assert current_step(VISITED, date(2024, 4, 11), MONTHS) is None
    assert current_step(VISITED, None, MONTHS) is None
