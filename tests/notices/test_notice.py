"""The notice: there before anything is typed, true to what is kept, and signed by somebody."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.keeping.classes import CLASSES
from app.notices.service import controller
from app.notices.text import purposes
from app.phone.screens import blank_visit_form
from app.rounds.programme import load_programme
from app.shared.db import db
from app.visits.forms import VisitForm
from tests.conftest import World

OFFICE = {
    "version": "0", "name": "สำนักงานพัฒนาชุมชนจังหวัดพะเยา", "address": "ศาลากลาง",
    "phone": "0-5444-5544", "dpo_name": "นิติกรประจำสำนักงาน", "hosted_at": "ห้องเครื่อง ศาลากลาง",
}  # fmt: skip
SignIn = Callable[[str], FlaskClient]


def test_anybody_reads_the_notice_with_every_period_that_is_kept(
    app: Flask, client: FlaskClient, world: World
):
    page = client.get("/privacy")
    assert page.status_code == 200
    with app.test_request_context():
        for kept in purposes().values():
            assert str(kept.what) in page.text
            assert kept.how_long in page.text
    assert set(purposes_keys(app)) == {each.key for each in CLASSES}


def purposes_keys(app: Flask) -> list[str]:
    with app.test_request_context():
        return list(purposes())


def test_until_the_office_says_who_it_is_the_administrator_is_warned(
    app: Flask, client: FlaskClient, sign_in: SignIn
):
    assert "จังหวัดพะเยา" in client.get("/privacy").text  # the province's own office
    assert "note--warn" in sign_in("admin").get("/privacy").text
    assert "note--warn" not in client.get("/privacy").text
    with app.app_context():
        assert not controller(db.session()).is_set


def test_the_office_is_looked_at_first_and_saved_as_a_version(
    app: Flask, client: FlaskClient, sign_in: SignIn
):
    admin = sign_in("admin")
    look = admin.post("/privacy/office", data=OFFICE | {"preview": "1"})
    assert "นิติกรประจำสำนักงาน" in look.text
    assert "นิติกรประจำสำนักงาน" not in client.get("/privacy").text
    assert admin.post("/privacy/office", data=OFFICE | {"save": "1"}).status_code == 303
    text = client.get("/privacy").text
    assert "นิติกรประจำสำนักงาน" in text
    assert "0-5444-5544" in text
    stale = OFFICE | {"name": "อื่น", "save": "1"}
    assert admin.post("/privacy/office", data=stale).status_code == 422
    with app.app_context():
        assert controller(db.session()).version == 1


def test_somebody_must_be_reachable(sign_in: SignIn):
    data = {**OFFICE, "phone": "", "save": "1"}
    assert sign_in("admin").post("/privacy/office", data=data).status_code == 422


def test_the_notice_stands_before_the_first_box(sign_in: SignIn):
    text = sign_in("volunteer").get("/visits/new").text
    assert text.index('class="notice"') < text.index('name="n_male"')
    assert text.index('class="notice"') < text.index('name="leader_name"')


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_consent_is_ticked_beforehand_at_either_door(app: Flask, sign_in: SignIn):
    text = sign_in("volunteer").get("/visits/new").text
    with app.test_request_context():
        phone = blank_visit_form(load_programme())
        page = VisitForm(formdata=None, meta={"csrf": False})
    for name in ("consent_followup", "consent_photo"):
        (box,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', text)
        assert "checked" not in box
        assert not phone[name].data
        assert not page[name].data


def test_the_sheet_for_the_wall_is_the_centres_own(sign_in: SignIn, world: World):
    page = sign_in("volunteer").get(f"/centres/{world.centre}/notice")
    assert page.text.count("qr__picture") == 2
    assert "5606-001" in page.text
    assert sign_in("volunteer").get(f"/centres/{world.stranger}/notice").status_code == 404
