"""Freezing reads a unit's whole quarter, once, and nothing of any other's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.assessments.service import decide_grade
from app.centres.models import Centre
from app.documents.models import Document
from app.findings.models import PhotoFinding
from app.packets.frozen.content import Content, Options, Request, Scope, canonical, from_json
from app.packets.frozen.content import to_json as as_json
from app.packets.frozen.freeze import WORD_LISTS, freeze
from app.packets.frozen.late import late_items
from app.plans.models import PlanResult
from app.review.rules import check_reason
from app.review.sealing import seal
from app.rounds.programme import load_programme
from app.shared.clock import Quarter
from app.shared.ids import new_id
from app.visits.models import Visit
from app.visits.service import record_visit
from tests.assessments.drafts import assess
from tests.assessments.drafts import scores as scored
from tests.board.story import Story
from tests.conftest import NOW, World
from tests.review.cast import send
from tests.visits.drafts import CONSENTED, make_draft

PROGRAMME = load_programme()
PONG = Scope("district", "5606", "ปง", None, "พะเยา")
PHAYAO = Scope("province", "56", "พะเยา", None, "พะเยา")
CENTRE = Scope("centre", "5606-001", "ศูนย์เรียนรู้ทดสอบ 5606-001", "ปง", "พะเยา")
Q1, Q2 = Quarter.parse("2567Q1"), Quarter.parse("2567Q2")
ASKED = datetime(2024, 2, 14, 3, 0, tzinfo=UTC)  # Q1's plan was due yesterday
Statements = list[str]


@pytest.fixture
def story(session: Session, world: World) -> Story:
    """Writes rows into the test's own session."""
    return Story(session, world)


@pytest.fixture
def frozen(session: Session) -> Callable[..., Content]:
    """A function: the list of Pong's second quarter, but for what is told."""

    def freeze_(scope: Scope = PONG, quarter: Quarter = Q2, **told: Any) -> Content:
        session.flush()
        asked = {"edition": 1, "request": Request("ผู้ขอ", ASKED), "programme": PROGRAMME}
        return freeze(session, scope, quarter, **asked | told)

    return freeze_


