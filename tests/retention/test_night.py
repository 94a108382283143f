"""What has been kept long enough goes, at night; what is held stays; what was counted stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.keeping.holds import HoldDraft, lift_hold, place_hold
from app.keeping.models import Destruction
from app.photos import destruction, jobs
from app.photos import queries as photo_queries
from app.photos.models import Photo
from app.photos.queries import PhotoFilter
from app.retention import runs
from app.retention.ends import ALL, people
from app.retention.survey import survey
from app.shared.clock import now
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.work import work
from app.visits.models import Visit
from tests.conftest import World
from tests.photos import makers
from tests.retention.conftest import TODAY, Night, Visit_, on_disk

LAST_OF_2567, FIRST_OF_2568 = date(2024, 9, 30), date(2024, 10, 1)


def read(app: Flask, visit_id: UUID) -> Visit:
    with app.app_context():
        found = db.session.get_one(Visit, visit_id)
        db.session.remove()
    return found


def test_a_visitor_is_kept_two_fiscal_years_to_the_day(app: Flask, visit: Visit_, night: Night):
    over, kept = visit(LAST_OF_2567), visit(FIRST_OF_2568)

    night(date(2026, 9, 30))
    assert read(app, over).leader_name  # its second fiscal year is not over before midnight

    night(date(2026, 10, 1))
    assert (read(app, over).leader_name, read(app, over).phone) == (None, None)
    assert read(app, over).suggestion is None
    assert read(app, kept).leader_name
    assert read(app, over).n_total == read(app, kept).n_total


def test_what_a_night_did_is_written_down_and_names_nobody(app: Flask, visit: Visit_, night: Night):
    visits = {visit(LAST_OF_2567), visit(date(2023, 11, 1))}
    name = read(app, next(iter(visits))).leader_name
    run = night()

    with app.app_context():
        entry = db.session.scalars(select(Destruction).where(Destruction.kind == "visit")).one()
        everything = str(db.session.execute(text("select * from destruction")).all())
        assert (entry.keeping, entry.cause, entry.by) == ("visitor", "retention", None)
        assert (entry.n_objects, entry.area_code, entry.run_id) == (2, "5606", run.id)
        assert set(entry.objects) == {str(each) for each in visits}
        assert name and name not in everything
        audit = db.session.execute(
            text("select facts from audit_entry where action = 'retention.destroyed'")
        ).all()
        assert len(audit) == 1
    assert run.counts["visitor:visit"]["destroyed"] == 2
    assert run.ended_at is not None


def test_a_second_night_finds_nothing_to_do(app: Flask, visit: Visit_, night: Night):
    visit(LAST_OF_2567)
    night()
    again = night()

    assert runs.total(again, "destroyed") == 0
    with app.app_context():
        assert len(db.session.scalars(select(Destruction)).all()) == 1


def test_a_dry_run_changes_no_row_and_no_file(
    app: Flask, world: World, visit: Visit_, photo: Callable[..., Photo], files: FileStore
):
    visit_id = visit(LAST_OF_2567, consent_photo=False)
    photo(visit_id, LAST_OF_2567)
    before, there = everything(app), on_disk(files)

    result = app.test_cli_runner().invoke(
        args=["retention", "run", "--dry-run", "--until", "2569-10-01"]
    )

    assert result.exit_code == 0, result.output
    assert "visitor" in result.output and "photo_unconsented" in result.output
    assert everything(app) == before
    assert on_disk(files) == there


def test_a_day_to_come_can_only_be_asked_about(app: Flask, world: World):
    result = app.test_cli_runner().invoke(args=["retention", "run", "--until", "2650-10-01"])

    assert result.exit_code == 2
    assert "dry-run" in result.output


def test_pictures_of_a_group_that_did_not_agree_go_and_the_row_stays(
    app: Flask, visit: Visit_, photo: Callable[..., Photo], files: FileStore, night: Night
):
    refused, agreed = (visit(LAST_OF_2567, consent_photo=each) for each in (False, True))
    gone = photo(refused, LAST_OF_2567, makers.jpeg(picture=makers.scene((400, 300))))
    kept = photo(agreed, LAST_OF_2567, makers.jpeg(picture=makers.scene((500, 300))))

    night()

    with app.app_context():
        row = db.session.get_one(Photo, gone.id)
        assert row.destroyed_at is not None
        assert (row.file_name, row.caption, row.view_sha256, row.placeholder) == (None,) * 4
        assert (row.original_sha256, row.code, row.state) == (
            gone.original_sha256, gone.code, "processed",
        )  # fmt: skip
        assert db.session.get_one(Photo, kept.id).destroyed_at is None
    left = on_disk(files)
    assert not {gone.original_sha256, gone.view_sha256, gone.thumb_sha256} & left
    assert {kept.original_sha256, kept.view_sha256, kept.thumb_sha256} <= left


def test_bytes_that_another_photo_needs_stay_for_it(
    app: Flask, visit: Visit_, photo: Callable[..., Photo], files: FileStore, night: Night
):
    data = makers.jpeg(picture=makers.scene((420, 310)))
    gone = photo(visit(LAST_OF_2567, consent_photo=False), LAST_OF_2567, data)
    twin = photo(visit(LAST_OF_2567, consent_photo=True), LAST_OF_2567, data)
    assert gone.original_sha256 == twin.original_sha256

    night()
    assert files.exists(content_key("originals", twin.original_sha256))
    assert {twin.view_sha256, twin.thumb_sha256, twin.stamped_sha256} <= on_disk(files)

    night(date(2029, 10, 1))  # five years: now the twin's time is over too
    assert not on_disk(files)


def test_a_hold_keeps_what_it_covers_and_says_how_much(
    app: Flask, world: World, visit: Visit_, night: Night
):
    covered, elsewhere = visit(LAST_OF_2567), visit(LAST_OF_2567, centre=world.stranger)
    other_day = visit(date(2024, 5, 1))
    with app.app_context(), work() as w:
        draft = HoldDraft("5606", "คดีปกครอง", date(2024, 9, 1), date(2024, 9, 30))
        hold_id = place_hold(w.session, draft, actor=world["admin"], now=now()).id

    run = night()
    assert read(app, covered).leader_name
    assert not read(app, elsewhere).leader_name
    assert not read(app, other_day).leader_name
    assert run.counts["visitor:visit"] | {"skip": []} == {
        "due": 2, "held": 1, "destroyed": 2, "failed": 0, "left": 0, "skip": [],
    }  # fmt: skip

    with app.app_context(), work() as w:
        lift_hold(w.session, hold_id, actor=world["admin"], now=now())
    night()
    assert not read(app, covered).leader_name


def test_one_record_can_be_held_alone_with_its_photos(
    app: Flask, world: World, visit: Visit_, photo: Callable[..., Photo], night: Night
):
    held, other = (visit(LAST_OF_2567, consent_photo=False) for _ in range(2))
    pictures = [photo(each, LAST_OF_2567) for each in (held, other)]
    with app.app_context(), work() as w:
        draft = HoldDraft("560601", "ข้อร้องเรียน", kind="visit", object_id=held)
        place_hold(w.session, draft, actor=world["reviewer"], now=now())

    night()

    assert read(app, held).leader_name and not read(app, other).leader_name
    with app.app_context():
        destroyed = [db.session.get_one(Photo, each.id).destroyed_at for each in pictures]
        assert destroyed[0] is None and destroyed[1] is not None


def test_one_row_that_will_not_go_does_not_stop_the_others(
    app: Flask, visit: Visit_, night: Night, monkeypatch: pytest.MonkeyPatch
):
    stubborn, others = visit(LAST_OF_2567), [visit(LAST_OF_2567) for _ in range(3)]
    real = people.forget_visit

    def forget(session, found, **how):
        if found.id == stubborn:
            raise RuntimeError("as a trigger or a full disk would")
        return real(session, found, **how)

    monkeypatch.setattr(people, "forget_visit", forget)
    run = night()

    assert [read(app, each).leader_name for each in others] == [None] * 3
    assert read(app, stubborn).leader_name
    assert run.counts["visitor:visit"]["destroyed"] == 3
    assert run.counts["visitor:visit"]["failed"] == 1
    assert run.ended_at is not None

    monkeypatch.undo()
    night()
    assert read(app, stubborn).leader_name is None


def test_files_that_stayed_behind_are_found_again_the_next_night(
    app: Flask, visit: Visit_, photo: Callable[..., Photo], files: FileStore, night: Night,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    photo(visit(LAST_OF_2567, consent_photo=False), LAST_OF_2567)

    def killed(*_args: object, **_how: object) -> int:
        raise OSError("the disk was away")

    monkeypatch.setattr(destruction, "remove_files", killed)
    run = night()
    assert runs.total(run, "left") and on_disk(files)

    monkeypatch.undo()
    night()
    assert not on_disk(files)


def test_every_kind_can_be_asked_and_ended_on_an_empty_book(app: Flask, world: World, night: Night):
    with app.app_context():
        found = survey(db.session(), TODAY)
        assert [each.disposal for each in found] == list(ALL)
    night()


def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with app.app_context():
        tables = db.metadata.sorted_tables
        rows = {
            table.name: sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
            for table in tables
        }
        db.session.remove()
    return rows


def test_boards_and_quarters_count_as_before(
    app: Flask, world: World, visit: Visit_, photo: Callable[..., Photo], night: Night
):
    for day in (date(2024, 2, 1), LAST_OF_2567):
        photo(visit(day, consent_photo=False), day)

    def counted() -> list[object]:
        with app.app_context():
            actor, session = world["reviewer"], db.session()
            states = photo_queries.count_by_state(session, actor, PhotoFilter())
            people = session.execute(
                select(func.count(), func.sum(Visit.n_total), func.sum(Visit.n_child))
            ).one()
            tallies = session.execute(text("select * from visit_tally order by 1, 2, 3")).all()
            db.session.remove()
        return [states, tuple(people), [tuple(row) for row in tallies]]

    before = counted()
    assert runs.total(night(), "destroyed") == 4
    assert counted() == before


def test_a_picture_that_was_in_the_making_leaves_nothing_behind(
    app: Flask, world: World, visit: Visit_, files: FileStore, send: Callable[..., Photo],
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    row = send(visit(LAST_OF_2567), LAST_OF_2567)
    real = jobs._make

    def destroyed_meanwhile(held):  # type: ignore[no-untyped-def]
        made = real(held)
        with work() as w:
            keys = destruction.destroy_photos(w.session, [row.id], now=now())
        destruction.remove_files(files, keys, untouched_since=now())
        return made

    monkeypatch.setattr(jobs, "_make", destroyed_meanwhile)
    with app.app_context():
        jobs.process(str(row.id))
        assert db.session.get_one(Photo, row.id).view_sha256 is None
    assert not on_disk(files)
