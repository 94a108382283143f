"""Which photos a reader sees, and for which quarter they count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.photos import queries
from app.photos.models import Photo
from app.photos.queries import PhotoFilter
from app.photos.rules import Subject
from app.shared.clock import Quarter
from app.shared.errors import NotFound
from app.visits.models import Visit
from app.visits.service import delete_visit, record_visit
from tests.conftest import NOW, World
from tests.photos import makers
from tests.photos.conftest import Send
from tests.visits.drafts import make_draft

FIRST, SECOND = Quarter.parse("2567Q1"), Quarter.parse("2567Q2")


@pytest.fixture
def visit(session: Session, world: World) -> Visit:
    """A visit of the last day of the first quarter, recorded in February."""
    draft = make_draft(world.centre, visit_date=date(2023, 12, 31))
    recorded, _created = record_visit(session, draft, actor=world["volunteer"], now=NOW)
    return recorded


@pytest.fixture
def of_visit(send: Send, visit: Visit) -> Photo:
    """A photo of that visit."""
    subject = Subject("visit", visit.id, visit.centre_id, visit.visit_date)
    photo, _created = send(subject=subject)
    return photo


def ids(session: Session, who: object, wanted: PhotoFilter | None = None) -> set[object]:
    found = queries.list_photos(session, who, wanted or PhotoFilter())  # type: ignore[arg-type]
    return {photo.id for photo in found.items}


def test_a_photo_counts_for_the_quarter_of_its_record(session, world: World, of_visit: Photo):
    officer = world["officer"]

    assert ids(session, officer, PhotoFilter(quarter=FIRST)) == {of_visit.id}
    assert ids(session, officer, PhotoFilter(quarter=SECOND)) == set()
    assert queries.record_day(session, of_visit) == date(2023, 12, 31)


def test_a_corrected_day_moves_the_photos_with_their_visit(
    session, world: World, visit: Visit, of_visit: Photo
):
    visit.visit_date = date(2024, 1, 2)
    session.flush()

    assert ids(session, world["officer"], PhotoFilter(quarter=SECOND)) == {of_visit.id}


def test_photos_of_a_struck_out_visit_are_not_shown(
    session, world: World, visit: Visit, of_visit: Photo
):
    delete_visit(
        session, visit.id, expected_version=1, reason="twice", actor=world["officer"], now=NOW
    )

    assert ids(session, world["officer"]) == set()
    with pytest.raises(NotFound):
        queries.photo_for(session, world["officer"], of_visit.id)


def test_everyone_sees_their_area_and_nothing_else(session, world: World, send: Send):
    ours, _created = send()
    neighbours = Subject("centre", world.neighbour, world.neighbour)
    theirs, _created = send(subject=neighbours)

    assert ids(session, world["volunteer"]) == {ours.id}
    assert ids(session, world["other_volunteer"]) == {theirs.id}
    assert ids(session, world["officer"]) == ids(session, world["reviewer"])
    assert ids(session, world["officer"]) == {ours.id, theirs.id}
    assert ids(session, world["other_officer"]) == set()
    assert queries.count_by_state(session, world["volunteer"], PhotoFilter()) == {"received": 1}


def test_a_foreign_record_takes_no_photos(session, world: World, visit: Visit):
    for kind, subject_id in (("visit", visit.id), ("centre", world.centre)):
        with pytest.raises(NotFound):
            queries.subject_for(session, world["other_officer"], kind, subject_id)

    found = queries.subject_for(session, world["officer"], "visit", visit.id)
    assert (found.centre_id, found.day) == (world.centre, date(2023, 12, 31))


def test_the_same_picture_is_found_only_where_the_reader_may_look(
    session, world: World, send: Send
):
    ours, _created = send()
    there = Subject("centre", world.stranger, world.stranger)
    foreign, _created = send(subject=there, at=NOW + timedelta(minutes=1))

    assert queries.twins_of(session, world["officer"], ours) == []
    assert [twin.id for twin in queries.twins_of(session, world["reviewer"], ours)] == [foreign.id]


def test_pages_follow_one_another_without_gap_or_repeat(session, world: World, send: Send):
    sent = {
        send(makers.jpeg(quality=10 + n), at=NOW + timedelta(minutes=n % 7))[0].id
        for n in range(30)
    }
    officer = world["officer"]

    first = queries.list_photos(session, officer, PhotoFilter())
    second = queries.list_photos(session, officer, PhotoFilter(), after=first.next_cursor)

    seen = [photo.id for photo in (*first.items, *second.items)]
    assert len(seen) == len(set(seen)) == 30
    assert set(seen) == sent
    assert second.next_cursor is None
