"""Points become grades: always alike, on the server and on the phone, and never against sense."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessments.evidence_rules import Found, grade_with_evidence, missing_evidence
from app.assessments.rules import (
    next_grade,
    result_of,
    steps_between,
    suggested_strategy,
)
from app.assessments.sheet import sheet_of
from app.rounds.programme import load_programme
from app.rounds.schema import Programme
from tests.assessments.drafts import CRITERIA, scores
from tests.contract.doors import load_cases

FILE = load_cases("assessment_cases.json")
PROGRAMME = load_programme()
GRADES = [grade.key for grade in PROGRAMME.grades]
WORDS = {"th": "คำ", "en": "words"}
POINTS = st.lists(st.sampled_from([0, 2, 4, 5]), min_size=len(CRITERIA), max_size=len(CRITERIA))


def programme_with(form: dict[str, Any]) -> Programme:
    """The programme in force with another form for assessing, as another province might have."""
    told = {**PROGRAMME.model_dump(), "rounds": PROGRAMME.rounds}
    told["five_p"] = [WORDS | side for side in form["five_p"]]
    told["grades"] = [WORDS | grade | {"strategy": "repair"} for grade in form["grades"]]
    told["scale"] = [WORDS | {"level": 1, "needs": [{"fact": "visits", "least": 1}]}]
    told["assessment"] = {
        "anchors": [WORDS | anchor for anchor in form["assessment"]["anchors"]],
        "criteria": [
            WORDS | c | {"anchors": [WORDS | anchor for anchor in c["anchors"]]}
            for c in form["assessment"]["criteria"]
        ],
    }
    return Programme.model_validate(told)


PROGRAMMES = {name: programme_with(form) for name, form in FILE["forms"].items()}


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
def test_server_and_phone_add_up_alike(case: dict[str, Any]):
    programme = PROGRAMMES[case["form"]]
    result = result_of(case["scores"], programme)
    missing = missing_evidence(case["scores"], programme, Found(**case["found"]))
    assert case["result"] == {
        "points": result.points, "most": result.most, "percent": result.percent,
        "sides": dict(result.sides), "grade": result.grade,
    }  # fmt: skip
    assert [[m.criterion, m.what, m.least, m.found] for m in missing] == case["missing"]
    assert grade_with_evidence(result.grade, missing, programme) == case["grade"]


def test_the_phones_cases_know_the_programme_in_force():
    form = FILE["forms"]["khok_nong_na"]
    told = PROGRAMME.model_dump(mode="json")
    assert [c["key"] for c in form["assessment"]["criteria"]] == CRITERIA
    for grade, told_grade in zip(form["grades"], told["grades"], strict=True):
        assert grade.items() <= told_grade.items()
    for one, criterion in zip(
        form["assessment"]["criteria"], told["assessment"]["criteria"], strict=True
    ):
        assert (one["side"], one["wants"]) == (criterion["side"], criterion["wants"])


@given(points=POINTS, place=st.integers(0, len(CRITERIA) - 1))
def test_more_points_never_give_a_worse_grade(points: list[int], place: int):
    more = [5 if at == place else one for at, one in enumerate(points)]
    before, after = (result_of(_rows(given), PROGRAMME) for given in (points, more))
    assert after.percent >= before.percent
    assert GRADES.index(after.grade) <= GRADES.index(before.grade)


@given(points=POINTS)
def test_the_best_grade_asks_enough_of_every_side(points: list[int]):
    result = result_of(_rows(points), PROGRAMME)
    for grade in PROGRAMME.grades:
        if grade.key == result.grade:
            assert result.percent >= grade.from_percent
            assert min(result.sides.values()) >= grade.each_side_percent


@given(points=POINTS, photos=st.integers(0, 3))
def test_missing_evidence_never_raises_a_grade(points: list[int], photos: int):
    rows = [row | {"evidence": [str(n) for n in range(photos)]} for row in _rows(points)]
    grade = result_of(rows, PROGRAMME).grade
    missing = missing_evidence(rows, PROGRAMME, Found(photos=[str(n) for n in range(photos)]))
    left = grade_with_evidence(grade, missing, PROGRAMME)
    assert GRADES.index(left) >= GRADES.index(grade)
    assert left == grade or any(g.key == grade and g.evidence_needed for g in PROGRAMME.grades)


def test_what_changed_is_told_from_the_greatest_rise_to_the_deepest_fall():
    before, now = scores(2, place_water=4), scores(2, place_water=0, pass_expand=5)
    steps = [(s.criterion, s.before, s.now) for s in steps_between(before, now)]
    assert steps == [("pass_expand", 2, 5), ("place_water", 4, 0)]


def test_a_criterion_that_is_new_or_gone_is_a_change_too():
    steps = steps_between([{"criterion": "old", "points": 4}], [{"criterion": "new", "points": 2}])
    assert [(s.criterion, s.before, s.now) for s in steps] == [("new", None, 2), ("old", 4, None)]


def test_the_usual_strategy_and_the_grade_above_are_the_programmes():
    assert [suggested_strategy(key, PROGRAMME) for key in ("A", "B", "C")] == [
        "build", "strengthen", "repair",
    ]  # fmt: skip
    assert [next_grade(key, PROGRAMME) for key in ("A", "B", "C")] == ["A", "A", "B"]
    assert suggested_strategy("nobody's", PROGRAMME) == ""


def test_a_sheet_keeps_what_the_programme_no_longer_asks():
    sections = sheet_of([*scores(), {"criterion": "gone", "points": 3}], PROGRAMME, "th")
    assert [section.side for section in sections] == [s.key for s in PROGRAMME.five_p] + [""]
    assert (sections[-1].lines[0].key, sections[-1].lines[0].criterion) == ("gone", None)
    assert sections[0].points == 16
    assert sections[0].most == 20


def test_a_sheet_of_another_programme_has_its_own_sides():
    sections = sheet_of([], PROGRAMMES["other"], "th")
    assert [(s.side, len(s.lines)) for s in sections] == [("soil", 2), ("water", 2)]


def _rows(points: list[int]) -> list[dict[str, Any]]:
    return [{"criterion": k, "points": p} for k, p in zip(CRITERIA, points, strict=True)]
