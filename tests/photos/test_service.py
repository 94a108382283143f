"""A photo is received once, worked on by one at a time, and never lost."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.photos import claims, service
from app.photos.again import Choice
from app.photos.claims import Claim, ClaimLost, Made
from app.photos.exif import PhotoFacts
from app.photos.models import Photo
from app.photos.rules import Subject
from app.photos.service import PhotoConflict
from app.shared.files import FileEmpty, FileStore, FileTooLarge, content_key
from app.shared.geo import Position
from app.shared.ids import new_id
from tests.conftest import NOW, World
from tests.photos import makers
from tests.photos.conftest import MAX_BYTES, Send

pytestmark = pytest.mark.both_stores

LATER = NOW + timedelta(seconds=1)
LEASE_OVER = NOW + claims.LEASE + timedelta(seconds=1)
FACTS = PhotoFacts("image/jpeg", width=96, height=64)


def made(facts: PhotoFacts = FACTS) -> Made:
    return Made(facts, "a" * 64, "b" * 64, recipe=1)


def claimed(session: Session, photo: Photo, at: datetime = NOW) -> Claim:
    held = claims.claim(session, photo.id, at)
    assert held is not None
    return held


def finished(session: Session, photo: Photo, facts: PhotoFacts = FACTS) -> Photo:
    return claims.finish(session, claimed(session, photo), made(facts), now=LATER)


def test_a_photo_that_is_sent_twice_is_stored_once(session, send: Send, files: FileStore):
    photo_id, data = new_id(), makers.jpeg()

    first, created = send(data, photo_id=photo_id)
    again, created_again = send(data, photo_id=photo_id)

    assert (first.id, created, created_again) == (again.id, True, False)
    assert session.query(Photo).count() == 1
    assert files.read(content_key("originals", first.original_sha256)) == data


def test_other_bytes_under_the_same_id_are_a_conflict_and_both_stay(send: Send, files: FileStore):
    photo_id, other = new_id(), makers.jpeg(quality=50)
    first, _created = send(photo_id=photo_id)

    with pytest.raises(PhotoConflict):
        send(other, photo_id=photo_id)

    kept = [path for path in (files.root / "originals").rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert first.state == "received"


def test_the_same_id_for_another_record_is_a_conflict(send: Send, world: World):
    photo_id = new_id()
    send(photo_id=photo_id)

    with pytest.raises(PhotoConflict):
        send(photo_id=photo_id, subject=Subject("centre", world.neighbour, world.neighbour))


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", FileEmpty),
        (makers.jpeg() + b"\0" * MAX_BYTES, FileTooLarge),
    ],
)
def test_what_is_refused_at_the_door_leaves_nothing_behind(files: FileStore, data, refusal):
    with pytest.raises(refusal):
        service.keep_original(files, io.BytesIO(data), max_bytes=MAX_BYTES)

    assert not [path for path in files.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", [b"GIF89a" + b"\0" * 100, b"\xff\xd8"])
def test_what_is_no_picture_is_kept_aside_byte_for_byte(files: FileStore, send: Send, data):
    photo, created = send(data)

    assert created
    assert (photo.state, photo.media_type) == ("received", "application/octet-stream")
    assert files.read(content_key(service.ORIGINALS, photo.original_sha256)) == data


def test_a_photo_that_cannot_be_opened_is_kept_with_the_reason(session, send: Send):
    photo, _created = send(makers.jpeg()[:-200])

    claims.mark_unreadable(
        session, claimed(session, photo), "damaged", PhotoFacts("image/jpeg"), now=LATER
    )

    assert (photo.state, photo.last_error_code) == ("unreadable", "damaged")
    assert photo.original_sha256


def test_a_claimed_photo_is_nobody_elses_until_the_lease_is_over(session, send: Send):
    photo, _created = send()
    claimed(session, photo)

    assert claims.claim(session, photo.id, LATER) is None
    assert claims.claim_next(session, LATER) is None
    assert claims.claim(session, photo.id, LEASE_OVER) is not None


def test_a_worker_that_wakes_after_its_lease_may_not_write(session, send: Send):
    photo, _created = send()
    slow = claimed(session, photo)
    quick = claimed(session, photo, LEASE_OVER)

    with pytest.raises(ClaimLost):
        claims.finish(session, slow, made(), now=LEASE_OVER)
    claims.finish(session, quick, made(), now=LEASE_OVER)

    with pytest.raises(ClaimLost):
        claims.mark_unreadable(session, slow, "damaged", None, now=LEASE_OVER)
    assert photo.state == "processed"


def test_a_claim_from_before_a_reprocessing_is_not_valid_after_it(session, send: Send):
    photo, _created = send()
    old = claimed(session, photo)
    claims.finish(session, old, made(), now=LATER)
    assert claims.reprocess(session, LATER, Choice(2).condition()) == 1
    claimed(session, photo, LATER)

    with pytest.raises(ClaimLost):
        claims.finish(session, old, made(), now=LATER)


def test_a_photo_that_kills_its_worker_three_times_is_set_aside(session, send: Send):
    photo, _created = send()
    at = NOW
    for _ in range(claims.MOST_ATTEMPTS):
        claimed(session, photo, at)
        at += claims.LEASE + timedelta(seconds=1)

    assert claims.claim(session, photo.id, at) is None
    assert claims.stale_photos(session, at) == []
    session.refresh(photo)

    assert (photo.state, photo.last_error_code) == ("unreadable", "gave_up")


def in_trouble(session: Session, photo: Photo, tries: int, *, counts: bool) -> Photo:
    """So many tries broke off because of the store, and the sweep came by."""
    at = NOW
    for _ in range(tries):
        claims.note_trouble(session, claimed(session, photo, at), "storage", counts=counts)
        at += claims.LEASE + timedelta(seconds=1)
    claims.stale_photos(session, at)
    session.refresh(photo)
    return photo


def test_a_file_that_is_gone_is_remembered_when_tries_run_out(session, send: Send):
    photo = in_trouble(session, send()[0], claims.MOST_ATTEMPTS, counts=True)

    assert (photo.state, photo.last_error_code) == ("unreadable", "storage")


def test_a_disk_that_is_away_for_an_hour_makes_no_photo_unreadable(session, send: Send):
    photo = in_trouble(session, send()[0], 80, counts=False)

    assert (photo.state, photo.attempts, photo.last_error_code) == ("received", 0, "storage")


def test_what_one_try_said_is_not_the_reason_of_a_later_one_that_died(session, send: Send):
    photo = in_trouble(session, send()[0], 1, counts=False)
    at = NOW + claims.LEASE * 2
    for _ in range(claims.MOST_ATTEMPTS):
        claimed(session, photo, at)
        at += claims.LEASE + timedelta(seconds=1)

    claims.stale_photos(session, at)
    session.refresh(photo)

    assert (photo.state, photo.last_error_code) == ("unreadable", "gave_up")


def test_poisoned_photos_let_the_untried_go_first(session, send: Send):
    poisoned, _created = send()
    fresh, _created = send(at=NOW + timedelta(minutes=5))
    claimed(session, poisoned)

    held = claims.claim_next(session, NOW + timedelta(minutes=6))

    assert held is not None
    assert held.photo_id == fresh.id


def test_the_sweeper_rings_only_for_what_waits_too_long(session, send: Send):
    photo, _created = send()

    assert claims.stale_photos(session, LATER) == []
    assert claims.stale_photos(session, NOW + claims.RING_AGAIN_AFTER) == [photo.id]

    claimed(session, photo)

    assert claims.stale_photos(session, NOW + claims.RING_AGAIN_AFTER) == []
    assert claims.stale_photos(session, LEASE_OVER) == [photo.id]


def test_one_ring_serves_a_whole_drain(session, send: Send):
    for _ in range(claims.DRAIN_MOST + 1):
        send()

    assert len(claims.stale_photos(session, NOW + claims.RING_AGAIN_AFTER)) == 2


def test_a_finished_photo_is_not_rung_for_again(session, send: Send):
    photo, _created = send()
    finished(session, photo)

    assert claims.stale_photos(session, NOW + timedelta(days=1)) == []
    assert claims.claim(session, photo.id, NOW + timedelta(days=1)) is None


def test_reprocessing_takes_older_recipes_and_leaves_their_pictures_up(session, send: Send):
    old, _created = send()
    finished(session, old)
    new, _created = send(makers.jpeg(quality=60))
    finished(session, new).recipe = 2
    broken, _created = send(makers.jpeg(quality=50))
    claims.mark_unreadable(session, claimed(session, broken), "damaged", None, now=LATER)

    assert claims.reprocess(session, LATER, Choice(2).condition()) == 1
    session.expire_all()

    assert (old.state, old.attempts, old.view_sha256) == ("received", 0, "a" * 64)
    assert (new.state, broken.state) == ("processed", "unreadable")
    assert claims.reprocess(session, LATER, Choice(2, unreadable=True).condition()) == 1


NEAR_CENTRE = PhotoFacts("image/jpeg", exif_lat=19.1505, exif_lon=100.2705)
FAR_AWAY = PhotoFacts("image/jpeg", exif_lat=19.30, exif_lon=100.40)


def test_distance_is_judged_by_the_phones_fix_first(session, send: Send):
    by_file, _created = send()
    by_phone, _created = send(position=Position(19.15, 100.27, accuracy_m=20, source="device"))

    finished(session, by_file, FAR_AWAY)
    finished(session, by_phone, FAR_AWAY)

    assert (by_file.band, round(by_file.distance_m or 0, -3)) == ("far", 22_000)
    assert (by_phone.band, by_phone.distance_m) == ("inside", 0)
    assert "positions_differ" in by_phone.flags
    assert "positions_differ" not in by_file.flags


def test_a_photo_without_any_position_is_unknown_and_not_far(session, send: Send):
    photo, _created = send()

    finished(session, photo)

    assert (photo.band, photo.distance_m) == ("unknown", None)


def test_witnesses_that_agree_raise_no_question(session, send: Send):
    photo, _created = send(position=Position(19.15, 100.27, accuracy_m=20, source="device"))

    finished(session, photo, NEAR_CENTRE)

    assert photo.flags == []
    assert (photo.exif_lat, photo.exif_lon) == (19.1505, 100.2705)


def test_a_clock_that_runs_ahead_is_a_question(session, send: Send):
    photo, _created = send()
    ahead = PhotoFacts("image/jpeg", taken_at=NOW + timedelta(days=3), taken_source="exif")

    finished(session, photo, ahead)

    assert "taken_in_future" in photo.flags
    assert photo.day == NOW.date()


def test_a_centres_photo_counts_for_the_day_it_was_taken(session, send: Send):
    photo, _created = send()
    taken_at = datetime(2024, 1, 3, 18, 0, tzinfo=UTC)  # one in the morning of the 4th in Bangkok

    finished(session, photo, PhotoFacts("image/jpeg", taken_at=taken_at, taken_source="exif"))

    assert photo.day.isoformat() == "2024-01-04"


def test_a_clock_that_was_never_set_moves_no_photo_to_another_year(session, send: Send):
    photo, _created = send()
    unset = PhotoFacts(
        "image/jpeg",
        taken_at=datetime(1980, 1, 1, tzinfo=UTC),
        taken_source="exif_bangkok",
        flags=("time_clock_unset",),
    )

    finished(session, photo, unset)

    assert photo.day == NOW.date()


def test_the_place_is_that_of_the_best_position(session, send: Send):
    by_file, _created = send()
    by_phone, _created = send(position=Position(19.1624, 99.9934, accuracy_m=20, source="device"))
    abroad, _created = send()

    finished(session, by_file, NEAR_CENTRE)
    finished(session, by_phone, NEAR_CENTRE)
    finished(session, abroad, PhotoFacts("image/jpeg", exif_lat=48.2, exif_lon=16.37))

    assert (by_file.place_code or "").startswith("5606")  # Pong
    assert (by_phone.place_code or "").startswith("5605")  # Dok Khamtai
    assert abroad.place_code is None


def test_the_same_picture_sent_again_is_a_question_about_the_second(session, send: Send):
    first, _created = send()
    second, _created = send(at=LATER)

    finished(session, first)
    claims.finish(session, claimed(session, second, LATER), made(), now=LATER)

    assert "same_bytes" in second.flags
    assert "same_bytes" not in first.flags
