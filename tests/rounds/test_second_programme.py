"""Another mission runs from its file alone: other sides, grades, sectors, scale and rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.rounds.calendar import occurrences
from app.rounds.programme import (
    load_programme,
    programme_named,
    programmes_in_force,
    put_in_force,
)
from app.rounds.queries import occurrence_for
from app.shared.db import db
from config import Settings
from tests.conftest import SentJobs

ODD = Path(__file__).parent / "odd_programme.yaml"


@pytest.fixture
def app(settings: Settings, sent: SentJobs) -> Iterator[Flask]:
    """The application as `LAKTHAN_PROGRAMME=/a/path.yaml` starts it."""
    # The fixtures' centres were made under the shipped programme: they stay what they are.
    app = create_app(settings.model_copy(update={"programme": str(ODD)}), send_job=sent)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    put_in_force("khok_nong_na_2567")


def test_a_path_alone_puts_it_in_force(app: Flask) -> None:
    with app.app_context():
        assert load_programme().name == "weaving_2568.4"
        assert [one.name for one in programmes_in_force()] == ["weaving_2568.4"]
    assert app.config["PROGRAMME"] == "weaving_2568.4"


def test_records_of_the_mission_before_keep_their_words(app: Flask) -> None:
    assert app
    assert programme_named("khok_nong_na_2567.1").key == "khok_nong_na"
    assert occurrence_for("khok_nong_na_2567", "plan")
    for odd in ("../programme/khok_nong_na_2567.1", "", ".", "khok_nong_na_2567.9", "x" * 40):
        assert programme_named(odd).key == "weaving"


def test_its_calendar_follows_its_own_office_days(app: Flask) -> None:
    """19 January 2025 is a Sunday; the 18th, a Saturday, is worked, and no country has holidays."""
    due = {one.key: one.due_by for one in occurrences(load_programme())}
    assert due == {"spring": date(2025, 1, 18), "autumn": date(2025, 9, 30)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_without_an_argument_opens(
    app: Flask, sign_in: Callable[[str], FlaskClient]
) -> None:
    for who in ("officer", "admin"):  # between them they see every page
        client = sign_in(who)
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not rule.arguments:
                answer = client.get(rule.rule)
                assert answer.status_code != 500, (who, rule.rule)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_its_answers_are_what_forms_offer(sign_in: Callable[[str], FlaskClient]) -> None:
    client = sign_in("officer")
    assert "มาดู" in client.get("/visits/new").text
    assert "เรือนทอผ้า" in client.get("/centres/new").text
    assert "รายงานของกลุ่ม" in client.get("/rounds?year=2568").text


def test_a_centre_of_its_class_can_be_added(sign_in: Callable[[str], FlaskClient]) -> None:
    """Whose key is longer than any of the shipped programme's."""
    answer = sign_in("officer").post(
        "/centres/new",
        data={
            "name": "เรือนทอผ้าบ้านดอน", "code": "5606-009", "plot_class": "weaving_house",
            "status": "active", "subdistrict_code": "560601", "lat": "19.15", "lon": "100.27",
            "radius_m": "200",
        },
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
