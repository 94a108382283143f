"""The visitor book's pages, as a volunteer and an officer use them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.shared.db import db
from app.shared.ids import new_id
from app.visits.models import Visit
from app.visits.service import record_visit
from tests.conftest import World
from tests.visits.drafts import CONSENTED, NOW, make_draft

SignIn = Callable[[str], FlaskClient]


def school_group(**facts: Any) -> dict[str, Any]:
    """What a browser sends for a school group of 42."""
    return {
        "id": str(new_id()),
        "version": "",
        "visit_date": "13/2/2567",
        "group_name": "โรงเรียนบ้านควร ป.4",
        "n_male": "๒๐",
        "n_female": "22",
        "n_child": "40",
        "kind": "study",
        "topics": ["mulch", "water"],
    } | facts


@pytest.fixture
def stored(app: Flask, world: World) -> UUID:
    """A visit whose leader agreed to be called."""
    with app.app_context():
        draft = make_draft(world.centre, **CONSENTED)
        record_visit(db.session(), draft, actor=world["volunteer"], now=NOW)
        db.session.commit()
        db.session.remove()
    return draft.id


def count_of(app: Flask, what: Any = Visit.id, *where: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(what)).where(*where))


def test_a_volunteer_logs_a_school_group_of_42(app: Flask, world: World, sign_in: SignIn):
    client = sign_in("volunteer")
    page = client.get("/visits/new")
    centre = re.search(r'name="centre_id" value="([^"]+)"', page.text)
    assert centre is not None
    assert centre[1] == str(world.centre)

    answer = client.post("/visits/new", data=school_group(centre_id=centre[1]))

    assert answer.status_code == 303, answer.text
    shown = client.get(answer.location).text
    assert "โรงเรียนบ้านควร ป.4" in shown
    assert "13 กุมภาพันธ์ 2567" in shown.replace("\u00a0", " ")
    with app.app_context():
        visit = db.session.scalars(select(Visit)).one()
        assert (visit.n_total, visit.n_child, visit.topics) == (42, 40, ["water", "mulch"])


def test_a_form_sent_twice_stores_one_visit(app: Flask, world: World, sign_in: SignIn):
    client, data = sign_in("volunteer"), school_group(centre_id=str(world.centre))
    first, again = (client.post("/visits/new", data=data) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert count_of(app) == 1


def test_going_back_and_changing_a_saved_form_is_told_and_not_lost_silently(
    app: Flask, world: World, sign_in: SignIn
):
    client, data = sign_in("volunteer"), school_group(centre_id=str(world.centre))
    client.post("/visits/new", data=data)
    answer = client.post("/visits/new", data=data | {"n_male": "5"})
    assert answer.status_code == 422
    assert count_of(app, Visit.id, Visit.n_male == 20) == 1


def test_what_was_typed_stays_when_something_is_refused(world: World, sign_in: SignIn):
    data = school_group(centre_id=str(world.centre), n_child="99", suggestion="อยากมาอีก")
    answer = sign_in("volunteer").post("/visits/new", data=data)
    assert answer.status_code == 422
    assert "อยากมาอีก" in answer.text
    assert 'id="n_child-errors"' in answer.text


def test_a_phone_number_without_consent_is_refused(app: Flask, world: World, sign_in: SignIn):
    data = school_group(centre_id=str(world.centre), phone="0812345678")
    answer = sign_in("volunteer").post("/visits/new", data=data)
    assert answer.status_code == 422
    assert count_of(app) == 0


def test_an_officer_cannot_write_in_another_districts_book(
    app: Flask, world: World, sign_in: SignIn
):
    data = school_group(centre_id=str(world.stranger))
    assert sign_in("officer").post("/visits/new", data=data).status_code == 422
    assert count_of(app) == 0


def test_the_form_remembers_an_officers_last_centre(world: World, sign_in: SignIn):
    client = sign_in("officer")
    client.post("/visits/new", data=school_group(centre_id=str(world.neighbour)))
    chosen = re.search(r'<option selected value="([^"]+)"', client.get("/visits/new").text)
    assert chosen is not None
    assert chosen[1] == str(world.neighbour)


def test_a_reviewer_reads_and_does_not_write(stored: UUID, sign_in: SignIn):
    client = sign_in("reviewer")
    assert client.get(f"/visits/{stored}").status_code == 200
    for path in ("new", "page", f"{stored}/edit"):
        assert client.get(f"/visits/{path}").status_code == 404


@pytest.mark.parametrize("who", ["other_volunteer", "other_officer"])
def test_a_foreign_visit_does_not_exist(stored: UUID, sign_in: SignIn, who: str):
    client = sign_in(who)
    assert client.get(f"/visits/{stored}").status_code == 404
    assert client.get(f"/visits/{stored}/edit").status_code == 404
    for what in ("contact", "delete"):
        answer = client.post(f"/visits/{stored}/{what}", data={"reason": "x", "version": "1"})
        assert answer.status_code == 404
    assert str(stored) not in client.get("/visits").text


def test_a_phone_is_masked_until_asked_for_and_then_the_look_is_noted(
    app: Flask, stored: UUID, sign_in: SignIn
):
    client = sign_in("officer")
    page = client.get(f"/visits/{stored}").text
    assert "081-234-5678" not in page
    assert "0812345678" not in page
    assert "สมศรี" not in page

    revealed = client.post(f"/visits/{stored}/contact").text

    assert 'href="tel:0812345678"' in revealed
    assert "ครูสมศรี ใจดี" in revealed
    assert count_of(app, AuditEntry.id, AuditEntry.action == "visit.contact_seen") == 1


def test_an_officer_corrects_a_visit_and_the_history_tells(
    app: Flask, world: World, stored: UUID, sign_in: SignIn
):
    client = sign_in("officer")
    assert 'value="1"' in client.get(f"/visits/{stored}/edit").text
    data = school_group(
        centre_id=str(world.centre), version="1", n_male="12", n_child="3",
        consent_followup="y", leader_name="ครูสมศรี ใจดี", phone="081-234-5678",
    )  # fmt: skip
    answer = client.post(f"/visits/{stored}/edit", data=data)
    assert answer.status_code == 303, answer.text
    shown = client.get(f"/visits/{stored}").text
    assert "20 → 12" in shown
    assert count_of(app) == 1


def test_an_edit_of_an_old_version_is_refused(world: World, stored: UUID, sign_in: SignIn):
    client = sign_in("officer")
    data = school_group(centre_id=str(world.centre), version="1", n_child="3")
    assert client.post(f"/visits/{stored}/edit", data=data).status_code == 303
    answer = client.post(f"/visits/{stored}/edit", data=data | {"n_male": "1"})
    assert answer.status_code == 422


def test_striking_out_needs_a_reason(app: Flask, stored: UUID, sign_in: SignIn):
    client = sign_in("officer")
    assert client.post(f"/visits/{stored}/delete", data={"version": "1"}).status_code == 422
    answer = client.post(f"/visits/{stored}/delete", data={"version": "1", "reason": "ลงซ้ำ"})
    assert answer.status_code == 303
    assert count_of(app, Visit.id, Visit.deleted_at.is_(None)) == 0
    assert client.get(f"/visits/{stored}").status_code == 404


def test_a_person_can_be_forgotten_from_the_page(app: Flask, stored: UUID, sign_in: SignIn):
    answer = sign_in("officer").post(f"/visits/{stored}/forget", data={"reason": "โทรมาขอ"})
    assert answer.status_code == 303
    assert count_of(app, Visit.id, Visit.phone.is_(None), Visit.n_total == 42) == 1


def test_a_page_saves_good_lines_and_keeps_bad_ones_with_their_reason(
    app: Flask, world: World, sign_in: SignIn
):
    client = sign_in("volunteer")
    data = {
        "centre_id": str(world.centre), "visit_date": "13/2/2567", "lines": "3",
        "line0-id": str(new_id()), "line0-group_name": "กลุ่มดี", "line0-kind": "study",
        "line0-n_male": "3",
        "line1-id": str(new_id()), "line1-group_name": "กลุ่มไม่มีคน", "line1-kind": "study",
        "line2-id": str(new_id()), "line2-kind": "study",
    }  # fmt: skip
    answer = client.post("/visits/page", data=data)

    assert answer.status_code == 422
    assert 'value="กลุ่มไม่มีคน"' in answer.text
    assert 'value="กลุ่มดี"' not in answer.text
    assert count_of(app) == 1

    client.post("/visits/page", data=data)  # back, and sent again
    assert count_of(app) == 1


def test_a_page_where_all_is_well_leads_to_the_list(app: Flask, world: World, sign_in: SignIn):
    data: dict[str, Any] = {"centre_id": str(world.centre), "visit_date": "13/2/2567", "lines": "9"}
    for n in range(9):
        data |= {f"line{n}-id": str(new_id()), f"line{n}-kind": "study", f"line{n}-n_female": "4"}
    answer = sign_in("volunteer").post("/visits/page", data=data)
    assert answer.status_code == 303
    assert count_of(app) == 9


def test_more_lines_keep_what_was_typed_and_save_nothing(app: Flask, world: World, sign_in: SignIn):
    data = {
        "centre_id": str(world.centre), "visit_date": "13/2/2567", "lines": "10", "more": "5",
        "line0-group_name": "กลุ่มแรก", "line0-kind": "study", "line0-n_male": "3",
    }  # fmt: skip
    answer = sign_in("volunteer").post("/visits/page", data=data)
    assert 'value="กลุ่มแรก"' in answer.text
    assert 'name="line14-n_male"' in answer.text
    assert count_of(app) == 0


def test_the_list_finds_filters_and_counts(stored: UUID, sign_in: SignIn):
    client = sign_in("officer")
    assert str(stored) in client.get("/visits?q=ควร&quarter=2567Q2&kind=study").text
    for nothing in ("q=ไม่มีจริง", "quarter=2567Q1", "kind=activity", "centre=" + str(new_id())):
        assert str(stored) not in client.get(f"/visits?{nothing}").text


@pytest.mark.parametrize("junk", ["after=%00", "after=W10", "quarter=9&centre=x&q=%25%27%22"])
def test_a_junk_address_is_never_a_server_error(sign_in: SignIn, world: World, junk: str):
    assert sign_in("officer").get(f"/visits?{junk}").status_code in (200, 400)


def test_the_csv_opens_as_thai_and_masks_people(app: Flask, world: World, sign_in: SignIn):
    with app.app_context():
        evil = make_draft(world.centre, **CONSENTED, suggestion='=HYPERLINK("http://x")')
        record_visit(db.session(), evil, actor=world["volunteer"], now=NOW)
        db.session.commit()
        db.session.remove()
    answer = sign_in("reviewer").get("/visits.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 1
    text = answer.data.decode()
    assert "0812345678" not in text
    assert "สมศรี" not in text
    assert "'=HYPERLINK" in text


def test_the_workbook_holds_text_dates_and_numbers_but_no_formula(
    app: Flask, world: World, sign_in: SignIn
):
    with app.app_context():
        evil = make_draft(world.centre, group_name="=1+1")
        record_visit(db.session(), evil, actor=world["volunteer"], now=NOW)
        db.session.commit()
        db.session.remove()
    answer = sign_in("officer").get("/visits.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert "=1+1" in [cell.value for cell in cells]
    assert 42 in [cell.value for cell in cells if cell.data_type == "n"]


def test_a_centres_page_shows_its_book(world: World, stored: UUID, sign_in: SignIn):
    assert str(stored) in sign_in("officer").get(f"/centres/{world.centre}").text
