"""The follow-ups' pages, as those who call people use them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.followups.models import Followup
from app.followups.service import record_followup
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.ids import new_id
from app.visits.rules import months_after
from app.visits.service import record_visit
from tests.conftest import World
from tests.followups.drafts import VISITED, make_followup
from tests.visits.drafts import CONSENTED, NOW, make_draft

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def visit_id(app: Flask, world: World) -> UUID:
    """A visit whose leader agreed to be called, whose first check is due by today."""
    with app.app_context():
        day = months_after(bangkok_day(now()), -1)
        draft = make_draft(world.centre, **CONSENTED | {"visit_date": day.replace(day=1)})
        record_visit(db.session(), draft, actor=world["volunteer"], now=NOW)
        db.session.commit()
        db.session.remove()
    return draft.id


@pytest.fixture
def followup_id(app: Flask, world: World) -> UUID:
    """One check, four of ten."""
    with app.app_context():
        visit = make_draft(world.centre, **CONSENTED | {"visit_date": VISITED})
        record_visit(db.session(), visit, actor=world["officer"], now=NOW)
        draft = make_followup(visit.id, next_step="=cmd()")
        record_followup(db.session(), draft, actor=world["officer"], now=NOW)
        db.session.commit()
        db.session.remove()
    return draft.id


def check(visit_id: UUID, **facts: Any) -> dict[str, Any]:
    """What a browser sends for one check."""
    today = bangkok_day(now())
    return {
        "id": str(new_id()), "visit": str(visit_id), "step_months": "1",
        "followed_on-day": str(today.day), "followed_on-month": str(today.month),
        "followed_on-year": str(today.year + 543), "method": "phone", "used": "used",
        "n_followed": "๑๐", "n_used": "4", "topics": ["water"],
    } | facts  # fmt: skip


def count_of(app: Flask, what: Any, *where: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(what)).where(*where))


def test_from_the_due_list_to_a_saved_check(app: Flask, visit_id: UUID, sign_in: SignIn):
    client = sign_in("volunteer")
    due = client.get("/followups").text
    assert f"/followups/new?visit={visit_id}" in due
    assert "081-234-5678" not in due
    assert "สมศรี" not in due
    assert "08x-xxx-xx78" in due
    assert client.get(f"/followups/new?visit={visit_id}").status_code == 200

    answer = client.post("/followups/new", data=check(visit_id))

    assert answer.status_code == 303, answer.text
    assert client.get(answer.location).status_code == 200
    assert f"/followups/new?visit={visit_id}" not in client.get("/followups").text
    assert answer.location.rpartition("/")[2] in client.get(f"/visits/{visit_id}").text


def test_a_form_sent_twice_stores_one_check(app: Flask, visit_id: UUID, sign_in: SignIn):
    client, data = sign_in("officer"), check(visit_id)
    assert [client.post("/followups/new", data=data).status_code for _ in range(2)] == [303, 303]
    assert count_of(app, Followup.id) == 1


def test_not_yet_needs_a_reason_and_keeps_what_was_typed(visit_id: UUID, sign_in: SignIn):
    data = check(visit_id, used="not_yet", n_used="0", next_step="ไปเยี่ยมอีกครั้ง")
    answer = sign_in("officer").post("/followups/new", data=data)
    assert answer.status_code == 422
    assert 'id="reason-errors"' in answer.text
    assert "ไปเยี่ยมอีกครั้ง" in answer.text


def test_the_number_to_call_is_shown_on_request_and_the_look_is_noted(
    app: Flask, visit_id: UUID, sign_in: SignIn
):
    answer = sign_in("officer").post("/followups/contact", data={"visit": str(visit_id)})
    assert 'href="tel:0812345678"' in answer.text
    assert count_of(app, AuditEntry.id, AuditEntry.action == "visit.contact_seen") == 1


@pytest.mark.parametrize("who", ["other_volunteer", "other_officer"])
def test_a_foreign_check_does_not_exist(
    visit_id: UUID, followup_id: UUID, sign_in: SignIn, who: str
):
    client = sign_in(who)
    assert client.get(f"/followups/{followup_id}").status_code == 404
    assert client.get(f"/followups/new?visit={visit_id}").status_code == 404
    assert client.post("/followups/new", data=check(visit_id)).status_code == 404
    assert client.post("/followups/contact", data={"visit": str(visit_id)}).status_code == 404
    deleted = client.post(f"/followups/{followup_id}/delete", data={"reason": "x"})
    assert deleted.status_code == 404
    assert str(visit_id) not in client.get("/followups").text


def test_a_check_is_struck_out_with_its_reason(app: Flask, followup_id: UUID, sign_in: SignIn):
    client = sign_in("officer")
    path = f"/followups/{followup_id}/delete"
    assert client.post(path, data={}).status_code == 422
    assert client.post(path, data={"reason": "ลงซ้ำ"}).status_code == 303
    assert count_of(app, Followup.id, Followup.deleted_reason == "ลงซ้ำ") == 1


def test_done_shows_checks_with_their_denominator(followup_id: UUID, sign_in: SignIn):
    client = sign_in("reviewer")
    page = client.get("/followups/done?quarter=2567Q2&used=used&q=ควร").text
    assert str(followup_id) in page
    assert "ร้อยละ 40" in page
    assert str(followup_id) not in client.get("/followups/done?quarter=2567Q1").text


@pytest.mark.parametrize(
    "path", ["/followups?after=W10", "/followups/new", "/followups/new?visit=1"]
)
def test_a_junk_address_is_never_a_server_error(world: World, sign_in: SignIn, path: str):
    assert sign_in("officer").get(path).status_code in (400, 404)


def test_tables_hold_no_formula_and_no_phone(followup_id: UUID, sign_in: SignIn):
    client = sign_in("officer")
    text = client.get("/followups.csv").data.decode("utf-8-sig")
    assert "'=cmd()" in text
    assert "0812345678" not in text
    answer = client.get("/followups.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert "=cmd()" in [cell.value for cell in cells]
