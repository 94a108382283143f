"""An officer assesses a centre on a page; a reviewer decides; both see what was there before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.assessments.models import Assessment, GradeDecision
from app.rounds.programme import load_programme
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.work import work
from app.visits.service import record_visit
from tests.assessments.drafts import CRITERIA, assess, scores
from tests.conftest import NOW, World
from tests.visits.drafts import make_draft

SignIn = Callable[[str], FlaskClient]


def typed(centre: UUID, points: int = 4, **told: Any) -> dict[str, Any]:
    """What a browser sends for a filled form."""
    data: dict[str, Any] = {
        "id": str(new_id()), "centre_id": str(centre), "fiscal_year": "2567",
        "assessed_on-day": "20", "assessed_on-month": "1", "assessed_on-year": "2567",
        "assessor": "สมใจ", "proposed_grade": "", "strategies": ["repair"],
    }  # fmt: skip
    for place, key in enumerate(CRITERIA):
        data |= {f"scores-{place}-criterion": key, f"scores-{place}-points": str(points)}
    return data | told


def only(app: Flask) -> Assessment:
    """The one assessment there is."""
    with app.app_context():
        found = db.session.scalars(select(Assessment)).one()
        db.session.remove()
    return found


@pytest.fixture
def put(app: Flask, world: World) -> Callable[..., Assessment]:
    """A function: record an assessment of the world's first centre."""

    def put_one(**told: Any) -> Assessment:
        with app.app_context():
            with work() as w:
                row = assess(w.session, world["officer"], told.pop("centre", world.centre), **told)
            db.session.remove()
        return row

    return put_one


def test_a_filled_form_is_an_assessment_with_the_grade_the_points_give(
    app: Flask, world: World, sign_in: SignIn
):
    answer = sign_in("officer").post("/assessments/new", data=typed(world.centre, points=2))
    assert answer.status_code == 303, answer.text
    row = only(app)
    assert answer.location.endswith(f"/assessments/{row.id}")
    assert (row.computed_grade, row.proposed_grade, row.decided_grade) == ("C", "C", None)
    assert (row.points, row.percent, row.fiscal_year) == (40, 40.0, 2567)
    assert row.assessed_on == date(2024, 1, 20)


def test_without_its_evidence_the_best_grade_is_not_computed(
    app: Flask, world: World, sign_in: SignIn
):
    sign_in("officer").post("/assessments/new", data=typed(world.centre, points=5))
    row = only(app)
    assert (row.computed_grade, row.proposed_grade) == ("A", "B")


def test_another_grade_than_the_computed_one_may_be_proposed_and_is_marked(
    app: Flask, world: World, sign_in: SignIn
):
    client = sign_in("officer")
    client.post("/assessments/new", data=typed(world.centre, points=2, proposed_grade="B"))
    assert only(app).proposed_grade == "B"
    page = client.get(f"/assessments/{only(app).id}").text
    assert "ไม่ตรงกับที่คำนวณ" in page or "Not as computed" in page


def test_a_form_sent_twice_is_one_assessment(app: Flask, world: World, sign_in: SignIn):
    client, data = sign_in("officer"), typed(world.centre)
    assert [client.post("/assessments/new", data=data).status_code for _ in "12"] == [303, 303]
    only(app)


def test_what_is_not_answered_is_asked_for_and_nothing_typed_is_lost(
    app: Flask, world: World, sign_in: SignIn
):
    data = typed(world.centre, problems="น้ำไม่พอ")
    del data["scores-3-points"]
    answer = sign_in("officer").post("/assessments/new", data=data)
    assert answer.status_code == 422
    assert "น้ำไม่พอ" in answer.text
    assert answer.text.count("checked") >= len(CRITERIA) - 1


def test_points_that_no_sentence_has_are_refused(world: World, sign_in: SignIn):
    client = sign_in("officer")
    for points in ("3", "x", "-1", "99999", "²", ""):
        data = typed(world.centre) | {"scores-0-points": points}
        assert client.post("/assessments/new", data=data).status_code == 422, points


