"""The plan's pages: the table of attachment 6, the results of attachment 7, and their forms."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.photos.models import Photo
from app.plans.grades import _KNOWN, register_grades
from app.plans.models import PlanItem, PlanResult
from app.shared.db import db
from app.shared.ids import new_id
from tests.conftest import World
from tests.plans.drafts import NOW, PROGRAMME, store_item, store_result

SignIn = Callable[[str], FlaskClient]
PLAN, RESULTS = "/plans/5606/2567", "/plans/5606/2567/results"


def typed(world: World, **facts: Any) -> dict[str, Any]:
    """What a browser sends for an item."""
    return {
        "id": str(new_id()),
        "version": "",
        "centre_id": str(world.centre),
        "fiscal_year": "๒๕๖๗",
        "side": "place",
        "strategy": "repair",
        "title": "ซ่อมฐานเรียนรู้",
        "target": "1 ฐาน",
        "starts_on": "15/2/2567",
        "ends_on": "31/3/2567",
        "budget_baht": "5,000",
        "budget_source": "department",
        "responsible": "นายสมชาย",
    } | facts


def report(**facts: Any) -> dict[str, Any]:
    """What a browser sends for a report."""
    return {
        "id": str(new_id()),
        "version": "",
        "reported_on": "20/3/2567",
        "done_percent": "60",
        "result": "ซ่อมแล้ว",
        "spent_baht": "4,000",
    } | facts


@pytest.fixture
def item_id(app: Flask, world: World) -> UUID:
    """An item of the volunteer's centre, half done, with evidence that is on a phone still."""
    with app.app_context():
        session = db.session()
        item = store_item(session, world, world.centre, title="ซ่อมคลองไส้ไก่")
        store_result(session, world, item, evidence=[str(new_id())])
        store_item(session, world, None, title="ประชุมเครือข่าย", budget_baht=0)
        found: UUID = item.id
        db.session.remove()
    return found


@pytest.fixture
def graded(world: World) -> Iterator[None]:
    """Somebody who knows that the volunteer's centre is a C."""
    before = dict(_KNOWN)
    register_grades(lambda _session, ids, _year: {one: "C" for one in ids if one == world.centre})
    yield
    _KNOWN.clear()
    _KNOWN.update(before)


def test_an_officer_plans_an_item_and_finds_it_in_the_table(
    app: Flask, world: World, sign_in: SignIn
):
    client = sign_in("officer")
    answer = client.post("/plans/items/new", data=typed(world))
    assert answer.status_code == 303, answer.text
    page = client.get(PLAN).text
    assert "ซ่อมฐานเรียนรู้" in page
    assert "5,000" in page
    with app.app_context():
        item = db.session.scalars(select(PlanItem)).one()
        assert (item.fiscal_year, item.district_code, item.budget_baht) == (2567, "5606", 5_000)
    shown = client.get(answer.location).text
    assert f"centre={world.centre}" in shown  # another for this centre


def test_an_item_that_ends_before_it_begins_is_refused(world: World, sign_in: SignIn):
    answer = sign_in("officer").post("/plans/items/new", data=typed(world, ends_on="1/2/2567"))
    assert answer.status_code == 422
    assert 'id="ends_on-errors"' in answer.text


def test_the_plan_shows_grade_and_usual_strategy_where_somebody_knows_them(
    world: World, item_id: UUID, graded: None, sign_in: SignIn
):
    client = sign_in("officer")
    with_grade = client.get(PLAN, headers={"Accept-Language": "en"}).text
    assert "C ปรับตัวสู่การพัฒนา" in with_grade or "C adjusting" in with_grade
    form = client.get(f"/plans/items/new?centre={world.centre}").text
    assert "ปรับปรุงพื้นที่" in form or "What is improved" in form  # the side's prompt
    assert "C ปรับตัว" in form or "C adjusting" in form


def test_who_sees_one_district_goes_straight_to_its_plan(item_id: UUID, sign_in: SignIn):
    for who in ("officer", "volunteer"):
        assert sign_in(who).get("/plans").location.endswith(PLAN)
    page = sign_in("reviewer").get("/plans").text
    assert PLAN in page
    assert page.count("<tr>") > 8  # every district of the province


