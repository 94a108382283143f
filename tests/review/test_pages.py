"""The pages: what an officer owes and sends, and what a reviewer does at the desk."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.photos.models import Photo
from app.review.models import Submission
from app.review.queries import edition_of, submission_of, verdicts_of
from app.review.service import Reason, judge, return_, seal
from app.rounds.seals import seal_of
from app.shared.clock import Quarter
from app.shared.db import db
from app.shared.work import work
from app.visits.service import record_visit
from tests.conftest import SentJobs, World
from tests.review.cast import DISTRICT, KEY, NOW, activity, plan_item, send
from tests.visits.drafts import make_draft

SignIn = Callable[[str], FlaskClient]
REPORT = f"/submissions/{KEY}/plan/{DISTRICT}"
TELL = "app.reminders.jobs.tell"


@pytest.fixture
def planned(app: Flask, world: World) -> UUID:
    """A plan of one item, not sent yet; the item's id."""
    with app.app_context(), work() as w:
        return plan_item(w.session, world["officer"], world.centre).id


@pytest.fixture
def sent_plan(app: Flask, world: World, planned: UUID) -> UUID:
    """The plan as it was sent."""
    with app.app_context(), work() as w:
        return send(w.session, world).id


def now_of(app: Flask, submission_id: UUID) -> Submission:
    with app.app_context():
        found = db.session.get_one(Submission, submission_id)
        db.session.expunge(found)
        return found


def test_an_officer_sees_what_is_owed_and_sends_it(
    app: Flask, sign_in: SignIn, planned: UUID, sent: SentJobs
):
    officer = sign_in("officer")
    assert REPORT in officer.get("/submissions").text
    page = officer.get(REPORT).text
    assert "ซ่อมคันนา" in page
    assert "5,000" in page
    answer = officer.post(f"{REPORT}/send", data={"edition": "0", "note": "ส่งแผน"})
    assert answer.status_code == 303
    with app.app_context():
        row = submission_of(db.session(), KEY, "plan", DISTRICT)
        assert row is not None
        edition = edition_of(db.session(), row)
        assert edition is not None
        assert edition.note == "ส่งแผน"
        assert sent.jobs == [(TELL, {"submission_id": str(row.id)})]
    again = officer.post(f"{REPORT}/send", data={"edition": "0"})
    assert again.status_code == 303  # a doubled click
    assert 'name="edition"' not in officer.get(REPORT).text


def test_what_is_not_this_readers_does_not_exist(sign_in: SignIn, sent_plan: UUID):
    for who, address in (
        ("other_officer", REPORT),
        ("other_officer", f"/review/{sent_plan}"),
        ("volunteer", REPORT),
        ("officer", f"/submissions/{KEY}/nonsense/{DISTRICT}"),
        ("officer", f"/submissions/{KEY}/plan/5606-001"),  # a centre owes no plan
        ("officer", f"{REPORT}?edition=7"),
    ):
        assert sign_in(who).get(address).status_code == 404, address
    assert sign_in("other_officer").post(f"{REPORT}/send").status_code == 404


def test_a_sender_who_opens_the_desks_page_is_led_to_the_report(sign_in: SignIn, sent_plan: UUID):
    assert sign_in("officer").get(f"/review/{sent_plan}").location.endswith(REPORT)


def test_the_desk_goes_by_due_day_and_by_district(sign_in: SignIn, sent_plan: UUID):
    reviewer = sign_in("reviewer")
    assert str(sent_plan) in reviewer.get("/review").text
    assert str(sent_plan) in reviewer.get("/review?district=5606&quarter=2567Q1").text
    assert str(sent_plan) not in reviewer.get("/review?district=5601").text
    assert str(sent_plan) not in reviewer.get("/review?state=accepted").text
    assert reviewer.get("/review?state=odd").status_code == 400


