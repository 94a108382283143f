"""A person with a receipt code sees, corrects, takes back, is forgotten - without an account."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import tries
from app.audit.models import AuditEntry
from app.keeping.models import Destruction, Erasure, LegalHold
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.sharing.models import SharingCopy
from app.subjects.models import SubjectRequest
from app.visits.models import VisitRevision
from tests.conftest import World
from tests.subjects.conftest import NAME, PHONE, visit_now


def requests(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(SubjectRequest).order_by(SubjectRequest.received_at))
        return [(row.kind, row.via, row.state) for row in rows]


def actions(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def hold(app: Flask, world: World) -> None:
    with app.app_context(), work() as w:
        w.session.add(
            LegalHold(
                area_code="5606", reason="ศาล", placed_by=world["admin"].account_id, placed_at=now()
            )
        )


def test_the_page_shows_all_that_is_held_and_is_kept_nowhere(person: FlaskClient):
    answer = person.get("/my-data")
    for words in (NAME, PHONE, "ศูนย์เรียนรู้ทดสอบ 5606-001", "ชอบแปลงของลุง"):
        assert words in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_who_looked_is_shown_by_role_and_place_and_never_by_name(
    person: FlaskClient, sign_in: Callable[[str], FlaskClient], visit_id: UUID
):
    assert sign_in("officer").post(f"/visits/{visit_id}/contact").status_code == 200
    text = person.get("/my-data").text
    assert "ใครเปิดดู" in text or "Who looked at" in text
    assert any(words in text for words in ("District officer", "เจ้าหน้าที่", "พัฒนากร"))
    assert "อ.ปง จ.พะเยา" in text
    assert "Test officer" not in text


def test_without_a_code_there_is_nothing(client: FlaskClient, visit_id: UUID):
    assert NAME not in client.get("/my-data").text
    for path in ("copy", "copy.json", "correct", "forget", "ask"):
        assert client.get(f"/my-data/{path}").status_code == 303
    for path in ("stop-calls", "stop-photos", "forget"):
        assert client.post(f"/my-data/{path}", data={"sure": "y"}).status_code == 303


def test_the_code_stands_in_no_address(
    client: FlaskClient, visit_id: UUID, give_code: Callable[[UUID], str]
):
    code = give_code(visit_id)
    answer = client.post("/my-data", data={"code": code})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my-data")
    assert code not in client.get("/my-data").text


def test_guessing_is_slowed_down_and_tells_nothing(
    app: Flask, client: FlaskClient, visit_id: UUID, give_code: Callable[[UUID], str]
):
    spent, good = give_code(visit_id), give_code(visit_id)
    unknown = client.post("/my-data", data={"code": "7K3Q-9XWD-2M4P"})
    withdrawn = client.post("/my-data", data={"code": spent})
    assert unknown.status_code == withdrawn.status_code == 422
    assert _told(unknown.text) == _told(withdrawn.text)
    with app.app_context(), work() as w:
        for _ in range(298):
            tries.miss(w.session, "receipt", ("127.0.0.1",), seed="A" * 43, now=now())
    refused = client.post("/my-data", data={"code": good})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def _told(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if "field__error" in line]


def test_no_more_calls_is_one_button_and_at_once(app: Flask, person: FlaskClient, visit_id: UUID):
    assert person.post("/my-data/stop-calls").status_code == 303
    visit = visit_now(app, visit_id)
    assert (visit.leader_name, visit.phone, visit.consent_followup) == (None, None, False)
    assert visit.next_followup_on is None
    assert visit.consent_photo is True  # the other consent is another question
    assert visit.n_total == 42
    assert requests(app) == [("withdraw", "code", "done")]
    page = person.get("/my-data")
    assert page.status_code == 200
    assert NAME not in page.text


def test_withdrawn_photos_are_published_no_more(
    app: Flask, world: World, person: FlaskClient, visit_id: UUID
):
    from tests.subjects.photos import shared_photo

    copy_id = shared_photo(app, world, visit_id)
    assert person.post("/my-data/stop-photos").status_code == 303
    assert visit_now(app, visit_id).consent_photo is False
    with app.app_context():
        assert db.session.get_one(SharingCopy, copy_id).withdrawn_at is not None
    assert requests(app) == [("withdraw", "code", "done")]


def test_being_forgotten_is_confirmed_at_once_and_final(
    app: Flask,
    client: FlaskClient,
    visit_id: UUID,
    give_code: Callable[[UUID], str],
):
    code = give_code(visit_id)
    client.post("/my-data", data={"code": code})
    assert client.post("/my-data/forget").status_code == 422  # said twice, or not at all
    assert visit_now(app, visit_id).leader_name == NAME
    assert (
        client.post("/my-data/forget", data={"sure": "y"})
        .headers["Location"]
        .endswith("/my-data/forgotten")
    )
    visit = visit_now(app, visit_id)
    assert (visit.leader_name, visit.phone, visit.suggestion) == (None, None, None)
    assert (visit.consent_followup, visit.consent_photo, visit.n_total) == (False, False, 42)
    assert client.post("/my-data", data={"code": code}).status_code == 422
    assert client.get("/my-data/copy").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Destruction.cause)).all() == ["request"]
        assert db.session.scalars(select(Erasure.object_id)).all() == [visit_id]
        last = db.session.scalars(
            select(VisitRevision).order_by(VisitRevision.version.desc())
        ).first()
        assert last is not None
        assert (last.action, last.made_by) == ("forgotten", None)
    assert requests(app) == [("forget", "code", "done")]
    assert "visit.forgotten" in actions(app)


def test_under_a_legal_hold_forgetting_is_a_request_and_is_told_so(
    app: Flask, world: World, person: FlaskClient, visit_id: UUID
):
    hold(app, world)
    assert person.post("/my-data/forget", data={"sure": "y"}).status_code == 303
    visit = visit_now(app, visit_id)
    assert visit.leader_name == NAME
    assert visit.next_followup_on is None  # nobody calls meanwhile
    assert requests(app) == [("forget", "code", "open")]
    person.post("/my-data/forget", data={"sure": "y"})
    assert requests(app) == [("forget", "code", "open")]  # asked twice, written down once


def test_a_wrong_number_is_a_request_not_a_change(app: Flask, person: FlaskClient, visit_id: UUID):
    answer = person.post("/my-data/correct", data={"leader_name": NAME, "phone": "0899999999"})
    assert answer.status_code == 303
    assert visit_now(app, visit_id).phone == "0812345678"
    assert requests(app) == [("correct", "code", "open")]
    assert person.post("/my-data/correct", data={"phone": "12"}).status_code == 422


def test_anything_else_is_asked_of_the_office(app: Flask, person: FlaskClient):
    data = {"asked": "ขอให้หยุดใช้ข้อมูลชั่วคราว", "contact": "ไปรษณีย์"}
    assert person.post("/my-data/ask", data=data).status_code == 303
    assert person.post("/my-data/ask", data={"asked": "1-1037-02071-81-1"}).status_code == 422
    assert requests(app) == [("other", "code", "open")]


def test_the_data_can_be_carried_away(person: FlaskClient):
    answer = person.get("/my-data/copy.json")
    held = json.loads(answer.text)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (held["visit"]["leader_name"], held["visit"]["phone"]) == (NAME, "0812345678")
    assert NAME in person.get("/my-data/copy").text


def test_leaving_ends_it_on_the_server(app: Flask, person: FlaskClient):
    cookie = person.get_cookie("lakthan")
    assert cookie is not None
    assert person.post("/my-data/leave").status_code == 303
    thief = app.test_client()
    thief.set_cookie("lakthan", cookie.value)
    assert NAME not in thief.get("/my-data").text


def test_no_act_names_anybody_in_the_log(app: Flask, person: FlaskClient):
    person.post("/my-data/stop-photos")
    person.post("/my-data/stop-calls")
    with app.app_context():
        log = [str(vars(entry)) for entry in db.session.scalars(select(AuditEntry))]
    assert any("receipt.opened" in entry for entry in log)
    assert not any("สมศรี" in entry or "0812345678" in entry for entry in log)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_act_wants_the_pages_own_token(app: Flask, person: FlaskClient, visit_id: UUID):
    app.config["WTF_CSRF_ENABLED"] = True
    for path in ("stop-calls", "stop-photos", "forget", "leave", "ask", "correct"):
        assert person.post(f"/my-data/{path}", data={"sure": "y", "asked": "x"}).status_code == 400
    assert visit_now(app, visit_id).leader_name == NAME
