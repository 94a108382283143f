"""Reading the visitor book: nobody sees too much, nothing is skipped or shown twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.shared.paging import BadCursor
from app.visits.queries import (
    VisitFilter,
    list_visits,
    visit_for,
    visit_totals,
    visits_for_report,
)
from app.visits.service import record_visit
from tests.conftest import World
from tests.visits.drafts import NOW, TODAY, make_draft

EVERYTHING = VisitFilter()


def store(session: Session, world: World, **facts):
    draft = make_draft(facts.pop("centre", world.centre), **facts)
    return record_visit(session, draft, actor=world["reviewer"], now=NOW)[0]


def found(session: Session, actor, **wanted) -> list:
    return [visit.id for visit in list_visits(session, actor, VisitFilter(**wanted)).items]


def test_each_person_sees_their_own_area_and_no_more(session: Session, world: World):
    visits = {
        n: store(session, world, centre=getattr(world, n)).id
        for n in ("centre", "neighbour", "stranger")
    }

    assert found(session, world["volunteer"]) == [visits["centre"]]
    assert set(found(session, world["officer"])) == {visits["centre"], visits["neighbour"]}
    assert set(found(session, world["reviewer"])) == set(visits.values())
    with pytest.raises(NotFound):
        visit_for(session, world["officer"], visits["stranger"])


@pytest.mark.parametrize("typed", ["น้ำใจ", "น้ําใจ", "กลุ่มแม่บ้าน", "กลุ่มเเม่บ้าน", "บ้าน น้ำ"])
def test_search_finds_a_thai_word_however_it_is_spelled(session: Session, world: World, typed: str):
    visit = store(session, world, group_name="กลุ่มเเม่บ้านน้ําใจงาม")
    store(session, world, group_name="โรงเรียนอื่น")
    assert found(session, world["officer"], search=typed) == [visit.id]


def test_search_finds_the_place_visitors_came_from(session: Session, world: World):
    visit = store(session, world, origin_subdistrict_code="560505")
    store(session, world, origin_text="เชียงใหม่")
    assert found(session, world["officer"], search="ห้วยลาน") == [visit.id]


def test_search_takes_percent_and_underscore_for_what_they_are(session: Session, world: World):
    percent = store(session, world, group_name="ลด 50% ทุกแปลง")
    store(session, world, group_name="ลด 500 ทุกแปลง")
    assert found(session, world["officer"], search="50%") == [percent.id]
    assert found(session, world["officer"], search="_") == []


def test_a_name_given_without_consent_is_never_searchable(session: Session, world: World):
    visit = store(session, world, consent_followup=True, leader_name="ครูสมศรี", phone="0812345678")
    assert found(session, world["officer"], search="สมศรี") == [visit.id]
    assert found(session, world["officer"], search="0812345678") == []


def test_a_quarter_ends_at_midnight_in_bangkok(session: Session, world: World):
    last = store(session, world, visit_date=date(2023, 12, 31))
    first = store(session, world, visit_date=date(2024, 1, 1))
    assert found(session, world["officer"], quarter=Quarter(2567, 1)) == [last.id]
    assert found(session, world["officer"], quarter=Quarter(2567, 2)) == [first.id]


def test_filters_narrow_down_by_centre_kind_and_district(session: Session, world: World):
    near = store(session, world, kind="activity")
    far = store(session, world, centre=world.stranger)
    assert found(session, world["reviewer"], centre_id=world.stranger) == [far.id]
    assert found(session, world["reviewer"], kind="activity") == [near.id]
    assert found(session, world["reviewer"], district="5601") == [far.id]


def test_pages_show_every_visit_once_even_when_days_repeat(session: Session, world: World):
    stored = [
        store(session, world, visit_date=TODAY - timedelta(days=n % 3)).id for n in range(120)
    ]
    seen, cursor = [], None
    while True:
        page = list_visits(session, world["officer"], EVERYTHING, after=cursor)
        seen += [visit.id for visit in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(stored) == len(set(seen))
    assert set(seen) == set(stored)


def test_a_visit_added_while_reading_shifts_nothing(session: Session, world: World):
    for n in range(60):
        store(session, world, visit_date=TODAY - timedelta(days=n))
    first = list_visits(session, world["officer"], EVERYTHING)
    store(session, world, visit_date=TODAY)
    second = list_visits(session, world["officer"], EVERYTHING, after=first.next_cursor)
    days = [visit.visit_date for visit in (*first.items, *second.items)]
    assert days == [TODAY - timedelta(days=n) for n in range(60)]


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WyIyMDI0LTAyLTEzIiwxXQ", "ก", "A" * 5000, "bnVsbA"]
)
def test_a_tampered_page_address_is_refused(session: Session, world: World, cursor: str):
    with pytest.raises(BadCursor):
        list_visits(session, world["officer"], EVERYTHING, after=cursor)


def test_totals_cover_the_whole_filter_and_not_the_page(session: Session, world: World):
    for _ in range(60):
        store(session, world, n_male=1, n_female=2, n_other=1, n_child=1)
    store(session, world, centre=world.stranger)
    totals = visit_totals(session, world["officer"], EVERYTHING)
    assert (totals.visits, totals.people, totals.male, totals.children) == (60, 240, 60, 60)


def test_totals_of_nothing_are_zero(session: Session, world: World):
    assert visit_totals(session, world["officer"], EVERYTHING).people == 0


def test_reports_follow_the_official_area_codes(session: Session, world: World):
    for centre in (world.stranger, world.centre, world.neighbour):
        store(session, world, centre=centre)
    codes = [v.centre.code for v in visits_for_report(session, world["reviewer"], EVERYTHING)]
    assert codes == ["5601-001", "5606-001", "5606-002"]
