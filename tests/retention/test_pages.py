"""The pages of reviewers and administrators: periods, dry run, log, certificate, holds, record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.keeping.classes import CLASSES
from app.keeping.fields import field_words
from app.keeping.models import LegalHold
from app.keeping.service import UnderLegalHold
from app.photos.models import Photo
from app.shared.clock import now
from app.shared.db import db
from app.visits.forgetting import forget_visit
from app.visits.models import Visit
from tests.conftest import World
from tests.retention.conftest import Night, Visit_

SignIn = Callable[[str], FlaskClient]
IN_2567 = date(2024, 9, 30)


@pytest.fixture
def reviewer(sign_in: SignIn) -> FlaskClient:
    """Whoever keeps the province's data."""
    return sign_in("reviewer")


def test_the_dry_run_in_the_browser_counts_and_changes_nothing(
    app: Flask, visit: Visit_, reviewer: FlaskClient
):
    held = visit(IN_2567)
    page = reviewer.get("/retention/due?day=2026-10-01").text
    assert str(held) in page
    assert "0812345678" not in page and "สมศรี" not in page
    with app.app_context():
        assert db.session.execute(db.text("select count(*) from destruction")).scalar_one() == 0
    assert str(held) not in reviewer.get("/retention/due?day=2026-09-30").text


def test_the_dry_run_in_the_browser_counts_so_many_and_says_so(
    visit: Visit_, reviewer: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.retention.routes.MOST_COUNTED", 2)
    visit(IN_2567)
    assert "There may be more" not in reviewer.get("/retention/due?day=2026-10-01&lang=en").text
    for _ in range(2):
        visit(IN_2567)
    page = reviewer.get("/retention/due?day=2026-10-01&lang=en").text
    assert "There may be more" in page and "2 were counted, no more." in page


def test_a_night_gives_a_log_a_file_and_a_certificate_without_a_name(
    visit: Visit_, night: Night, reviewer: FlaskClient
):
    visit(IN_2567)
    run = night()
    pages = [
        reviewer.get(path)
        for path in (
            "/retention",
            "/retention/log?class=visitor&cause=retention&district=5606",
            "/retention/log.csv",
            f"/retention/certificates/{run.id}",
            f"/retention/certificates/{run.began_at:%Y}-{run.began_at.month}",
        )
    ]
    for page in pages:
        assert page.status_code == 200
        assert "สมศรี" not in page.text and "0812345678" not in page.text
    assert pages[2].text.count("\r\n") == 2
    assert reviewer.get(f"/retention/certificates/{uuid4()}").status_code == 404
    assert reviewer.get("/retention/certificates/2026-13").status_code == 404
    assert reviewer.get("/retention/log?district=10").status_code == 404


def test_a_hold_is_placed_and_lifted_with_who_and_why(
    app: Flask, world: World, reviewer: FlaskClient
):
    told = {"area_code": "5606", "reason": "คดีหมายเลขดำ ๑๒/๒๕๖๙"}
    assert reviewer.post("/retention/holds", data=told).status_code == 303
    assert reviewer.post("/retention/holds", data=told).status_code == 303  # a doubled click
    with app.app_context():
        hold = db.session.scalars(select(LegalHold)).one()
        assert hold.placed_by == world["reviewer"].account_id
    assert "คดีหมายเลขดำ" in reviewer.get("/retention/holds").text
    assert reviewer.post(f"/retention/holds/{hold.id}/lift").status_code == 303
    with app.app_context():
        assert db.session.get_one(LegalHold, hold.id).lifted_by == world["reviewer"].account_id


@pytest.mark.parametrize(
    "told",
    [
        {"area_code": "5606", "reason": ""},
        {"area_code": "10", "reason": "นอกจังหวัด"},
        {"area_code": "5606", "reason": "ของ 1101700230708"},
    ],
)
def test_a_hold_without_a_reason_elsewhere_or_with_an_id_number_is_refused(
    app: Flask, reviewer: FlaskClient, told: dict[str, str]
):
    assert reviewer.post("/retention/holds", data=told).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(LegalHold)).all() == []


def test_an_officer_cannot_forget_by_hand_what_a_hold_keeps(
    app: Flask, visit: Visit_, sign_in: SignIn, reviewer: FlaskClient
):
    held = visit(IN_2567)
    page = reviewer.get(f"/visits/{held}").text
    assert "/retention/holds?kind=visit" in page
    told = {"area_code": "560601", "reason": "ข้อร้องเรียน", "kind": "visit", "object_id": str(held)}
    assert reviewer.post("/retention/holds", data=told).status_code == 303
    assert "ข้อร้องเรียน" in reviewer.get(f"/visits/{held}").text
    assert "ข้อร้องเรียน" not in sign_in("officer").get(f"/visits/{held}").text
    with app.app_context():
        row = db.session.get_one(Visit, held)
        with pytest.raises(UnderLegalHold):
            forget_visit(db.session(), row, cause="officer", now=now(), actor_id=row.recorder_id)
        db.session.rollback()
        assert db.session.get_one(Visit, held, populate_existing=True).leader_name


def test_a_destroyed_photos_page_says_so_and_its_code_too(
    app: Flask, visit: Visit_, photo: Callable[..., Photo], night: Night, reviewer: FlaskClient
):
    row = photo(visit(IN_2567, consent_photo=False), IN_2567)
    with reviewer.get(f"/photos/{row.id}/view.jpg") as shown:
        assert shown.data
    night()

    page = reviewer.get(f"/photos/{row.id}")
    assert page.status_code == 200 and "<img" not in page.text.split("photo-page__facts")[0][-900:]
    for name in ("view.jpg", "thumb.jpg", "stamped.jpg", "original"):
        assert reviewer.get(f"/photos/{row.id}/{name}").status_code == 404
    assert reviewer.get("/photos").status_code == 200
    assert reviewer.get(f"/photos/{row.id}/sharing").status_code == 200
    asked = app.test_client().get(f"/verify/{row.code}")
    assert asked.status_code == 200
    assert "5606-001" in asked.text
    by_file = app.test_client().get(f"/verify/digest/{row.original_sha256}")
    assert by_file.status_code == 200


def test_the_record_of_processing_names_every_class_and_every_marked_column(
    app: Flask, reviewer: FlaskClient
):
    page = reviewer.get("/retention/processing").text
    marked = [c for t in db.metadata.sorted_tables for c in t.columns if "personal" in c.info]
    assert len(marked) > 80
    for column in marked:
        assert f"{column.table.name}.{column.name}" in page
        assert field_words(column.table.name, column.name)
    file = reviewer.get("/retention/processing.csv")
    assert file.text.count("\r\n") == 1 + len(CLASSES)