def test_rows_that_the_programme_does_not_ask_are_left_out(
    app: Flask, world: World, sign_in: SignIn
):
    data = typed(world.centre) | {"scores-77-criterion": "strange", "scores-77-points": "4"}
    assert sign_in("officer").post("/assessments/new", data=data).status_code == 303
    assert [row["criterion"] for row in only(app).scores] == CRITERIA


def test_only_a_known_centre_of_ones_own_is_assessed(world: World, sign_in: SignIn):
    client = sign_in("officer")
    assert client.get("/assessments/new").location.endswith("/assessments")
    assert client.get(f"/assessments/new?centre={world.stranger}").status_code == 404
    assert client.post("/assessments/new", data=typed(world.stranger)).status_code == 404


def test_the_form_shows_the_guideline_the_sentences_and_what_was_counted(
    app: Flask, world: World, sign_in: SignIn
):
    with app.app_context(), work() as w:
        visit = make_draft(world.centre, visit_date=date(2024, 1, 10))
        record_visit(w.session, visit, actor=world["volunteer"], now=NOW)
    page = sign_in("officer").get(f"/assessments/new?centre={world.centre}&year=2567").text
    form = load_programme().assessment
    assert form.guideline is not None
    for words in (form.guideline, *form.criteria, *form.anchors):
        assert words.th in page
    assert form.criteria[0].evidence is not None
    assert form.criteria[0].evidence.th in page
    assert "1 ครั้ง" in page or "1 visit this fiscal year" in page


def test_one_may_start_from_last_time_with_points_and_notes_but_no_evidence(
    put: Callable[..., Assessment], world: World, sign_in: SignIn
):
    told = scores(5)
    told[0] |= {"note": "มีครบสามอย่าง", "evidence": [str(new_id())]}
    before = put(scores=told, problems="น้ำไม่พอ")
    client = sign_in("officer")
    plain = client.get(f"/assessments/new?centre={world.centre}").text
    started = client.get(f"/assessments/new?centre={world.centre}&from={before.id}").text
    assert f"from={before.id}" in plain
    assert "มีครบสามอย่าง" not in plain
    assert "มีครบสามอย่าง" in started
    assert "น้ำไม่พอ" in started
    assert started.count('value="5"') >= len(CRITERIA)
    assert told[0]["evidence"][0] not in started


def test_a_correction_is_a_new_version_and_asks_the_reviewer_anew(
    app: Flask, put: Callable[..., Assessment], world: World, sign_in: SignIn
):
    row = put()
    sign_in("reviewer").post(f"/assessments/{row.id}/decision", data={"version": "1", "grade": "A"})
    assert only(app).decided_grade == "A"
    data = typed(world.centre, points=2, version="1")
    answer = sign_in("officer").post(f"/assessments/{row.id}/edit", data=data)
    assert answer.status_code == 303, answer.text
    fresh = only(app)
    assert (fresh.version, fresh.proposed_grade, fresh.decided_grade) == (2, "C", None)
    page = sign_in("reviewer").get(f"/assessments/{row.id}")
    assert page.status_code == 200


def test_the_reviewer_decides_with_a_reason_where_it_differs(
    app: Flask, put: Callable[..., Assessment], sign_in: SignIn
):
    row, client = put(), sign_in("reviewer")
    url, data = f"/assessments/{row.id}/decision", {"version": "1", "grade": "B"}
    assert client.post(url, data=data).status_code == 422
    assert client.post(url, data=data | {"reason": "หลักฐานไม่ครบ"}).status_code == 303
    assert only(app).decided_grade == "B"
    page = client.get(f"/assessments/{row.id}").text
    assert "หลักฐานไม่ครบ" in page
    assert "Test reviewer" in page


def test_a_decision_about_an_older_version_is_refused(
    app: Flask, put: Callable[..., Assessment], world: World, sign_in: SignIn
):
    row = put()
    data = typed(world.centre, points=2, version="1")
    sign_in("officer").post(f"/assessments/{row.id}/edit", data=data)
    answer = sign_in("reviewer").post(
        f"/assessments/{row.id}/decision", data={"version": "1", "grade": "C"}
    )
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(GradeDecision)).all() == []


