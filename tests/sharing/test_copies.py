"""Copies for the public: made of the picture with its boxes, never changed, only withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.audit.models import AuditEntry
from app.photos.models import Photo, PhotoRendition
from app.photos.rules import Subject
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.sharing import claims
from app.sharing.jobs import make
from app.sharing.models import SharingCopy
from app.upkeep.jobs import sweep
from app.visits.models import Visit
from app.visits.service import record_visit
from tests.conftest import NOW, SentJobs, World
from tests.visits.drafts import NOW as VISITED
from tests.visits.drafts import PROGRAMME, make_draft

pytestmark = pytest.mark.both_stores

SignIn = Callable[[str], FlaskClient]
Put = Callable[..., Photo]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ONE_BOX = {
    "boxes-0-x": "40", "boxes-0-y": "๓๐", "boxes-0-width": "20", "boxes-0-height": "30.5",
    "boxes-1-x": "", "boxes-1-y": "", "boxes-1-width": "", "boxes-1-height": "",
}  # fmt: skip


def ask(client: FlaskClient, photo: Photo, **fields: str):
    return client.post(f"/photos/{photo.id}/sharing", data=fields or ONE_BOX)


def copies(app: Flask) -> list[SharingCopy]:
    with app.app_context():
        found = list(db.session.scalars(select(SharingCopy).order_by(SharingCopy.asked_at)))
        db.session.remove()
    return found


def made(app: Flask) -> SharingCopy:
    with app.app_context():
        for copy in db.session.scalars(select(SharingCopy).where(SharingCopy.state == "waiting")):
            make(str(copy.id))
        db.session.remove()
    return copies(app)[-1]


def test_an_officers_boxes_become_a_copy_to_take_away(
    app: Flask, sign_in: SignIn, files: FileStore, sent: SentJobs, photo: Photo
):
    officer = sign_in("officer")

    assert ask(officer, photo).status_code == 303
    copy = made(app)

    assert ("app.sharing.jobs.make", {"copy_id": str(copy.id)}) in sent.jobs
    assert (copy.state, copy.boxes) == ("made", [[0.4, 0.3, 0.2, 0.305]])
    taken = officer.get(f"/photos/{photo.id}/sharing/{copy.id}/download", buffered=True)
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.data == files.read(content_key("renditions", str(copy.sha256)))
    assert str(copy.sha256) not in (photo.view_sha256, photo.thumb_sha256)
    with app.app_context():
        assert db.session.get_one(PhotoRendition, (copy.sha256, photo.id)).kind == "sharing"
        noted = db.session.scalars(select(AuditEntry.action).where(AuditEntry.kind == "photo"))
        assert {"photo.copy_asked", "photo.copy_read"} <= set(noted)
        db.session.remove()


@SQLITE
def test_asking_and_making_twice_is_making_once(app: Flask, sign_in: SignIn, photo: Photo):
    officer = sign_in("officer")
    ask(officer, photo)
    first = made(app)
    ask(officer, photo)
    with app.app_context():
        make(str(first.id))
        db.session.remove()

    [again] = copies(app)
    assert (again.sha256, again.made_at, again.attempts) == (first.sha256, first.made_at, 1)


def test_a_withdrawn_copy_is_shown_no_more_and_its_holder_is_told(
    app: Flask, sign_in: SignIn, photo: Photo
):
    officer = sign_in("officer")
    ask(officer, photo)
    copy = made(app)
    address = f"/photos/{photo.id}/sharing/{copy.id}"
    public = f"/verify/digest/{copy.sha256}?lang=en"
    assert "withdrawn since" not in officer.get(public).text

    for _ in range(2):
        assert officer.post(f"{address}/withdraw").status_code == 303

    assert officer.get(f"{address}.jpg").status_code == 404
    assert officer.get(f"{address}/download").status_code == 404
    assert "withdrawn since" in app.test_client().get(public).text
    with app.app_context():
        entries = select(func.count()).where(AuditEntry.action == "photo.copy_withdrawn")
        assert db.session.scalar(entries) == 1
        db.session.remove()


@SQLITE
def test_the_same_boxes_after_a_withdrawal_make_a_copy_that_counts(
    app: Flask, sign_in: SignIn, photo: Photo
):
    officer = sign_in("officer")
    ask(officer, photo)
    first = made(app)
    officer.post(f"/photos/{photo.id}/sharing/{first.id}/withdraw")

    ask(officer, photo)
    second = made(app)

    assert (second.id != first.id, second.sha256) == (True, first.sha256)
    assert "withdrawn since" not in officer.get(f"/verify/digest/{second.sha256}?lang=en").text


@SQLITE
def test_without_a_box_an_officer_gives_his_word(app: Flask, sign_in: SignIn, photo: Photo):
    officer = sign_in("officer")

    assert ask(officer, photo, nobody="").status_code == 422
    assert copies(app) == []
    assert ask(officer, photo, nobody="y").status_code == 303
    assert made(app).boxes == []


@SQLITE
def test_a_box_that_cannot_be_read_is_refused_not_left_out(
    app: Flask, sign_in: SignIn, photo: Photo
):
    officer = sign_in("officer")

    for typed in ("x", "1e9", "NaN", "-", "200"):
        answer = ask(officer, photo, **{**ONE_BOX, "boxes-1-x": typed, "nobody": "y"})
        assert answer.status_code == 422, typed

    assert copies(app) == []


@SQLITE
def test_a_reviewer_sees_the_copies_and_makes_none(app: Flask, sign_in: SignIn, photo: Photo):
    ask(sign_in("officer"), photo)
    copy = made(app)
    reviewer = sign_in("reviewer")

    page = reviewer.get(f"/photos/{photo.id}/sharing")

    assert page.status_code == 200
    assert f"{copy.id}.jpg" in page.text
    assert "data-blur-stage" not in page.text
    assert ask(reviewer, photo).status_code == 404


@SQLITE
def test_nobody_else_finds_them(app: Flask, sign_in: SignIn, photo: Photo):
    ask(sign_in("officer"), photo)
    copy = made(app)

    for client in (sign_in("volunteer"), sign_in("other_officer")):
        for part in ("", "/states", f"/{copy.id}.jpg", f"/{copy.id}/download"):
            assert client.get(f"/photos/{photo.id}/sharing{part}").status_code == 404
        assert client.post(f"/photos/{photo.id}/sharing/{copy.id}/withdraw").status_code == 404


@SQLITE
def test_without_the_groups_consent_somebody_must_vouch_that_nobody_is_recognisable(
    app: Flask, sign_in: SignIn, put: Put, world: World
):
    visit_id = visit(app, world, consent_photo=False)
    photo = put(processed=True, subject=Subject("visit", visit_id, world.centre, NOW.date()))
    officer = sign_in("officer")

    page = officer.get(f"/photos/{photo.id}/sharing?lang=en").text

    assert "Cover every face" in page
    assert ask(officer, photo).status_code == 422
    assert copies(app) == []
    assert ask(officer, photo, nobody="y").status_code == 303
    copy = made(app)
    address = f"/photos/{photo.id}/sharing/{copy.id}.jpg"
    assert officer.get(address, buffered=True).status_code == 200


def test_a_consent_taken_back_closes_the_copies_there_are(
    app: Flask, sign_in: SignIn, put: Put, world: World
):
    visit_id = visit(app, world, consent_photo=True)
    photo = put(processed=True, subject=Subject("visit", visit_id, world.centre, NOW.date()))
    officer = sign_in("officer")
    ask(officer, photo)
    copy = made(app)
    address = f"/photos/{photo.id}/sharing/{copy.id}.jpg"
    assert officer.get(address, buffered=True).status_code == 200

    with app.app_context():
        db.session.get_one(Visit, visit_id).consent_photo = False
        db.session.commit()
        db.session.remove()

    assert officer.get(address).status_code == 404
    assert "withdrawn since" in officer.get(f"/verify/digest/{copy.sha256}?lang=en").text


@SQLITE
def test_a_photo_still_on_its_way_has_nothing_to_copy(app: Flask, sign_in: SignIn, put: Put):
    photo = put()

    assert ask(sign_in("officer"), photo).status_code == 422
    assert copies(app) == []


def test_a_copy_whose_worker_died_is_made_by_another(
    app: Flask, sign_in: SignIn, sent: SentJobs, photo: Photo
):
    ask(sign_in("officer"), photo)
    [copy] = copies(app)
    with app.app_context():
        session = db.session()
        dead = claims.claim(session, copy.id, now() - timedelta(minutes=2))
        session.commit()
        assert dead is not None
        sent.jobs.clear()
        sweep()
        assert ("app.sharing.jobs.make", {"copy_id": str(copy.id)}) in sent.jobs

        make(str(copy.id))
        assert not claims.finish(session, dead, "0" * 64, 1, now=now())
        session.commit()
        db.session.remove()

    [copy] = copies(app)
    assert (copy.state, copy.attempts, copy.sha256 == "0" * 64) == ("made", 2, False)


@SQLITE
def test_a_copy_tried_three_times_is_said_to_have_failed(
    app: Flask, sign_in: SignIn, files: FileStore, photo: Photo
):
    officer = sign_in("officer")
    ask(officer, photo)
    with app.app_context():
        row = db.session.scalars(select(SharingCopy)).one()
        row.attempts, row.lease_until = claims.MOST_ATTEMPTS, now() - timedelta(seconds=1)
        db.session.commit()
        sweep()
        db.session.remove()

    assert copies(app)[0].state == "failed"
    ask(officer, photo)  # may be asked for again
    assert len(copies(app)) == 2


def visit(app: Flask, world: World, *, consent_photo: bool) -> UUID:
    """A visit, committed."""
    draft = make_draft(world.centre, consent_photo=consent_photo)
    with app.app_context():
        record_visit(
            db.session(), draft, actor=world["volunteer"], now=VISITED, programme=PROGRAMME
        )
        db.session.commit()
        db.session.remove()
    return draft.id