@pytest.fixture
def statements(session: Session) -> Iterator[Statements]:
    """What reaches the database from here on."""
    found: Statements = []
    engine = session.get_bind()

    def note(*args: object) -> None:
        found.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_every_kind_of_record_of_the_quarter_is_in_the_list(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    story.activity(world.centre, "5606", photos=1)
    story.order("5606")
    story.assessment(world.centre, "5606", "B")
    item = story.plan_item("5606", world.centre, done=40)
    story.post("5606", date(2024, 2, 3))
    document(story, dated_on=date(2024, 2, 5))

    content = frozen()

    assert [a.title for a in content.activities] == ["เอามื้อ"]
    assert [o.order_no for o in content.network_orders] == ["1/2567"]
    assert [(a.centre_code, a.grade) for a in content.assessments] == [("5606-001", "B")]
    assert [row.id for row in content.plan_rows] == [str(item.id)]
    assert [(r.item_id, r.done_percent) for r in content.result_rows] == [(str(item.id), 40)]
    assert [p.channel for p in content.posts] == ["facebook"]
    assert [d.extension for d in content.documents] == ["pdf"]
    assert [(d.code, d.name) for d in content.districts] == [("5606", "ปง")]
    assert from_json(json.loads(canonical(as_json(content)))) == content


def test_a_centre_has_its_own_records_and_not_its_districts(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    for centre in (world.centre, world.neighbour, None):
        story.plan_item("5606", centre, done=10)
        story.post("5606", date(2024, 2, 3), centre)
    story.order("5606")
    document(story, dated_on=date(2024, 2, 5))

    own, whole = frozen(CENTRE), frozen(PONG)

    assert [row.centre_code for row in own.plan_rows] == ["5606-001"]
    assert [post.centre_code for post in own.posts] == ["5606-001"]
    assert (own.network_orders, own.documents, own.cells) == ((), (), ())
    # A centre's lines by code, the district's own after them.
    assert [row.centre_code for row in whole.plan_rows] == ["5606-001", "5606-002", None]
    assert [row.centre_code for row in whole.result_rows] == ["5606-001", "5606-002", None]


def test_a_province_has_every_district_and_each_districts_order(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    story.order("5606", day=date(2024, 1, 5))
    story.order("5606", day=date(2024, 3, 1))
    story.order("5601", day=date(2024, 2, 1))

    content = frozen(PHAYAO)

    assert [(o.district_code, o.dated_on) for o in content.network_orders] == [
        ("5601", date(2024, 2, 1)),
        ("5606", date(2024, 3, 1)),
    ]
    assert len(content.districts) == 9
    assert [d.code for d in content.districts] == sorted(d.code for d in content.districts)


def test_what_a_report_due_after_the_quarter_gathers_still_counts_for_it(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    """The letter asks for the first quarter's plan and grades by 13 February."""
    story.assessment(world.centre, "5606", "C", day=date(2023, 11, 1))
    story.assessment(world.centre, "5606", "B", day=date(2024, 2, 13))
    story.assessment(world.centre, "5606", "A", day=date(2024, 2, 14))
    story.order("5606", day=date(2024, 2, 13))
    item = story.plan_item("5606", world.centre)
    for day, done in ((date(2024, 3, 25), 60), (date(2024, 3, 26), 90)):
        result(story, item, day, done)

    first, second = frozen(quarter=Q1), frozen(quarter=Q2)

    assert [a.grade for a in first.assessments] == ["B"]
    assert len(first.network_orders) == 1
    assert [r.done_percent for r in first.result_rows] == [60]
    assert {one.kind: one.until for one in first.counted} == {
        "assessment": date(2024, 2, 13), "network_order": date(2024, 2, 13),
        "plan_item": date(2024, 3, 25), "plan_result": date(2024, 3, 25),
        "document": date(2024, 2, 13),
    }  # fmt: skip
    # The second's reports are due within it: its last day decides.
    assert [(a.grade, a.earlier_grade) for a in second.assessments] == [("A", "B")]
    assert [r.done_percent for r in second.result_rows] == [90]
    assert second.counted == ()


def test_activities_and_posts_of_another_quarter_stay_out(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    story.activity(world.centre, "5606", photos=0)
    story.post("5606", date(2024, 1, 31))
    content = frozen(quarter=Q1)
    assert (content.activities, content.posts) == ((), ())


def test_a_grade_comes_with_who_decided_it_and_the_points_with_their_words(
    session: Session, world: World, frozen: Callable[..., Content]
) -> None:
    row = assess(session, world["officer"], world.centre, scores=scored(4, place_water=2))
    decide_grade(
        session, row.id, "C", "หลักฐานไม่ครบ", expected_version=1, actor=world["reviewer"], now=NOW
    )

    (item,) = frozen().assessments

    assert (item.grade, item.proposed_grade, item.decided_by) == ("C", "A", "Test reviewer")
    assert item.decision_reason == "หลักฐานไม่ครบ"
    criteria = PROGRAMME.assessment.criteria
    assert [(s.criterion, s.label, s.side) for s in item.scores] == [
        (c.key, c.th, c.side) for c in criteria
    ]
    water = next(s for s in item.scores if s.criterion == "place_water")
    assert (water.points, water.most, water.evidence) == (2, 5, 0)
    assert [side.side for side in item.sides] == [side.key for side in PROGRAMME.five_p]


def test_a_corrected_assessment_has_lost_its_decision(
    story: Story, session: Session, world: World, frozen: Callable[..., Content]
) -> None:
    row = assess(session, world["officer"], world.centre)
    decide_grade(session, row.id, "A", None, expected_version=1, actor=world["reviewer"], now=NOW)
    row.decided_grade = None  # as `app.assessments.kinds` does with every new version

    (item,) = frozen().assessments

    assert (item.decided_by, item.decision_reason, item.grade) == (None, None, "A")


def test_documents_of_the_records_travel_whenever_they_were_made(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    order, other = story.order("5606"), date(2023, 5, 1)
    scan = document(story, dated_on=other, subject_kind="network_order", subject_id=order.id)
    screenshot = document(story, dated_on=other)
    post = story.post("5606", date(2024, 2, 3))
    post.screenshot_id = screenshot.id
    proof = document(story, dated_on=other, centre_id=world.centre)
    graded = story.assessment(world.centre, "5606", "A")
    graded.scores = [
        {"criterion": "people_owner", "points": 4, "note": None,
         "evidence": [str(proof.id), str(new_id()), "not an id"]}
    ]  # fmt: skip
    struck_out = document(story, dated_on=date(2024, 2, 1))
    struck_out.deleted_at = NOW
    document(story, dated_on=other)  # of no record here

    content = frozen()

    assert {d.id for d in content.documents} == {str(d.id) for d in (scan, screenshot, proof)}
    assert [s.evidence for s in content.assessments[0].scores] == [1]


def test_the_board_tells_what_was_sent_when_and_why_it_came_back(
    story: Story, session: Session, world: World, frozen: Callable[..., Content]
) -> None:
    back = story.submission("plan", "5606", "returned", late=True)
    back.reason_key, back.reason = "detail", "ขาดงบประมาณ"
    assert not check_reason(PROGRAMME.return_reasons, "detail", None)
    waived = story.submission("network", "5606", "waived")
    waived.reason_key, waived.submitted_at = "before_letter", None
    story.submission("assessment", "5601", "accepted")

    cells = {cell.occurrence: cell for cell in frozen(quarter=Q1).cells}

    plan = cells["plan"]
    assert (plan.state, plan.late, plan.reason) == (
        "returned", True, "รายละเอียดไม่พอ: ขาดงบประมาณ",
    )  # fmt: skip
    assert (plan.due_on, plan.submitted_on, plan.unit_name) == (
        date(2024, 2, 13), date(2024, 2, 1), "ปง",
    )  # fmt: skip
    assert (cells["network"].state, cells["network"].reason) == (
        "waived", "กำหนดส่งก่อนหนังสือสั่งการ",
    )  # fmt: skip
    assert (cells["assessment"].state, cells["assessment"].late) == ("missing", True)
    assert cells["result_2024_03"].state == "not_due"
    assert cells["result_2024_03"].title == "รายงานผลตามแผน (แบบ 7) มีนาคม 2567"


def test_a_report_that_was_sent_in_time_stays_so_when_it_is_sent_again(
    session: Session, world: World, frozen: Callable[..., Content]
) -> None:
    sent = send(session, world, now=datetime(2024, 2, 12, 3, 0, tzinfo=UTC))
    sent.state = "returned"
    send(session, world, seen=1, now=datetime(2024, 2, 20, 3, 0, tzinfo=UTC))

    content = frozen(quarter=Q1)

    (plan,) = (cell for cell in content.cells if cell.occurrence == "plan")
    assert (plan.first_sent_on, plan.submitted_on) == (date(2024, 2, 12), date(2024, 2, 20))
    assert (plan.edition, plan.late, late_items(content)) == (2, False, [])


def test_the_seal_of_the_district_is_told_to_its_centres_too(
    session: Session, world: World, frozen: Callable[..., Content]
) -> None:
    for district in ("5606", "5601"):
        seal(
            session, district, Q2, reason="ครบแล้ว", although_open=True, actor=world["reviewer"],
            now=NOW,
        )  # fmt: skip
    for scope in (PONG, CENTRE):
        assert [(s.district_code, s.sealed_by, s.sealed_at) for s in frozen(scope).seals] == [
            ("5606", "Test reviewer", NOW)
        ]


def test_names_and_numbers_are_in_an_unmasked_list_only(
    session: Session, world: World, frozen: Callable[..., Content]
) -> None:
    record_visit(session, make_draft(world.centre, **CONSENTED), actor=world["officer"], now=NOW)
    masked, unmasked = frozen(), frozen(options=Options(unmasked=True))

    assert "สมศรี" not in canonical(as_json(masked)).decode()
    assert "0812345678" not in canonical(as_json(masked)).decode()
    assert masked.visits[0].has_contact
    assert (unmasked.visits[0].leader_name, unmasked.visits[0].phone) == (
        CONSENTED["leader_name"], CONSENTED["phone"],
    )  # fmt: skip
    assert masked.list_sha256 != unmasked.list_sha256


def test_a_photo_says_where_what_and_what_was_asked_about_it(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    photo = story.photo(world.centre, "centre", world.centre)
    photo.code, photo.place_code, photo.media_type = "7Q2KD0XM4T", "560601", "image/heic"
    ours = {"centre_id": str(world.neighbour), "outside": {"th": "ภาพของศูนย์อื่น", "en": "x"}}
    theirs = ours | {"centre_id": str(world.stranger)}
    asked(story, photo, "far", "ห่างจากศูนย์", answer="แปลงขยายผล", decision="settled")
    asked(story, photo, "reuse", "ซ้ำกับศูนย์ 5606-002", facts=ours, second=1)
    asked(story, photo, "reuse_other", "ซ้ำกับศูนย์ 5601-001", facts=theirs, second=2)
    asked(story, photo, "late", "ถอนแล้ว", withdrawn=True)

    (item,) = frozen().photos

    assert (item.code, item.original_name) == ("7Q2KD-0XM4T", "heic")
    assert item.place == "แถว ต.ปง อ.ปง จ.พะเยา"
    assert item.received_on == date(2024, 2, 1)
    assert [finding.text for finding in item.findings] == [
        "ห่างจากศูนย์", "ซ้ำกับศูนย์ 5606-002", "ภาพของศูนย์อื่น",
    ]  # fmt: skip
    settled = item.findings[0]
    assert (settled.answer, settled.answered_by, settled.decision, settled.decided_by) == (
        "แปลงขยายผล", "Test officer", "settled", "Test reviewer",
    )  # fmt: skip


def test_what_phones_still_hold_has_no_file_and_no_day_of_arrival(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    story.photo(world.centre, "centre", world.centre, state="awaited")
    document(story, dated_on=date(2024, 2, 5), state="awaited")
    content = frozen()
    assert [(p.state, p.received_on, p.original_name) for p in content.photos] == [
        ("awaited", None, None)
    ]
    assert [d.state for d in content.documents] == ["awaited"]


def test_keys_have_their_words_in_the_list(frozen: Callable[..., Content]) -> None:
    content = frozen()
    for name in WORD_LISTS:
        for choice in getattr(PROGRAMME, name):
            assert content.label(name, choice.key) == choice.th


def test_a_quarter_that_is_over_speaks_with_the_words_of_its_own_year(
    session: Session, world: World, frozen: Callable[..., Content]
) -> None:
    renamed = tuple(one.model_copy(update={"th": "ใหม่"}) for one in PROGRAMME.grades)
    added = PROGRAMME.grades[0].model_copy(update={"key": "D", "th": "ดี"})
    facts = {"fiscal_year": 2568, "grades": (*renamed, added), "rounds": ()}

    content = frozen(programme=PROGRAMME.model_copy(update=facts))

    assert content.label("grades", "A") == PROGRAMME.grades[0].th
    assert content.label("grades", "D") == "ดี"
    assert "progress_2" in {cell.occurrence for cell in content.cells}


def test_a_quarter_before_there_was_a_programme_is_a_plain_book(
    session: Session, world: World, frozen: Callable[..., Content]
) -> None:
    visit, _ = record_visit(session, make_draft(world.centre), actor=world["officer"], now=NOW)
    session.get_one(Visit, visit.id).visit_date = date(2022, 2, 1)
    content = frozen(quarter=Quarter.parse("2565Q2"))
    assert [v.id for v in content.visits] == [str(visit.id)]
    assert content.cells == ()


def test_a_list_is_dated_by_its_request_only_where_something_fell_due(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    later = Request("อีกคน", datetime(2024, 2, 14, 12, 0, tzinfo=UTC), "เหตุผล")
    april, may = (Request("อีกคน", datetime(2024, m, 20, tzinfo=UTC)) for m in (4, 5))
    site = "https://lakthan.example"
    assert frozen().list_sha256 == frozen(request=later, edition=3, site=site).list_sha256
    assert frozen().list_sha256 != frozen(request=april).list_sha256  # two more reports missing
    assert frozen(request=april).list_sha256 == frozen(request=may).list_sha256


def test_a_record_stands_under_the_district_in_which_its_centre_lies_now(
    session: Session, story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    story.activity(world.centre, "5606", photos=1)
    session.get_one(Centre, world.centre).subdistrict_code = "560101"

    assert frozen().activities == ()
    (moved,) = frozen(Scope("district", "5601", "เมืองพะเยา", None, "พะเยา")).activities
    assert (moved.district_code, moved.centre_code) == ("5601", "5606-001")


HOSTILE = {
    "ก\x07ข\x1bค\ufffe",
    "\u202egpj.exe\u2066",
    "ข้อมูล " * 6_000,  # 100 kB
    "'); DROP TABLE visit;--",
    '"}],"photos":[{"id":"\\u0000"',
}


def test_any_text_that_a_database_holds_can_be_frozen(
    session: Session, story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    """However it came there: rules that clean text today did not always stand."""
    for text in HOSTILE:
        visit, _ = record_visit(session, make_draft(world.centre), actor=world["officer"], now=NOW)
        session.get_one(Visit, visit.id).suggestion = text
        story.activity(world.centre, "5606", photos=0).result = text
    order = story.order("5606")
    order.members = [
        {"name": text, "organisation": None, "sector": "media", "role": text, "phone": "1"}
        for text in HOSTILE
    ]

    content = frozen()

    again = from_json(json.loads(canonical(as_json(content))))
    assert again == content
    assert {visit.suggestion for visit in again.visits} == HOSTILE
    assert {activity.result for activity in again.activities} == HOSTILE
    assert {member.name for member in again.network_orders[0].members} == HOSTILE
    assert {member.role for member in again.network_orders[0].members} == HOSTILE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_half_a_character_in_a_json_column_does_not_cost_the_packet(
    story: Story, world: World, frozen: Callable[..., Content]
) -> None:
    """PostgreSQL refuses it; SQLite keeps JSON as it is told."""
    order = story.order("5606")
    order.members = [{"name": "ก\ud800ข", "sector": "media"}]
    content = frozen()
    assert content.network_orders[0].members[0].name == "ก?ข"
    assert canonical(as_json(content))


def test_the_number_of_statements_does_not_grow_with_the_rows(
    session: Session, story: Story, world: World, frozen: Callable[..., Content],
    statements: Statements,
) -> None:  # fmt: skip
    def tell() -> int:
        session.expire_all()
        statements.clear()
        content = frozen(PHAYAO)
        assert content.visits
        return len(statements)

    fill(story, world.centre, "5606")
    few = tell()
    for number in range(3, 9):
        centre = story.centre(f"5606-{number:03}", "560601")
        for _ in range(3):
            fill(story, centre.id, "5606")
    assert tell() == few


def fill(story: Story, centre: Any, district: str) -> None:
    """One of everything, hung together."""
    story.visit(centre)
    held = story.activity(centre, district)
    document(story, centre_id=centre, subject_kind="activity", subject_id=held.id)
    graded = story.assessment(centre, district, "B")
    proof = document(story, centre_id=centre)
    graded.scores = [
        {"criterion": "people_owner", "points": 4, "note": None, "evidence": [str(proof.id)]}
    ]
    story.plan_item(district, centre, done=20)
    story.post(district, date(2024, 2, 3), centre)
    photo = story.photo(centre, "activity", held.id)
    asked(story, photo, "far", "ห่าง", answer="ใช่", decision="settled")


def document(story: Story, **facts: Any) -> Any:
    """A PDF of the district Pong, received."""
    ordinary = {
        "dated_on": date(2023, 2, 1), "kind": "other", "title": "เอกสาร", "state": "received",
        "file_sha256": new_id().hex * 2, "file_bytes": 10, "file_type": "application/pdf",
    }  # fmt: skip
    return story._add(Document(**story._kept("5606"), **ordinary | facts))


def result(story: Story, item: Any, day: date, done: int) -> Any:
    """What came of a line of the plan."""
    return story._add(
        PlanResult(
            **story._kept("5606", centre_id=item.centre_id), item_id=item.id, reported_on=day,
            done_percent=done, result="ทำแล้ว", spent_baht=0, evidence=[],
        )
    )  # fmt: skip


def asked(
    story: Story,
    photo: Any,
    code: str,
    text: str,
    *,
    facts: Any = None,
    answer: str | None = None,
    decision: str | None = None,
    withdrawn: bool = False,
    second: int = 0,
) -> None:  # fmt: skip
    """A question about a photo, answered by the officer, decided by the reviewer."""
    officer, reviewer = (story.world[who].account_id for who in ("officer", "reviewer"))
    story._add(
        PhotoFinding(
            id=new_id(), photo_id=photo.id, kind="position", code=code, facts=facts or {},
            recipe=1, programme_version=PROGRAMME.name, text_th=text, text_en=text,
            found_at=NOW + timedelta(seconds=second),
            withdrawn_at=NOW if withdrawn else None, answer=answer,
            answered_by=officer if answer else None, answered_at=NOW if answer else None,
            decision=decision, decided_by=reviewer if decision else None,
            decided_at=NOW if decision else None,
        )
    )  # fmt: skip
