"""The activities' pages, as a volunteer and an officer use them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.activities.kinds import ACTIVITY
from app.activities.models import Activity
from app.plans.kinds import PLAN_ITEM
from app.records.service import record
from app.rounds.models import QuarterSeal
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.ids import new_id
from tests.activities.drafts import NOW, PROGRAMME, make_activity
from tests.conftest import World

SignIn = Callable[[str], FlaskClient]


def work_day(centre: UUID, **facts: Any) -> dict[str, Any]:
    """What a browser sends for a joint work day."""
    return {
        "id": str(new_id()),
        "version": "",
        "centre_id": str(centre),
        "kind": "aow_mue",
        "title": "เอามื้อสามัคคี ขุดคลองไส้ไก่",
        "held_on": "10/2/2567",
        "sides": ["people", "place"],
        "n_male": "๑๔",
        "n_female": "18",
        "n_youth": "6",
        "result": "ได้คลองไส้ไก่ยาว 60 เมตร",
    } | facts


@pytest.fixture
def stored(app: Flask, world: World) -> UUID:
    """An activity at the volunteer's centre."""
    draft = make_activity(world.centre)
    with app.app_context():
        record(
            db.session(), ACTIVITY, draft, actor=world["volunteer"], now=NOW, programme=PROGRAMME
        )
        db.session.commit()
        db.session.remove()
    return draft.id


def count_of(app: Flask, *where: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(Activity.id)).where(*where)) or 0


def thai_day_of(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + 543}"


def make_plan_item(app: Flask, world: World) -> UUID:
    """An item of this year's plan for the volunteer's centre."""
    today = bangkok_day(now())
    told = {field.name: field.nothing for field in PLAN_ITEM.fields} | {
        "fiscal_year": Quarter.of_day(today).fiscal_year,
        "side": "place",
        "strategy": "repair",
        "title": "ซ่อมฐานเรียนรู้",
        "target": "1 ฐาน",
        "starts_on": today,
        "ends_on": today,
        "budget_source": "none",
        "responsible": "พัฒนากร",
    }
    draft = replace(make_activity(world.centre), kind="plan_item", values=told)
    with app.app_context():
        record(db.session(), PLAN_ITEM, draft, actor=world["officer"], now=NOW, programme=PROGRAMME)
        db.session.commit()
        db.session.remove()
    return draft.id


def test_a_volunteer_writes_a_work_day_down(app: Flask, world: World, sign_in: SignIn):
    client = sign_in("volunteer")
    page = client.get("/activities/new")
    centre = re.search(r'name="centre_id" value="([^"]+)"', page.text)
    assert centre is not None

    answer = client.post("/activities/new", data=work_day(UUID(centre[1])))

    assert answer.status_code == 303, answer.text
    shown = client.get(answer.location).text
    assert "ขุดคลองไส้ไก่" in shown
    assert "10 กุมภาพันธ์ 2567" in shown.replace("\u00a0", " ")
    assert "เอามื้อสามัคคี" in client.get("/activities").text
    assert count_of(app, Activity.n_total == 32, Activity.n_youth == 6) == 1