def test_an_item_is_marked_and_goes_back_with_its_reason_to_who_mends_it(
    app: Flask, sign_in: SignIn, sent_plan: UUID, planned: UUID
):
    reviewer, here = sign_in("reviewer"), f"/review/{sent_plan}"
    page = reviewer.get(f"{here}?kind=plan_item").text
    assert f"item-{planned}" in page
    item = f"{here}/items/plan_item/{planned}"
    answer = reviewer.post(item, data={"verdict": "return", "reason_key": "", "page": "1"})
    assert answer.status_code == 303
    assert "verdicts" not in answer.location
    with app.app_context():
        assert not verdicts_of(db.session(), db.session.get_one(Submission, sent_plan))
    answer = reviewer.post(
        item,
        data={"verdict": "return", "reason_key": "figures", "reason": "งบไม่ตรง", "next": "decide"},
    )
    assert answer.location.endswith("#item-decide")
    assert "งบไม่ตรง" in reviewer.get(f"{here}?kind=plan_item").text
    assert reviewer.post(f"{here}/return", data={"version": "1"}).status_code == 303
    assert now_of(app, sent_plan).state == "returned"
    officer = sign_in("officer")
    page = officer.get(REPORT).text
    assert "งบไม่ตรง" in page
    assert "ตัวเลขไม่ตรงกัน" in page
    assert f"/plans/items/{planned}" in page
    assert officer.post(f"{REPORT}/send", data={"edition": "1"}).status_code == 303
    assert now_of(app, sent_plan).edition == 2


def test_a_reviewer_accepts_and_opens_again(app: Flask, sign_in: SignIn, sent_plan: UUID):
    reviewer, here = sign_in("reviewer"), f"/review/{sent_plan}"
    assert reviewer.post(f"{here}/accept", data={"version": "1"}).status_code == 303
    assert now_of(app, sent_plan).state == "accepted"
    assert reviewer.post(f"{here}/reopen", data={"version": "2"}).status_code == 422
    answer = reviewer.post(f"{here}/reopen", data={"version": "2", "reason": "ตัวเลขผิด"})
    assert answer.status_code == 303
    assert now_of(app, sent_plan).state == "submitted"


def test_returned_without_saying_what_it_stays(app: Flask, sign_in: SignIn, sent_plan: UUID):
    reviewer, here = sign_in("reviewer"), f"/review/{sent_plan}"
    answer = reviewer.post(f"{here}/return", data={"version": "1"}, follow_redirects=True)
    assert "flash--error" in answer.text
    bad = reviewer.post(f"{here}/return", data={"version": "1", "reason_key": "other"})
    assert bad.status_code == 422  # "other" needs words
    assert now_of(app, sent_plan).state == "submitted"


def test_a_reviewer_waives_before_anything_was_sent(app: Flask, sign_in: SignIn, world: World):
    reviewer = sign_in("reviewer")
    due = f"/submissions/{KEY}/progress_1/{DISTRICT}"
    assert reviewer.post(f"{due}/waive", data={"version": "0"}).status_code == 422
    answer = reviewer.post(f"{due}/waive", data={"version": "0", "reason_key": "before_letter"})
    assert answer.status_code == 303
    assert "กำหนดส่งก่อนหนังสือสั่งการ" in sign_in("officer").get(due).text


def test_several_are_accepted_at_once_and_each_is_judged_alone(
    app: Flask, sign_in: SignIn, world: World, sent_plan: UUID, planned: UUID
):
    with app.app_context(), work() as w:
        others = [send(w.session, world, key).id for key in ("network", "assessment")]
        judge(
            w.session, sent_plan, "plan_item", planned, "return", actor=world["reviewer"],
            now=NOW, reason=Reason("figures"),
        )  # fmt: skip
    chosen = [f"{sent_plan}:1", f"{others[0]}:1", f"{others[1]}:7", "nonsense"]
    answer = sign_in("reviewer").post(
        "/review/accept", data={"chosen": chosen}, follow_redirects=True
    )
    assert [now_of(app, one).state for one in (sent_plan, *others)] == [
        "submitted", "accepted", "submitted"
    ]  # fmt: skip
    assert answer.text.count("flash--warn") == 2