def test_a_volunteer_sees_the_items_of_the_own_centre(item_id: UUID, sign_in: SignIn):
    page = sign_in("volunteer").get(PLAN).text
    assert "ซ่อมคลองไส้ไก่" in page
    assert "ประชุมเครือข่าย" not in page
    assert "/plans/items/new" not in page
    assert "ซ่อมคลองไส้ไก่" not in sign_in("other_volunteer").get(PLAN).text


@pytest.mark.parametrize("what", ["", ".csv", "/results", "/results.csv", "/carry"])
def test_a_foreign_plan_does_not_exist(item_id: UUID, sign_in: SignIn, what: str):
    client = sign_in("other_officer")
    assert client.get(PLAN + what).status_code == 404
    assert client.get(f"/plans/items/{item_id}").status_code == 404
    assert client.get("/plans/9999/2567").status_code == 404
    assert client.get("/plans/56/2567").status_code == 404


def test_a_report_is_written_on_the_plans_own_row(app: Flask, item_id: UUID, sign_in: SignIn):
    client = sign_in("officer")
    page = client.get(f"{RESULTS}?item={item_id}").text
    assert f'action="/plans/results/new?item={item_id}"' in page
    assert 'value="50"' in page  # how far it was stands in the box
    answer = client.post(f"/plans/results/new?item={item_id}", data=report())
    assert answer.status_code == 303, answer.text
    assert answer.location.endswith(f"{RESULTS}#item-{item_id}")
    page = client.get(RESULTS).text
    assert "60%" in page
    assert "50%" not in page
    assert client.get(f"/plans/items/{item_id}").text.count("plans/results/") == 2
    with app.app_context():
        results = db.session.scalars(select(PlanResult)).all()
        assert {result.item_id for result in results} == {item_id}


def test_after_one_report_comes_the_next_item(item_id: UUID, sign_in: SignIn):
    data = report() | {"next": "1"}
    answer = sign_in("officer").post(f"/plans/results/new?item={item_id}", data=data)
    assert "?item=" in answer.location
    assert str(item_id) not in answer.location


def test_less_done_without_a_reason_and_more_spent_than_planned_are_questions_not_refusals(
    item_id: UUID, sign_in: SignIn
):
    client = sign_in("officer")
    data = report(done_percent="20", spent_baht="9000")
    answer = client.post(f"/plans/results/new?item={item_id}", data=data)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert page.count("flash--warn") == 2
    again = client.get(RESULTS).text
    assert "badge--bad" in again  # over budget
    assert "plan-row__why" in again  # less than before


def a_photo(world: World, centre_id: UUID, day: date) -> Photo:
    """A photo of a centre, prepared."""
    return Photo(
        id=new_id(), centre_id=centre_id, subject_kind="centre", subject_id=centre_id, day=day,
        caption="คลองไส้ไก่หลังซ่อม", original_sha256="a" * 64, size_bytes=1_000,
        media_type="image/jpeg", source="camera", state="processed", state_since=NOW,
        view_sha256="b" * 64, thumb_sha256="c" * 64, captured_at=NOW, received_at=NOW,
        recorder_id=world["officer"].account_id, content_sha256="d" * 64,
        programme_version=PROGRAMME.name,
    )  # fmt: skip


def test_evidence_is_chosen_among_the_centres_photos_since_the_item_began(
    app: Flask, world: World, item_id: UUID, sign_in: SignIn
):
    with app.app_context():
        session = db.session()
        since = date(2024, 3, 1)
        photos = [
            a_photo(world, world.centre, since),
            a_photo(world, world.centre, date(2024, 1, 2)),  # before
            a_photo(world, world.neighbour, since),  # elsewhere
        ]
        session.add_all(photos)
        session.commit()
        good, early, elsewhere = (str(photo.id) for photo in photos)
        db.session.remove()
    client = sign_in("officer")
    page = client.get(f"{RESULTS}?item={item_id}").text
    assert f'value="{good}"' in page
    assert f"/photos/{good}/thumb" in page
    assert early not in page
    assert elsewhere not in page
    path = f"/plans/results/new?item={item_id}"
    assert client.post(path, data=report(evidence=[elsewhere])).status_code == 422
    assert client.post(path, data=report(evidence=[good])).status_code == 303
    assert f"/photos/{good}" in client.get(RESULTS).text
    with app.app_context():
        newest = select(PlanResult).where(PlanResult.done_percent == 60)
        assert db.session.scalars(newest).one().evidence == [good]