def test_a_form_sent_twice_stores_one_activity(app: Flask, world: World, sign_in: SignIn):
    client, data = sign_in("volunteer"), work_day(world.centre)
    first, again = (client.post("/activities/new", data=data) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert count_of(app) == 1


def test_what_was_typed_stays_when_something_is_refused(world: World, sign_in: SignIn):
    data = work_day(world.centre, n_youth="99", sides=[])
    answer = sign_in("volunteer").post("/activities/new", data=data)
    assert answer.status_code == 422
    assert "60 เมตร" in answer.text
    assert 'id="sides-errors"' in answer.text

    data = work_day(world.centre, n_youth="99")
    answer = sign_in("volunteer").post("/activities/new", data=data)
    assert answer.status_code == 422
    assert 'id="n_youth-errors"' in answer.text


def test_a_correction_is_a_new_version_and_a_stale_one_is_told(
    app: Flask, world: World, stored: UUID, sign_in: SignIn
):
    client, address = sign_in("officer"), f"/activities/{stored}/edit"
    assert "ปลูกป่า 3 อย่าง" in client.get(address).text
    data = work_day(world.centre, version="1", title="เอามื้อสามัคคี แก้แล้ว")
    assert client.post(address, data=data).status_code == 303
    late = client.post(address, data=data | {"title": "อีกคนแก้"})
    assert late.status_code == 422
    assert count_of(app, Activity.version == 2, Activity.title == "เอามื้อสามัคคี แก้แล้ว") == 1
    assert "เอามื้อสามัคคี แก้แล้ว" in client.get(f"/activities/{stored}").text


def test_another_districts_activity_is_not_there(world: World, stored: UUID, sign_in: SignIn):
    client = sign_in("other_officer")
    assert client.get(f"/activities/{stored}").status_code == 404
    assert client.post(f"/activities/{stored}/edit", data=work_day(world.centre)).status_code == 404
    assert client.post(f"/activities/{stored}/delete", data={"reason": "x"}).status_code == 404
    assert sign_in("other_volunteer").get(f"/activities/{stored}").status_code == 404
    refused = client.post("/activities/new", data=work_day(world.centre))
    assert refused.status_code == 422


def test_struck_out_with_a_reason_it_is_gone_from_the_list(
    app: Flask, stored: UUID, sign_in: SignIn
):
    client = sign_in("volunteer")
    bare = client.post(f"/activities/{stored}/delete", data={"version": "1", "reason": ""})
    assert bare.status_code == 422
    data = {"version": "1", "reason": "จดซ้ำ"}
    assert client.post(f"/activities/{stored}/delete", data=data).status_code == 303
    assert client.get(f"/activities/{stored}").status_code == 404
    assert count_of(app, Activity.deleted_at.is_not(None)) == 1


def test_a_sealed_quarter_is_neither_corrected_nor_struck_out(
    app: Flask, world: World, stored: UUID, sign_in: SignIn
):
    with app.app_context():
        db.session.add(
            QuarterSeal(
                id=new_id(),
                district_code="5606",
                quarter="2567Q2",
                reason="ปิดไตรมาส",
                sealed_at=NOW,
                sealed_by=world["reviewer"].account_id,
            )
        )
        db.session.commit()
    client = sign_in("officer")
    data = work_day(world.centre, version="1")
    assert client.post(f"/activities/{stored}/edit", data=data).status_code == 422
    gone = client.post(f"/activities/{stored}/delete", data={"version": "1", "reason": "จดซ้ำ"})
    assert gone.status_code == 422
    assert count_of(app, Activity.version == 1, Activity.deleted_at.is_(None)) == 1


def test_the_list_is_searched_and_taken_away_as_a_table(stored: UUID, sign_in: SignIn):
    client = sign_in("officer")
    assert str(stored) in client.get("/activities?q=ปลูกป่า&quarter=2567Q2").text
    assert str(stored) not in client.get("/activities?q=ตลาดนัด").text
    assert client.get("/activities?after=xx").status_code == 400
    table = client.get("/activities.csv")
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert str(stored) in table.get_data(as_text=True)
    assert str(stored) not in sign_in("other_officer").get("/activities.csv").text


def test_an_activity_can_be_part_of_the_plan(app: Flask, world: World, sign_in: SignIn):
    item = make_plan_item(app, world)
    client = sign_in("volunteer")
    today = {"held_on": thai_day_of(bangkok_day(now()))}
    assert f'value="{item}"' in client.get("/activities/new").text
    data = work_day(world.centre, plan_item_id=str(item), **today)
    answer = client.post("/activities/new", data=data)
    assert answer.status_code == 303, answer.text
    assert count_of(app, Activity.plan_item_id == item) == 1
    foreign = work_day(world.stranger, plan_item_id=str(item), **today)
    assert sign_in("other_officer").post("/activities/new", data=foreign).status_code == 422
