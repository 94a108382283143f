"""The desk: requests with their thirty days, answered with a reason, each within its area."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.work import work
from app.subjects import queries
from app.subjects.models import RequestKind, SubjectRequest
from app.subjects.service import open_request
from tests.conftest import World
from tests.subjects.conftest import NAME, visit_now

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def ask(app: Flask, visit_id: UUID) -> Callable[..., UUID]:
    """Write a request about the visit down."""

    def make(kind: RequestKind = "other", days_ago: int = 0) -> UUID:
        with app.app_context(), work() as w:
            return open_request(
                w.session, kind=kind, via="paper", area_code="560601", visit_id=visit_id,
                asked="คำของครูสมศรี", contact="0812345678", recorded_by=None,
                now=now() - timedelta(days=days_ago),
            ).id  # fmt: skip

    return make


def found(app: Flask, request_id: UUID) -> SubjectRequest:
    with app.app_context():
        request = db.session().get_one(SubjectRequest, request_id)
        db.session().expunge(request)
        return request


def test_the_answer_is_due_in_thirty_days_and_lateness_is_seen(
    app: Flask, sign_in: SignIn, ask: Callable[..., UUID]
):
    fresh, late = ask(), ask(days_ago=33)
    assert found(app, fresh).due_on == bangkok_day(now()) + timedelta(days=30)
    text = sign_in("officer").get("/requests").text
    assert text.index(str(late)) < text.index(str(fresh))  # the most urgent first
    assert "badge--bad" in text
    home = sign_in("officer").get("/").text  # the desk's first page tells it every day
    assert str(late) in home
    assert str(late) not in sign_in("other_officer").get("/").text


def test_a_list_that_leaves_some_out_says_so(
    sign_in: SignIn, ask: Callable[..., UUID], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(queries, "MOST_OPEN", 2)
    late, officer = ask(days_ago=33), sign_in("officer")
    assert "These are the" not in officer.get("/requests?lang=en").text
    fresh = [ask(), ask()]
    text = officer.get("/requests?lang=en").text
    assert "These are the 2 most urgent." in text
    assert str(late) in text and str(fresh[1]) not in text


def test_a_request_exists_for_its_own_desk_only(sign_in: SignIn, ask: Callable[..., UUID]):
    request_id = ask()
    for who in ("officer", "reviewer", "admin"):
        assert sign_in(who).get(f"/requests/{request_id}").status_code == 200
    for who in ("other_officer", "volunteer", "other_volunteer"):
        client = sign_in(who)
        assert client.get(f"/requests/{request_id}").status_code == 404
        assert str(request_id) not in client.get("/requests").text
    data = {"outcome": "done", "decision": "ok"}
    assert (
        sign_in("other_officer").post(f"/requests/{request_id}/decide", data=data).status_code
        == 404
    )


def test_a_volunteer_writes_down_what_came_at_the_centre(
    app: Flask, sign_in: SignIn, visit_id: UUID
):
    client = sign_in("volunteer")
    day = bangkok_day(now())
    data = {
        "visit_id": str(visit_id), "kind": "access", "via": "in_person", "asked": "ขอดูข้อมูล",
        "received_on-day": str(day.day), "received_on-month": str(day.month),
        "received_on-year": str(day.year + 543),
    }  # fmt: skip
    answer = client.post("/requests/new", data=data)
    assert answer.status_code == 303, answer.text
    with app.app_context():
        request = db.session.scalars(select(SubjectRequest)).one()
        assert (request.kind, request.area_code, request.visit_id) == ("access", "560601", visit_id)


def test_a_refusal_is_kept_with_its_reason(app: Flask, sign_in: SignIn, ask: Callable[..., UUID]):
    request_id, client = ask("object"), sign_in("officer")
    assert (
        client.post(f"/requests/{request_id}/decide", data={"outcome": "refused"}).status_code
        == 422
    )
    data = {"outcome": "refused", "decision": "มาตรา 32 วรรคสอง"}
    assert client.post(f"/requests/{request_id}/decide", data=data).status_code == 303
    request = found(app, request_id)
    assert (request.state, request.decision) == ("refused", "มาตรา 32 วรรคสอง")
    assert request.decided_by is not None
    assert client.post(f"/requests/{request_id}/decide", data=data).status_code == 422  # answered
    with app.app_context():
        actions = list(db.session.scalars(select(AuditEntry.action)))
    assert "request.refused" in actions


def test_name_and_phone_are_put_right_from_the_request(
    app: Flask, sign_in: SignIn, visit_id: UUID, ask: Callable[..., UUID]
):
    request_id = ask("correct")
    answer = sign_in("officer").post(
        f"/requests/{request_id}/correct", data={"phone": "0899999999"}
    )
    assert answer.status_code == 303, answer.text
    visit = visit_now(app, visit_id)
    assert (visit.leader_name, visit.phone) == (NAME, "0899999999")
    assert found(app, request_id).state == "done"


@pytest.mark.parametrize("what", ["followup", "photos"])
def test_a_consent_is_taken_back_for_the_person(
    app: Flask, sign_in: SignIn, visit_id: UUID, ask: Callable[..., UUID], what: str
):
    request_id = ask("withdraw")
    sign_in("officer").post(f"/requests/{request_id}/withdraw", data={"what": what})
    visit = visit_now(app, visit_id)
    assert (visit.consent_followup, visit.consent_photo) == (what != "followup", what != "photos")
    assert (visit.phone is None) == (what == "followup")


def test_the_person_is_erased_from_the_request(
    app: Flask, sign_in: SignIn, visit_id: UUID, ask: Callable[..., UUID]
):
    request_id = ask("forget")
    assert sign_in("officer").post(f"/requests/{request_id}/forget").status_code == 303
    visit = visit_now(app, visit_id)
    assert (visit.leader_name, visit.n_total) == (None, 42)
    assert found(app, request_id).state == "done"


def test_whoever_opens_the_copy_is_noted(
    app: Flask, sign_in: SignIn, visit_id: UUID, ask: Callable[..., UUID]
):
    request_id = ask("access")
    assert NAME in sign_in("officer").post(f"/requests/{request_id}/copy").text
    with app.app_context():
        looks = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "visit.contact_seen")
        ).all()
    assert [look.object_id for look in looks] == [str(visit_id)]


def test_the_register_as_a_table_holds_no_words_of_the_person(
    sign_in: SignIn, ask: Callable[..., UUID]
):
    request_id = ask()
    text = sign_in("reviewer").get("/requests.csv").text
    assert str(request_id) in text
    assert "สมศรี" not in text
    assert "0812345678" not in text


def test_a_slip_is_made_at_the_desk_and_shown_once(
    app: Flask, sign_in: SignIn, world: World, visit_id: UUID
):
    client = sign_in("volunteer")
    page = client.post(f"/visits/{visit_id}/receipt")
    assert page.status_code == 200
    assert "/my-data" in page.text
    assert "enrol-code__code" in page.text
    assert "enrol-code__code" not in client.get(f"/visits/{visit_id}").text
    assert sign_in("other_volunteer").post(f"/visits/{visit_id}/receipt").status_code == 404
