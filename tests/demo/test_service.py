"""Seeding goes through the real services, once, and never in production."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts.models import Account
from app.accounts.service import actor_of
from app.audit.models import AuditEntry
from app.centres.models import Centre
from app.demo import centres, photos, service
from app.demo.cast import StoryRefused
from app.demo.cli import demo, thai_font
from app.demo.people import DEMO_PASSWORD, PEOPLE
from app.demo.service import Added, Studio, seed_demo
from app.followups.models import Followup
from app.photos.models import Photo
from app.rounds.programme import load_programme
from app.shared.db import db
from app.shared.work import work
from app.visits.models import Visit
from app.visits.service import delete_visit

CODES = ("5601-001", "5601-002", "5604-002", "5606-001", "5606-002")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def studio(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """Small pictures of few centres: what is tested here is neither looks nor amount."""
    monkeypatch.setattr(photos, "SIZES", ((96, 72),) * 4)
    monkeypatch.setattr(centres, "PLOTS", tuple(p for p in centres.PLOTS if p.code in CODES))
    return Studio(app.extensions["files"], max_bytes=1_000_000)


def _seed(studio: Studio, now: datetime = NOW, lines: list[str] | None = None) -> Added:
    said = lines if lines is not None else []
    return seed_demo(work, studio, load_programme(), now=now, say=said.append)


def _rows() -> dict[str, int]:
    tables = (Centre, Account, Visit, Followup, Photo, AuditEntry)
    return {
        t.__tablename__: db.session().scalar(select(func.count()).select_from(t)) for t in tables
    }


def test_seeding_records_the_story_and_rings_for_every_photo(app, studio, sent) -> None:
    with app.app_context():
        lines: list[str] = []
        added = _seed(studio, lines=lines)
        rows = _rows()

    assert (rows["centre"], rows["account"]) == (len(CODES), len(PEOPLE))
    assert (rows["visit"], rows["followup"], rows["photo"]) == (
        added.visits, added.followups, added.photos,
    )  # fmt: skip
    assert [name for name, _ids in sent.jobs] == ["app.photos.jobs.process"] * added.photos
    assert f"demo: photos {added.photos}/{added.photos}" in lines


def test_seeding_twice_changes_nothing(app, studio, sent) -> None:
    with app.app_context():
        _seed(studio)
        before, rung = _rows(), len(sent.jobs)

        assert _seed(studio) == Added()
        assert _rows() == before
        assert len(sent.jobs) == rung


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_later_day_continues_and_leaves_alone_what_people_changed(app, studio) -> None:
    with app.app_context():
        _seed(studio)
        with work() as w:
            visit = w.session.scalars(
                select(Visit).where(Visit.consent_followup).order_by(Visit.visit_date.desc())
            ).first()
            officer = w.session.scalars(select(Account).where(Account.username == "reviewer")).one()
            delete_visit(
                w.session,
                visit.id,
                expected_version=1,
                reason="ซ้ำ",
                actor=actor_of(officer),
                now=NOW,
            )
            struck_out = visit.id

        added = _seed(studio, NOW + timedelta(days=120))

        assert added.visits > 0
        assert db.session().get_one(Visit, struck_out).deleted_at is not None
        assert db.session().scalars(
            select(Followup.id).where(Followup.visit_id == struck_out, Followup.received_at > NOW)
        ).all() == []  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_received_in_the_future(app, studio) -> None:
    with app.app_context():
        early = datetime(2026, 11, 21, 17, 1, tzinfo=UTC)  # a minute into the Bangkok day
        _seed(studio, early)

        for model in (Visit, Followup, Photo):
            assert db.session().scalar(select(func.max(model.received_at))) <= early


def test_the_demo_does_not_write_in_somebody_elses_name(app, studio) -> None:
    with app.app_context():
        with work() as w:
            w.session.add(
                Account(
                    username="officer", name="ตัวจริง", role="officer", area_code="5606",
                    password_hash="x", created_at=NOW,
                )
            )  # fmt: skip

        with pytest.raises(StoryRefused, match="officer"):
            _seed(studio)
        assert _rows()["centre"] == 0


def test_the_demo_does_not_write_into_somebody_elses_centres(app, studio, world) -> None:
    with app.app_context():
        with work() as w:
            w.session.execute(update(Account).values(is_demo=False))
        with pytest.raises(StoryRefused, match="5606-001"):
            _seed(studio)


@pytest.mark.parametrize("arguments", [[], ["--accounts"]])
def test_production_refuses_the_demo(app, arguments) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"env": "production"})

    result = app.test_cli_runner().invoke(demo, arguments)

    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "production" in result.output
    assert DEMO_PASSWORD not in result.output


def test_the_accounts_are_told_with_their_password(app) -> None:
    result = app.test_cli_runner().invoke(demo, ["--accounts"])

    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.output.splitlines()] == [
        [person.username, DEMO_PASSWORD] for person in PEOPLE[:6]
    ]


def test_the_boards_letters_come_from_the_pages_fonts(tmp_path: Path) -> None:
    assert thai_font(tmp_path) is None

    fonts = tmp_path / "dist" / "fonts"
    fonts.mkdir(parents=True)
    for name in ("Sarabun_400Regular.ttf", "Sarabun_700Bold.ttf", "Sarabun_700Bold_Italic.ttf"):
        (fonts / name).touch()
    assert thai_font(tmp_path) == fonts / "Sarabun_700Bold.ttf"


def test_a_batch_is_told_every_hundred_and_at_the_end() -> None:
    said: list[str] = []
    sizes = [len(batch) for batch in service._batches("things", range(130), said.append)]

    assert sum(sizes) == 130
    assert said == ["demo: things 100/130", "demo: things 130/130"]