def test_a_report_is_corrected_and_keeps_evidence_that_is_not_here_yet(
    app: Flask, item_id: UUID, sign_in: SignIn
):
    client = sign_in("officer")
    with app.app_context():
        result = db.session.scalars(select(PlanResult)).one()
        result_id, evidence = result.id, result.evidence
    path = f"/plans/results/{result_id}"
    assert client.get(f"{path}/edit").status_code == 200
    data = report(version="1", done_percent="55", evidence=evidence)
    assert client.post(f"{path}/edit", data=data).status_code == 303
    with app.app_context():
        result = db.session.scalars(select(PlanResult)).one()
        assert (result.version, result.done_percent, result.item_id) == (2, 55, item_id)
        assert result.evidence == evidence
    assert client.get(path).status_code == 200


def test_evidence_that_is_nowhere_is_still_on_a_phone(item_id: UUID, sign_in: SignIn):
    for path in (RESULTS, f"/plans/items/{item_id}"):
        page = sign_in("officer").get(path).text
        assert "still on a phone" in page or "อยู่ในโทรศัพท์" in page


def test_a_report_names_an_item_of_the_own_district(item_id: UUID, sign_in: SignIn):
    client = sign_in("other_officer")
    assert client.post(f"/plans/results/new?item={item_id}", data=report()).status_code == 404
    assert client.post("/plans/results/new", data=report()).status_code == 404
    assert (
        sign_in("officer").post(f"/plans/results/new?item={new_id()}", data=report()).status_code
        == 404
    )


def test_both_annexes_can_be_taken_away(item_id: UUID, sign_in: SignIn):
    client = sign_in("officer")
    for path, words in ((f"{PLAN}.csv", "1 ฐาน"), (f"{RESULTS}.csv", "ซ่อมแล้วครึ่งหนึ่ง")):
        answer = client.get(path)
        assert answer.data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert len(rows) == 3
        assert words in rows[1]
        assert rows[1][1] == "5606-001"


def test_an_item_is_dropped_with_a_reason_and_taken_up_again(item_id: UUID, sign_in: SignIn):
    client, path = sign_in("officer"), f"/plans/items/{item_id}/drop"
    client.post(path, data={"version": "1", "reason": ""})
    assert "plan-row--dropped" not in client.get(PLAN).text
    client.post(path, data={"version": "1", "reason": "น้ำท่วมแปลง"})
    page = client.get(PLAN).text
    assert "plan-row--dropped" in page
    assert "น้ำท่วมแปลง" in page
    client.post(path, data={"version": "2", "again": "1"})
    assert "plan-row--dropped" not in client.get(PLAN).text


def test_carrying_over_offers_what_is_unfinished_and_copies_it_once(
    app: Flask, world: World, sign_in: SignIn
):
    with app.app_context():
        session = db.session()
        old = store_item(
            session, world, world.centre, fiscal_year=2566, title="ทำต่อปีหน้า",
            starts_on=date(2023, 1, 10), ends_on=date(2023, 6, 1),
        )  # fmt: skip
        old_id = str(old.id)
        db.session.remove()
    client = sign_in("officer")
    assert "ทำต่อปีหน้า" in client.get(f"{PLAN}/carry").text
    for _click in range(2):
        assert client.post(f"{PLAN}/carry", data={"items": [old_id]}).status_code == 303
    assert client.get(PLAN).text.count("ทำต่อปีหน้า") == 1
    assert "ทำต่อปีหน้า" not in client.get(f"{PLAN}/carry").text


def test_a_centres_page_shows_its_part_of_the_plan(world: World, item_id: UUID, sign_in: SignIn):
    page = sign_in("volunteer").get(f"/centres/{world.centre}").text
    assert "ซ่อมคลองไส้ไก่" in page
    assert "ซ่อมคลองไส้ไก่" not in sign_in("officer").get(f"/centres/{world.neighbour}").text
