"""Photos of an activity count and go with it, as a visit's do."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.activities.kinds import ACTIVITY
from app.findings.gathering import evidence_of
from app.packets.frozen.content import Request, Scope
from app.packets.frozen.freeze import freeze
from app.packets.frozen.naming import photo_names
from app.packets.report.phrases import SUBJECTS
from app.photos.models import Photo
from app.photos.queries import PhotoFilter, list_photos, photos_of, subject_for
from app.records.service import edit, record, strike_out
from app.shared.clock import Quarter
from app.shared.db import db
from app.shared.errors import NotFound
from app.verification.queries import public_record
from tests.activities.drafts import HELD_ON, NOW, PROGRAMME, make_activity
from tests.conftest import World
from tests.photos import makers

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def activity(app: Flask, world: World) -> UUID:
    """An activity at the volunteer's centre."""
    draft = make_activity(world.centre)
    with app.app_context():
        record(
            db.session(), ACTIVITY, draft, actor=world["volunteer"], now=NOW, programme=PROGRAMME
        )
        db.session.commit()
        db.session.remove()
    return draft.id


@pytest.fixture
def photo(app: Flask, activity: UUID, sign_in: SignIn) -> UUID:
    """A photo that the volunteer added on the activity's page."""
    client = sign_in("volunteer")
    assert 'value="activity"' in client.get(f"/activities/{activity}").text
    answer = client.post(
        "/photos",
        data={
            "subject_kind": "activity",
            "subject_id": str(activity),
            "photos": (io.BytesIO(makers.jpeg()), "เอามื้อ.jpg"),
        },
        content_type="multipart/form-data",
    )
    assert (answer.status_code, answer.location) == (303, f"/activities/{activity}")
    with app.app_context():
        return db.session.scalars(select(Photo.id)).one()


def test_it_counts_for_the_day_of_the_activity_and_leads_back_to_it(
    app: Flask, world: World, activity: UUID, photo: UUID, sign_in: SignIn
):
    with app.app_context():
        session, officer = db.session(), world["officer"]
        stored = session.get_one(Photo, photo)
        assert evidence_of(session, stored).record_day == HELD_ON
        wanted = PhotoFilter(quarter=Quarter.of_day(HELD_ON))
        assert [found.id for found in list_photos(session, officer, wanted).items] == [photo]
        assert public_record(session, photo).day == HELD_ON
        assert list(photos_of(session, world["other_officer"], "activity", activity)) == []
    page = sign_in("officer").get(f"/photos/{photo}").text
    assert f'href="/activities/{activity}"' in page


def test_it_follows_when_the_day_of_the_activity_is_corrected(
    app: Flask, world: World, activity: UUID, photo: UUID
):
    moved = date(2023, 12, 28)
    draft = make_activity(world.centre, id=activity, held_on=moved)
    with app.app_context():
        session = db.session()
        edit(
            session, ACTIVITY, draft, expected_version=1, actor=world["officer"], now=NOW,
            programme=PROGRAMME,
        )  # fmt: skip
        session.commit()
        stored = session.get_one(Photo, photo, populate_existing=True)
        assert evidence_of(session, stored).record_day == moved
        assert public_record(session, photo).day == moved


def test_it_is_gone_with_the_activity_and_the_public_page_says_withdrawn(
    app: Flask, world: World, activity: UUID, photo: UUID, sign_in: SignIn
):
    with app.app_context():
        session = db.session()
        strike_out(
            session, ACTIVITY, activity, expected_version=1, reason="จดซ้ำ",
            actor=world["officer"], now=NOW,
        )  # fmt: skip
        session.commit()
        assert list_photos(session, world["officer"], PhotoFilter()).items == []
        assert public_record(session, photo).withdrawn
        with pytest.raises(NotFound):
            subject_for(session, world["officer"], "activity", activity)
        db.session.remove()
    assert sign_in("officer").get(f"/photos/{photo}").status_code == 404


def test_a_packet_of_its_quarter_holds_it_under_a_name_that_says_activity(app: Flask, photo: UUID):
    scope = Scope("district", "5606", "อำเภอปง", "ปง", "พะเยา")
    with app.app_context():
        content = freeze(
            db.session(), scope, Quarter.of_day(HELD_ON), edition=1, request=Request("ทดสอบ", NOW),
            programme=PROGRAMME,
        )  # fmt: skip
    (item,) = content.photos
    assert (item.id, item.subject_kind, item.day) == (str(photo), "activity", HELD_ON)
    assert "_activity_" in photo_names(content)[item.id]
    assert SUBJECTS["activity"]


def test_nobody_adds_photos_to_another_districts_activity(
    app: Flask, activity: UUID, sign_in: SignIn
):
    data = {"subject_kind": "activity", "subject_id": str(activity)}
    for who in ("other_officer", "other_volunteer"):
        assert sign_in(who).post("/photos", data=data).status_code == 404