def test_only_reviewers_decide(put: Callable[..., Assessment], sign_in: SignIn):
    row = put()
    for who in ("volunteer", "officer"):
        client, data = sign_in(who), {"version": "1", "grade": "A"}
        assert client.post(f"/assessments/{row.id}/decision", data=data).status_code == 404
        assert f"/assessments/{row.id}/decision" not in client.get(f"/assessments/{row.id}").text


def test_the_page_shows_the_radar_against_the_time_before_with_a_table(
    put: Callable[..., Assessment], sign_in: SignIn
):
    before = put(assessed_on=date(2023, 5, 1), fiscal_year=2566, scores=scores(2))
    row = put()
    page = sign_in("reviewer").get(f"/assessments/{row.id}").text
    assert 'class="radar__now"' in page
    assert 'class="radar__before"' in page
    assert "<title" in page
    assert '<table class="sides">' in page
    assert f"/assessments/{before.id}" in page
    first = sign_in("reviewer").get(f"/assessments/{before.id}").text
    assert 'class="radar__before"' not in first


def test_the_list_puts_what_is_not_assessed_first_and_filters_by_grade(
    put: Callable[..., Assessment], world: World, sign_in: SignIn
):
    put()
    client = sign_in("officer")
    page = client.get("/assessments?year=2567").text
    assert page.index("5606-002") < page.index("5606-001 ศูนย์")
    assert "5601-001" not in page
    graded = client.get("/assessments?year=2567&grade=A").text
    assert "5606-001 ศูนย์" in graded
    assert "5606-002" not in graded
    waiting = client.get("/assessments?year=2567&grade=none").text
    assert "5606-001 ศูนย์" not in waiting
    assert "5606-002" in waiting
    assert "5606-001 ศูนย์" in client.get("/assessments?year=2566&grade=none").text


def test_an_address_that_makes_no_sense_shows_the_running_year(sign_in: SignIn):
    client = sign_in("reviewer")
    for query in ("year=x", "year=99999", "year=๒๕๖๗", "district=%25", "grade=zzz", "year=1"):
        assert client.get(f"/assessments?{query}").status_code == 200


def test_the_table_to_take_away_has_a_line_for_every_open_centre(
    put: Callable[..., Assessment], sign_in: SignIn
):
    put()
    text = sign_in("reviewer").get("/assessments.csv?year=2567").text
    lines = text.removeprefix("\ufeff").strip().splitlines()
    assert len(lines) == 4
    assert any("5606-001" in line and "2024-01-20" in line and "80.0" in line for line in lines)


def test_the_centres_page_shows_its_grade_and_the_way_to_assess(
    put: Callable[..., Assessment], world: World, sign_in: SignIn
):
    row = put()
    officer = sign_in("officer").get(f"/centres/{world.centre}").text
    assert f"/assessments/{row.id}" in officer
    assert f"/assessments/new?centre={world.centre}" in officer
    reviewer = sign_in("reviewer").get(f"/centres/{world.neighbour}").text
    assert "/assessments/new" not in reviewer


def test_an_assessment_is_nobodys_outside_the_area(put: Callable[..., Assessment], sign_in: SignIn):
    row, stranger = put(), sign_in("other_officer")
    assert stranger.get(f"/assessments/{row.id}").status_code == 404
    assert stranger.get(f"/assessments/{row.id}/edit").status_code == 404
    assert sign_in("other_volunteer").get(f"/assessments/{row.id}").status_code == 404
    assert sign_in("volunteer").get(f"/assessments/{row.id}").status_code == 200


def test_a_page_of_words_that_the_programme_no_longer_has_still_opens(
    put: Callable[..., Assessment], app: Flask, sign_in: SignIn
):
    row = put()
    with app.app_context(), work() as w:
        held = w.session.get_one(Assessment, row.id)
        held.scores = [{"criterion": "gone", "points": 4, "note": None, "evidence": []}]
        held.sides, held.proposed_grade = {"gone": 50.0}, "passed"
        held.strategies, held.target_grade = ["gone"], "gone"
    assert sign_in("reviewer").get(f"/assessments/{row.id}").status_code == 200
    assert sign_in("officer").get(f"/assessments/{row.id}/edit").status_code == 200
    assert sign_in("officer").get("/assessments?year=2567").status_code == 200
