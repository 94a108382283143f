"""A report is put together from what was captured: nothing is typed twice, nothing is left out."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.activities.kinds import ACTIVITY
from app.assessments.kinds import ASSESSMENT
from app.documents.kinds import DOCUMENT
from app.followups.service import record_followup
from app.networks.kinds import NETWORK_ORDER
from app.plans.kinds import PLAN_RESULT
from app.publicity.kinds import POST
from app.records.service import strike_out
from app.review.assembly import assemble
from app.review.content import Content, sha256_of
from app.shared.files import FileStore
from app.visits.service import record_visit
from tests.conftest import World
from tests.followups.drafts import make_followup
from tests.photos.conftest import receive
from tests.review.cast import (
    DISTRICT,
    NOW,
    PROGRAMME,
    activity,
    occurrence,
    plan_item,
    unit,
    write,
)
from tests.visits.drafts import CONSENTED, make_draft

PROGRESS = "progress_2"  # covers 1 January to 15 February 2567
DAY = date(2024, 1, 20)


def put_together(session: Session, world: World, key: str, code: str = DISTRICT) -> Content:
    return assemble(session, PROGRAMME, occurrence(key), unit(session, world, code))


def gap_codes(content: Content) -> dict[str, int]:
    return {gap["code"]: gap["count"] for gap in content.gaps}


def assess(session: Session, world: World, centre: UUID, day: date, grade: str, year: int = 2567):
    points = [
        {"criterion": one.key, "points": 2, "note": None, "evidence": []}
        for one in PROGRAMME.assessment.criteria
    ]
    return write(
        session, ASSESSMENT, world["officer"], centre_id=centre, assessed_on=day,
        fiscal_year=year, assessor="พัฒนากร", scores=points, proposed_grade=grade,
    )  # fmt: skip


def test_visits_come_as_figures_and_a_list_of_ids_and_no_names(session: Session, world: World):
    inside = make_draft(world.centre, visit_date=DAY, **CONSENTED)
    for draft in (
        inside,
        make_draft(world.neighbour, visit_date=date(2024, 2, 16)),  # after the last day
        make_draft(world.stranger, visit_date=DAY),  # another district's
    ):
        record_visit(session, draft, actor=world["admin"], now=NOW)
    content = put_together(session, world, PROGRESS)
    figures = content.figures["visits"]
    assert (figures["times"], figures["people"], figures["children"]) == (1, 42, 20)
    assert figures["by_kind"] == {"study": 42}
    assert content.listed["visit"] == [f"{inside.id}:1"]
    assert "ครูสมศรี" not in str(content.plain())
    assert gap_codes(content)["centres_without_visits"] == 1


def test_followed_up_and_used_have_their_denominator(session: Session, world: World):
    visit = make_draft(world.centre, visit_date=date(2024, 1, 5), **CONSENTED)
    record_visit(session, visit, actor=world["officer"], now=NOW)
    record_followup(session, make_followup(visit.id), actor=world["officer"], now=NOW)
    figures = put_together(session, world, PROGRESS).figures["followups"]
    assert (figures["visitors"], figures["followed"], figures["used"]) == (42, 10, 4)


def test_an_activity_counts_for_each_side_it_serves(session: Session, world: World):
    activity(session, world["volunteer"], world.centre, sides=["place", "people"])
    struck = activity(session, world["volunteer"], world.centre)
    strike_out(
        session, ACTIVITY, struck.id, expected_version=1, reason="ซ้ำ", actor=world["officer"],
        now=NOW,
    )  # fmt: skip
    figures = put_together(session, world, PROGRESS).figures["activities"]
    assert (figures["times"], figures["people"]) == (1, 10)
    assert figures["by_side"]["place"] == figures["by_side"]["people"] == 1


def test_grades_are_told_before_and_now(session: Session, world: World):
    assess(session, world, world.centre, date(2023, 5, 1), "C", 2566)
    assess(session, world, world.centre, date(2024, 1, 10), "B")
    assess(session, world, world.centre, date(2024, 3, 20), "A")  # after the last day
    content = put_together(session, world, PROGRESS)
    figures = content.figures["assessments"]
    assert (figures["before"], figures["now"]) == (
        {"A": 0, "B": 0, "C": 1}, {"A": 0, "B": 1, "C": 0}
    )  # fmt: skip
    assert (figures["centres"], figures["assessed"], figures["raised"]) == (2, 1, 1)
    assert gap_codes(content)["centres_unassessed"] == 1


def test_a_plan_is_added_up_without_what_was_dropped(session: Session, world: World):
    officer = world["officer"]
    plan_item(session, officer, world.centre)
    plan_item(session, officer, None, strategy="build", budget_baht=1_000)
    plan_item(session, officer, world.centre, dropped_reason="ไม่มีงบ", budget_baht=9_000)
    content = put_together(session, world, "plan")
    figures = content.figures["plan_items"]
    assert (figures["items"], figures["dropped"], figures["budget_baht"]) == (2, 1, 6_000)
    assert figures["by_strategy"] == {"repair": 1, "strengthen": 0, "build": 1}
    assert [gap["names"] for gap in content.gaps] == [["5606-002"]]


def test_a_result_is_the_newest_up_to_the_last_day(session: Session, world: World):
    item = plan_item(session, world["officer"], world.centre)
    plan_item(session, world["officer"], world.neighbour)
    for day, percent in ((date(2024, 2, 5), 30), (date(2024, 2, 10), 60), (date(2024, 3, 1), 100)):
        write(
            session, PLAN_RESULT, world["officer"], centre_id=world.centre, item_id=item.id,
            reported_on=day, done_percent=percent, result="ทำแล้ว", spent_baht=10 * percent,
        )  # fmt: skip
    content = put_together(session, world, PROGRESS)
    figures = content.figures["plan_results"]
    assert (figures["reported"], figures["done_percent"], figures["spent_baht"]) == (1, 30.0, 600)
    assert gap_codes(content)["results_missing"] == 1


def test_an_order_says_which_sectors_lack_and_names_nobody(session: Session, world: World):
    who = {"name": "สมชาย ใจดี", "organisation": None, "role": None, "phone": None}
    members = [who | {"sector": PROGRAMME.sectors[0].key}]
    order = write(
        session, NETWORK_ORDER, world["officer"], district_code=DISTRICT, order_no="1/2567",
        dated_on=date(2024, 1, 5), fiscal_year=2567, act="appoint", members=members,
    )  # fmt: skip
    content = put_together(session, world, "network")
    assert gap_codes(content)["sectors_missing"] == len(PROGRAMME.sectors) - 1
    assert "order_without_scan" in gap_codes(content)
    assert "สมชาย" not in str(content.plain())
    write(
        session, DOCUMENT, world["officer"], district_code=DISTRICT, kind="order", title="คำสั่ง",
        dated_on=date(2024, 1, 5), subject_kind="network_order", subject_id=order.id,
        file_sha256="a" * 64, file_bytes=10, file_type="application/pdf",
    )  # fmt: skip
    assert "order_without_scan" not in gap_codes(put_together(session, world, "network"))


def test_posts_are_of_the_month_since_the_last_report(session: Session, world: World):
    for day in (date(2024, 1, 15), date(2024, 1, 16), date(2024, 2, 15), date(2024, 2, 16)):
        write(
            session, POST, world["officer"], centre_id=world.centre, channel="facebook",
            posted_on=day, title="เอามื้อ", url="https://facebook.com/1", views=10, read_on=day,
        )  # fmt: skip
    figures = put_together(session, world, "publicity_2024_02").figures["posts"]
    assert (figures["posts"], figures["views"], figures["by_channel"]["facebook"]) == (2, 20, 2)


def test_photos_come_with_their_open_questions(session: Session, files: FileStore, world: World):
    receive(session, files, world)
    content = put_together(session, world, PROGRESS)
    [photo] = content.of_kind("photo")
    assert photo["centre_code"] == "5606-001"
    assert photo["facts"]["open"] == 0
    assert content.figures["photos"]["photos"] == 1


def test_an_empty_report_says_all_that_is_missing(session: Session, world: World):
    told = gap_codes(put_together(session, world, PROGRESS))
    assert told.keys() == {
        "centres_unassessed", "no_plan_items", "no_activities", "no_visits", "no_followups",
        "no_photos", "no_posts",
    }  # fmt: skip
    assert gap_codes(put_together(session, world, "network")) == {"no_order": 0}


def test_a_centre_sees_only_its_own(session: Session, world: World):
    for centre in (world.centre, world.neighbour):
        record_visit(session, make_draft(centre, visit_date=DAY), actor=world["officer"], now=NOW)
        activity(session, world["officer"], centre)
        plan_item(session, world["officer"], centre)
    content = put_together(session, world, PROGRESS, "5606-001")
    assert content.figures["visits"]["times"] == 1
    assert content.figures["activities"]["times"] == 1
    assert content.figures["plan_results"]["items"] == 1


def test_it_is_the_same_to_the_byte_when_it_is_read_back(session: Session, world: World):
    plan_item(session, world["officer"], world.centre)
    frozen = put_together(session, world, "plan").plain()
    assert Content.of(frozen).plain() == frozen
    assert sha256_of(Content.of(frozen).plain()) == sha256_of(frozen)


def test_however_much_there_is_it_takes_the_same_number_of_queries(session: Session, world: World):
    def queries() -> int:
        asked: list[str] = []
        engine = session.get_bind()
        session.flush()
        session.expire_all()

        def note(_conn, _cursor, statement, *_rest):
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            put_together(session, world, PROGRESS)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    few = queries()
    for number in range(12):
        centre = world.centre if number % 2 else world.neighbour
        visit = make_draft(centre, visit_date=DAY, **CONSENTED)
        record_visit(session, visit, actor=world["officer"], now=NOW)
        record_followup(session, make_followup(visit.id), actor=world["officer"], now=NOW)
        activity(session, world["officer"], centre)
        item = plan_item(session, world["officer"], centre)
        write(
            session, PLAN_RESULT, world["officer"], centre_id=centre, item_id=item.id,
            reported_on=DAY, done_percent=10, result="ทำแล้ว",
        )  # fmt: skip
    assert queries() <= few + 3  # what is not asked where there is nothing yet
    assert few < 26
