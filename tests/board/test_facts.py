"""Facts: counted for all districts at once, within scope, in a fixed number of queries."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.board.board import Board, board_of
from app.board.due import calendar_of
from app.board.duties import duties_of
from app.board.facts import DistrictFacts, facts_by_district
from app.board.queries import quarter_by_unit
from app.devices.queries import unsent_by_centre, unsent_by_district
from app.findings.models import PhotoFinding
from app.rounds.programme import load_programme
from app.shared.clock import Quarter
from app.shared.ids import new_id
from tests.board.conftest import Counting
from tests.board.story import SECTORS, Story
from tests.conftest import NOW, World

CALENDAR = calendar_of(Quarter.parse("2567Q2"))
TODAY = date(2024, 2, 12)


def _facts(session: Session, actor: Actor, code: str = "5606") -> DistrictFacts:
    units = quarter_by_unit(session, actor, CALENDAR.quarter, by="district")
    programme = load_programme()
    return facts_by_district(session, actor, CALENDAR, programme, [code], units)[code]


def _board(session: Session, actor: Actor) -> Board:
    return board_of(session, actor, CALENDAR, TODAY)


def test_the_newest_order_tells_the_sectors(session: Session, story: Story, world: World) -> None:
    story.order("5606", SECTORS, date(2023, 12, 1))
    story.order("5606", SECTORS[:3], date(2024, 1, 5))
    story.order("5601", SECTORS)
    facts = _facts(session, world["reviewer"])
    assert [facts.orders, facts.sectors] == [2, frozenset(SECTORS[:3])]


def test_the_newest_assessment_of_the_year_counts_and_rises_from_the_year_before(
    session: Session, story: Story, world: World
) -> None:
    story.assessment(world.centre, "5606", "C", day=date(2023, 6, 1), year=2566)
    story.assessment(world.centre, "5606", "C", day=date(2023, 11, 1))
    story.assessment(world.centre, "5606", "C", decided="B", day=date(2024, 1, 9))
    story.assessment(world.neighbour, "5606", "A")
    facts = _facts(session, world["reviewer"])
    assert facts.grades == {"B": 1, "A": 1}
    assert [facts.centres, facts.confirmed, facts.raisable, facts.raised] == [2, 1, 1, 1]


def test_an_activity_counts_with_photos_that_are_here_and_not_doubted(
    session: Session, story: Story, world: World
) -> None:
    for centre, state in ((world.centre, "processed"), (world.neighbour, "awaited")):
        story.assessment(centre, "5606", "A")
        story.activity(centre, "5606", state="received" if state == "processed" else state)
    assert _facts(session, world["reviewer"]).active == {"A": 1}
    doubted = story.activity(world.neighbour, "5606", photos=0)
    photo = story.photo(world.neighbour, "activity", doubted.id)
    session.add(
        PhotoFinding(
            id=new_id(), photo_id=photo.id, kind="reuse", code="again", recipe=1,
            programme_version="x", text_th="ซ้ำ", text_en="again", found_at=NOW,
            decision="doubtful", decided_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    assert _facts(session, world["reviewer"]).active == {"A": 1}


def test_plans_posts_visits_are_counted_and_what_is_struck_out_is_not(
    session: Session, story: Story, world: World
) -> None:
    story.plan_item("5606", world.centre)
    story.plan_item("5606").dropped_reason = "ไม่ทำ"
    story.plan_item("5606").deleted_at = NOW
    story.post("5606", date(2024, 1, 3))
    story.post("5606", date(2024, 1, 30))
    story.post("5606", date(2024, 2, 2)).deleted_at = NOW
    story.post("5606", date(2023, 12, 31))
    story.visit(world.centre)
    facts = _facts(session, world["reviewer"])
    assert [facts.plan_items, facts.visits] == [1, 1]
    assert facts.months_posted == {(2024, 1)}


def test_an_officer_counts_the_own_district_only(
    session: Session, story: Story, world: World
) -> None:
    story.order("5601")
    story.plan_item("5601")
    assert _facts(session, world["officer"], "5601") == DistrictFacts("5601")
    assert [line.unit.code for line in _board(session, world["officer"]).lines] == ["5606"]


def test_phones_are_counted_by_district_and_by_centre(
    session: Session, story: Story, world: World
) -> None:
    story.phone("volunteer", records=2)
    story.phone("officer", records=1, photos=4)
    story.phone("other_officer", photos=1).revoked_at = NOW
    by_district = unsent_by_district(session, world["reviewer"])
    assert {code: one.items for code, one in by_district.items()} == {"5606": 7}
    assert by_district["5606"].since
    by_centre = unsent_by_centre(session, world["reviewer"])
    assert {key: one.items for key, one in by_centre.items()} == {world.centre: 2}
    assert unsent_by_district(session, world["other_officer"]) == {}


def test_a_board_tells_what_phones_hold_only_where_phones_write_it(
    session: Session, story: Story, world: World
) -> None:
    story.phone("officer", records=3)
    (line,) = _board(session, world["officer"]).lines
    states = {cell.occurrence.key: cell.state for cell in line.cells}
    assert [states["progress_2"], states["plan"]] == ["phone", "draft"]


def test_centres_are_shown_with_everything_they_owe(
    session: Session, story: Story, world: World
) -> None:
    story.assessment(world.centre, "5606", "B", decided="A")
    story.activity(world.centre, "5606", photos=2)
    story.plan_item("5606", world.centre, done=60)
    story.plan_item("5606", world.centre)
    story.post("5606", date(2024, 2, 3), world.centre)
    story.visit(world.centre)
    story.phone("volunteer", records=2)
    first, second = duties_of(session, world["officer"], CALENDAR, TODAY)
    assert first.assessment
    assert [first.assessment.grade, first.figures.visits, first.figures.photos] == ["A", 1, 2]
    assert [first.activities, first.posts, first.plan_items, first.plan_done] == [1, 1, 2, 30]
    assert first.unsent
    assert [second.assessment, second.activities, second.unsent] == [None, 0, None]


@pytest.mark.parametrize("what", ["board", "duties"])
def test_nine_districts_and_sixty_centres_ask_the_database_no_more_than_one_and_three(
    session: Session, story: Story, world: World, counting: Counting, what: str
) -> None:
    def ask(actor: Actor) -> int:
        session.expire_all()
        with counting() as statements:
            if what == "board":
                _board(session, actor)
            else:
                duties_of(session, actor, CALENDAR, TODAY)
        return len(statements)

    story.plan_item("5606", world.centre, done=10)
    few = ask(world["officer"])
    for number in range(57):
        district = f"560{number % 9 + 1}"
        centre = story.centre(f"{district}-{number + 100}", f"{district}01")
        story.assessment(centre.id, district, "B")
        story.plan_item(district, centre.id, done=10)
    assert ask(world["reviewer"]) == few
    assert few <= 20