def test_in_a_heap_nothing_is_accepted_that_was_sent_back_and_not_touched(
    app: Flask, sign_in: SignIn, world: World, sent_plan: UUID, planned: UUID
):
    with app.app_context(), work() as w:
        who = {"actor": world["reviewer"], "now": NOW}
        mend = Reason("figures")
        judge(w.session, sent_plan, "plan_item", planned, "return", reason=mend, **who)
        return_(w.session, sent_plan, expected_version=1, **who)
        send(w.session, world, seen=1)
    reviewer = sign_in("reviewer")
    reviewer.post("/review/accept", data={"chosen": f"{sent_plan}:3"})
    assert now_of(app, sent_plan).state == "submitted"
    assert reviewer.post(f"/review/{sent_plan}/accept", data={"version": "3"}).status_code == 303
    assert now_of(app, sent_plan).state == "accepted"


def test_a_quarter_is_sealed_and_opened_from_its_page(app: Flask, sign_in: SignIn, sent_plan: UUID):
    reviewer, here = sign_in("reviewer"), f"/review/quarters/2567Q1/{DISTRICT}"
    assert REPORT in reviewer.get("/review/quarters?quarter=2567Q1").text
    assert reviewer.post(f"{here}/seal", data={"reason": "ครบ"}).status_code == 422
    told = {"reason": "ครบ", "although_open": "y"}
    assert reviewer.post(f"{here}/seal", data=told).status_code == 303
    with app.app_context():
        assert seal_of(db.session(), DISTRICT, Quarter(2567, 1)) is not None
    assert f"/review/{sent_plan}/accept" not in reviewer.get(f"/review/{sent_plan}").text
    assert "ซ่อมคันนา" in sign_in("officer").get(REPORT).text
    assert reviewer.post(f"{here}/unseal", data={"reason": "แก้"}).status_code == 303
    with app.app_context():
        assert seal_of(db.session(), DISTRICT, Quarter(2567, 1)) is None
    assert reviewer.post("/review/quarters/2567Q1/9999/seal", data=told).status_code == 404


def test_a_sealed_record_is_refused_with_a_sentence_and_not_changed(
    app: Flask, sign_in: SignIn, world: World
):
    with app.app_context(), work() as w:
        held = activity(w.session, world["officer"], world.centre)
        where = f"/activities/{held.id}"
        seal(
            w.session, DISTRICT, Quarter(2567, 2), reason="ปิด", although_open=True,
            actor=world["reviewer"], now=NOW,
        )  # fmt: skip
    officer = sign_in("officer")
    answer = officer.post(f"{where}/delete", data={"version": "1", "reason": "ผิด"})
    assert answer.status_code == 422
    assert officer.get(where).status_code == 200


def test_photos_are_looked_at_beside_those_of_the_quarter_before(
    app: Flask, sign_in: SignIn, world: World, put: Callable[..., Photo]
):
    earlier = put(processed=True, at=NOW.replace(year=2023, month=11))
    present = put(processed=True, at=NOW.replace(month=1))
    with app.app_context(), work() as w:
        sent = send(w.session, world, "progress_2").id
    page = sign_in("reviewer").get(f"/review/{sent}?kind=photo").text
    assert f"item-{present.id}" in page
    assert f"/photos/{earlier.id}/thumb" in page
    assert f"item-{earlier.id}" not in page


def test_visits_are_walked_through_a_page_at_a_time(app: Flask, sign_in: SignIn, world: World):
    with app.app_context(), work() as w:
        for _ in range(23):
            draft = make_draft(world.centre, visit_date=NOW.date().replace(month=1))
            record_visit(w.session, draft, actor=world["officer"], now=NOW)
        sent = send(w.session, world, "progress_2").id
    reviewer = sign_in("reviewer")
    first = reviewer.get(f"/review/{sent}?kind=visit").text
    second = reviewer.get(f"/review/{sent}?kind=visit&page=2").text
    assert (first.count("data-desk-ok"), second.count("data-desk-ok")) == (20, 3)
    assert reviewer.get(f"/review/{sent}?kind=visit&page=99").text.count("data-desk-ok") == 3
