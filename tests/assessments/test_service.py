"""Which assessment counts, who may decide its grade, and what the application counts by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessments import service
from app.assessments.evidence import judged, offered_evidence, year_counts
from app.assessments.kinds import ASSESSMENT
from app.assessments.models import GradeDecision
from app.assessments.queries import decisions_of, history_of_centre, makers_of, newest_of
from app.assessments.standings import district_spreads, standings
from app.audit.history import StaleVersion
from app.audit.models import AuditEntry
from app.centres.models import Centre
from app.records.kinds import KINDS
from app.records.service import edit, strike_out
from app.rounds.models import QuarterSeal
from app.rounds.programme import load_programme
from app.rounds.seals import QuarterSealed
from app.shared.errors import DomainError, Forbidden, NotFound
from app.shared.ids import new_id
from app.visits.service import record_visit
from tests.assessments.drafts import assess, draft, scores
from tests.conftest import NOW, World
from tests.visits.drafts import make_draft

PROGRAMME = load_programme()


def decide(session: Session, world: World, row, grade="A", reason=None, who="reviewer", version=1):  # type: ignore[no-untyped-def]
    """Decide as the reviewer."""
    return service.decide_grade(
        session, row.id, grade, reason, expected_version=version, actor=world[who], now=NOW
    )


# --- which one counts --------------------------------------------------------------------


def test_the_newest_day_counts_and_of_one_day_the_last_made(session: Session, world: World):
    officer = world["officer"]
    assess(session, officer, world.centre, assessed_on=date(2024, 1, 25))
    assess(session, officer, world.centre, assessed_on=date(2024, 1, 10))
    last = assess(session, officer, world.centre, assessed_on=date(2024, 1, 25))
    other = assess(session, officer, world.neighbour)
    assert newest_of(session, "5606", 2567) == {world.centre: last, world.neighbour: other}
    assert newest_of(session, "56", 2567, date(2024, 1, 31)).keys() == {
        world.centre, world.neighbour,
    }  # fmt: skip
    assert newest_of(session, [world.neighbour], 2567) == {world.neighbour: other}
    assert newest_of(session, "5601", 2567) == newest_of(session, [], 2567) == {}


def test_year_and_day_bound_what_counts(session: Session, world: World):
    officer = world["officer"]
    old = assess(session, officer, world.centre, assessed_on=date(2023, 5, 1), fiscal_year=2566)
    early = assess(session, officer, world.centre, assessed_on=date(2023, 12, 1))
    late = assess(session, officer, world.centre, assessed_on=date(2024, 1, 30))
    assert newest_of(session, "5606", 2566) == {world.centre: old}
    assert newest_of(session, "5606", 2567, date(2024, 1, 1)) == {world.centre: early}
    assert newest_of(session, "5606") == {world.centre: late}
    assert list(history_of_centre(session, world.centre)) == [late, early, old]


def test_what_is_struck_out_does_not_count(session: Session, world: World):
    officer = world["officer"]
    kept = assess(session, officer, world.centre, assessed_on=date(2023, 12, 1))
    gone = assess(session, officer, world.centre)
    strike_out(
        session, ASSESSMENT, gone.id, expected_version=1, reason="ซ้ำ", actor=officer, now=NOW
    )
    assert newest_of(session, "5606", 2567) == {world.centre: kept}
    assert list(history_of_centre(session, world.centre)) == [kept]


# --- the reviewer's grade ----------------------------------------------------------------


def test_a_decision_is_kept_with_reason_and_noted_in_the_log(session: Session, world: World):
    row = assess(session, world["officer"], world.centre)
    decided = decide(session, world, row, "B", "หลักฐานไม่ครบ")
    assert (decided.decided_grade, decided.grade, decided.version) == ("B", "B", 1)
    [(said, name)] = decisions_of(session, row.id)
    assert (said.grade, said.reason, said.assessment_version) == ("B", "หลักฐานไม่ครบ", 1)
    assert name == "Test reviewer"
    noted = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "assessment.grade_decided")
    ).one()
    assert noted.facts == {"grade": "B", "proposed": "A", "version": 1}


def test_a_doubled_click_decides_once_and_a_second_thought_is_kept_beside_the_first(
    session: Session, world: World
):
    row = assess(session, world["officer"], world.centre)
    for _ in range(2):
        decide(session, world, row)
    assert len(decisions_of(session, row.id)) == 1
    decide(session, world, row, "C", "ดูภาพแล้ว")
    assert [one.grade for one, _name in decisions_of(session, row.id)] == ["C", "A"]


REFUSALS: list[tuple[str, dict[str, object], type[DomainError]]] = [
    ("no reason for another grade", {"grade": "C"}, service.ReasonNeeded),
    ("a grade nobody knows", {"grade": "Z", "reason": "x"}, service.UnknownGrade),
    ("an officer", {"who": "officer"}, Forbidden),
    ("a volunteer", {"who": "volunteer"}, Forbidden),
    ("a version that is not", {"version": 7}, StaleVersion),
    ("no version at all", {"version": 0}, StaleVersion),
]


@pytest.mark.parametrize(("why", "told", "refusal"), REFUSALS, ids=lambda one: str(one)[:30])
def test_a_decision_is_refused(
    session: Session, world: World, why: str, told: dict[str, object], refusal: type[DomainError]
):
    row = assess(session, world["officer"], world.centre)
    with pytest.raises(refusal):
        decide(session, world, row, **told)
    assert session.scalars(select(GradeDecision)).all() == []
    assert row.decided_grade is None, why


def test_nobody_decides_on_their_own_assessment_nor_on_what_they_corrected(
    session: Session, world: World
):
    own = assess(session, world["admin"], world.centre)
    with pytest.raises(service.OwnAssessment):
        decide(session, world, own, who="admin")
    theirs = assess(session, world["officer"], world.neighbour)
    corrected = draft(world.neighbour, id=theirs.id, problems="น้ำไม่พอ")
    edit(
        session, ASSESSMENT, corrected, expected_version=1, actor=world["admin"], now=NOW,
        programme=PROGRAMME,
    )  # fmt: skip
    assert makers_of(session, theirs) == {world["officer"].account_id, world["admin"].account_id}
    with pytest.raises(service.OwnAssessment):
        decide(session, world, theirs, who="admin", version=2)
    decide(session, world, theirs, version=2)


def test_an_assessment_that_is_not_there_cannot_be_decided(session: Session, world: World):
    with pytest.raises(NotFound):
        service.decide_grade(
            session, new_id(), "A", None, expected_version=1, actor=world["reviewer"], now=NOW
        )


def test_a_sealed_quarter_takes_no_decision(session: Session, world: World):
    row = assess(session, world["officer"], world.centre)
    session.add(
        QuarterSeal(
            district_code="5606", quarter="2567Q2", reason="ปิดแล้ว",
            sealed_by=world["reviewer"].account_id, sealed_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(QuarterSealed):
        decide(session, world, row)


def test_a_correction_takes_the_decision_back_and_says_what_it_was_about(
    session: Session, world: World
):
    row = assess(session, world["officer"], world.centre)
    decide(session, world, row)
    corrected = draft(world.centre, id=row.id, scores=scores(2), proposed_grade="C")
    edit(
        session, ASSESSMENT, corrected, expected_version=1, actor=world["officer"], now=NOW,
        programme=PROGRAMME,
    )  # fmt: skip
    assert (row.decided_grade, row.grade, row.computed_grade) == (None, "C", "C")
    assert decisions_of(session, row.id)[0][0].assessment_version == 1


# --- evidence ----------------------------------------------------------------------------


def test_the_years_visits_and_posts_count_without_being_attached(session: Session, world: World):
    centre = session.get_one(Centre, world.centre)
    for day in (date(2023, 10, 1), date(2024, 1, 31), date(2023, 9, 30)):
        record_visit(
            session, make_draft(world.centre, visit_date=day), actor=world["volunteer"], now=NOW
        )
    _post(session, world, None)
    _post(session, world, world.centre)
    _post(session, world, world.neighbour)
    counts = year_counts(session, centre, 2567)
    assert counts == {"visits": 2, "followups": 0, "activities": 0, "posts": 2}
    assert year_counts(session, centre, 2566)["visits"] == 1


def _post(session: Session, world: World, centre_id) -> None:  # type: ignore[no-untyped-def]
    model = KINDS["post"].model
    session.add(
        model(
            id=new_id(), district_code="5606", centre_id=centre_id, search_key="",
            posted_on=date(2024, 1, 5), channel="facebook", title="ข่าว", captured_at=NOW,
            received_at=NOW, recorder_id=world["officer"].account_id, content_sha256="0" * 64,
            programme_version=PROGRAMME.name,
        )
    )  # fmt: skip
    session.flush()


def test_the_grade_falls_while_evidence_is_missing(session: Session, world: World):
    centre = session.get_one(Centre, world.centre)
    row = assess(session, world["officer"], world.centre, scores=scores(5))
    evidence, missing, grade = judged(session, row, centre, PROGRAMME)
    assert (row.computed_grade, grade) == ("A", "B")
    assert {one.what for one in missing} >= {"photos", "documents", "note", "visits"}
    assert evidence.photos == []


def test_evidence_that_has_not_come_yet_is_no_failure(session: Session, world: World):
    """A phone may send an assessment hours before its photos."""
    told = scores(5)
    told[0]["evidence"] = [str(new_id()), str(new_id())]
    row = assess(session, world["officer"], world.centre, scores=told)
    centre = session.get_one(Centre, world.centre)
    _evidence, missing, _grade = judged(session, row, centre, PROGRAMME)
    assert (missing[0].criterion, missing[0].found) == ("place_layout", 0)
    assert offered_evidence(session, centre, 2567, row.scores).found.photos == set()


# --- how an area stands ------------------------------------------------------------------


def test_open_centres_stand_in_a_list_those_without_an_assessment_first(
    session: Session, world: World
):
    row = assess(session, world["officer"], world.centre)
    rows = standings(session, world["officer"], 2567)
    assert [(one.code, one.grade) for one in rows] == [("5606-002", None), ("5606-001", "A")]
    assert (rows[1].assessment_id, rows[1].percent) == (row.id, 80.0)
    assert len(standings(session, world["reviewer"], 2567)) == 3
    assert len(standings(session, world["reviewer"], 2567, "5601")) == 1
    session.get_one(Centre, world.neighbour).status = "closed"
    session.flush()
    assert len(standings(session, world["officer"], 2567)) == 1


def test_the_decided_grade_is_the_one_that_is_counted(session: Session, world: World):
    first = assess(session, world["officer"], world.centre)
    assess(session, world["officer"], world.neighbour, scores=scores(2), proposed_grade="C")
    decide(session, world, first, "B", "หลักฐานไม่ครบ")
    grades = [grade.key for grade in PROGRAMME.grades]
    found = district_spreads(session, "56", 2567, grades)
    assert found["5606"].counts == (("A", 0), ("B", 1), ("C", 1))
    assert found["5606"].percent("B") == 50.0
    assert (found["56"].graded, found["56"].total, found["5601"].graded) == (2, 3, 0)
    assert found["5601"].percent("A") == 0.0


def test_several_assessments_of_a_year_are_one_line(session: Session, world: World):
    for days in range(3):
        day = date(2024, 1, 20) - timedelta(days=days)
        assess(session, world["officer"], world.centre, assessed_on=day)
    rows = standings(session, world["officer"], 2567)
    assert [one.assessed_on for one in rows] == [None, date(2024, 1, 20)]
