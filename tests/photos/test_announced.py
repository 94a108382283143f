"""A photo announced before or after its bytes: together they are one, whichever came first."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.photos import claims, service
from app.photos.claims import ClaimLost
from app.photos.exif import PhotoFacts
from app.photos.jobs import process
from app.photos.models import Photo, PhotoRevision
from app.photos.rules import PhotoDraft, Subject
from app.photos.service import PhotoConflict, announce_photo, arrived, has_work
from app.shared.db import db
from app.shared.files import FileStore
from app.shared.geo import Position
from app.shared.ids import new_id
from app.shared.record import Capture
from app.shared.work import work
from app.uploads.attachment import Attachment
from app.uploads.models import Upload, UploadRole
from tests.conftest import NOW, World
from tests.devices.phones import enrolled
from tests.photos import makers

ABOUT = makers.exif(taken=makers.MORNING, gps=makers.PHAYAO)
ORIGINAL = makers.jpeg(ABOUT, picture=makers.scene((1200, 900)))
PREVIEW = makers.jpeg(picture=makers.scene((320, 240)))
LATER = NOW + timedelta(hours=3)

Bring = Callable[..., Upload]
Announce = Callable[..., tuple[Photo, bool]]


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def draft_for(world: World, photo_id: UUID, **changed: object) -> PhotoDraft:
    return replace(
        PhotoDraft(
            id=photo_id,
            subject=Subject("centre", world.centre, world.centre),
            capture=Capture(at=NOW, position=Position(19.15, 100.27, 12.0)),
            source="camera",
            caption="แปลงผัก",
        ),
        **changed,
    )


def preview_of(data: bytes = PREVIEW) -> Attachment:
    return Attachment(new_id(), "preview", sha256_of(data), len(data), "image/jpeg")


@pytest.fixture
def announce(session: Session, world: World) -> Announce:
    """A function: announce a photo as the volunteer's phone does."""

    def say(
        photo_id: UUID, data: bytes = ORIGINAL, *, now: datetime = NOW, who: str = "volunteer",
        preview: Attachment | None = None, **changed: object,
    ) -> tuple[Photo, bool]:  # fmt: skip
        return announce_photo(
            session, draft_for(world, photo_id, **changed), sha256=sha256_of(data),
            size_bytes=len(data), media_type="image/jpeg",
            recorder_id=world[who].account_id, now=now, preview=preview,
        )  # fmt: skip

    return say


@pytest.fixture
def bring(session: Session, files: FileStore, world: World) -> Bring:
    """A function: bytes come and are held, as after the last piece of an upload."""
    devices: dict[str, UUID] = {}

    def hold(
        attachment_id: UUID, data: bytes = ORIGINAL, role: UploadRole = "original",
        who: str = "volunteer",
    ) -> Upload:  # fmt: skip
        if who not in devices:
            devices[who] = enrolled(session, world[who].account_id).device.id
        prefix = service.ORIGINALS if role == "original" else service.PREVIEWS
        stored = files.put_stream(prefix, io.BytesIO(data), max_bytes=10_000_000)
        upload = Upload(
            device_id=devices[who], account_id=world[who].account_id,
            attachment_id=attachment_id, role=role, sha256=stored.sha256,
            size_bytes=stored.size_bytes, media_type="image/jpeg", crc32=7, state="held",
            created_at=NOW, touched_at=NOW, expires_at=LATER,
        )  # fmt: skip
        session.add(upload)
        session.flush()
        return upload

    return hold


def test_a_photo_is_awaited_until_its_bytes_come(
    session: Session, announce: Announce, bring: Bring
):
    photo, created = announce(new_id())
    assert (photo.state, created, has_work(photo)) == ("awaited", True, False)

    moved = arrived(session, bring(photo.id), now=LATER)

    assert moved is photo
    assert (photo.state, photo.state_since, has_work(photo)) == ("received", LATER, True)
    assert (photo.size_bytes, photo.crc32) == (len(ORIGINAL), 7)


def test_bytes_that_came_first_are_found_by_the_announcement(
    session: Session, announce: Announce, bring: Bring
):
    photo_id = new_id()
    assert arrived(session, bring(photo_id), now=NOW) is None

    photo, created = announce(photo_id)

    assert (photo.state, created, has_work(photo)) == ("received", True, True)


def test_announced_twice_is_one_photo_and_one_version(session: Session, announce: Announce):
    photo_id = new_id()

    answers = [announce(photo_id)[1] for _ in range(3)]

    assert answers == [True, False, False]
    assert session.query(Photo).count() == 1
    assert session.query(PhotoRevision).count() == 1


def test_an_announcement_repeated_after_the_bytes_came_tells_where_the_photo_is(
    session: Session, announce: Announce, bring: Bring
):
    photo, _created = announce(new_id())
    arrived(session, bring(photo.id), now=LATER)
    process_(session, photo)

    again, created = announce(photo.id)

    assert (again.state, created, has_work(again)) == ("processed", False, False)


@pytest.mark.parametrize(
    "changed",
    [
        {"data": PREVIEW},
        {"caption": "another"},
        {"source": "picker"},
        {"capture": Capture(at=LATER)},
    ],
)
def test_the_same_id_with_other_content_is_a_conflict(
    announce: Announce, changed: dict[str, object]
):
    photo_id = new_id()
    announce(photo_id)

    with pytest.raises(PhotoConflict):
        announce(photo_id, **changed)


def test_the_same_id_for_another_record_is_a_conflict(announce: Announce, world: World):
    photo_id = new_id()
    announce(photo_id)

    with pytest.raises(PhotoConflict):
        announce(photo_id, subject=Subject("centre", world.neighbour, world.neighbour))


def test_a_caption_corrected_since_is_not_undone_by_the_announcement(
    session: Session, announce: Announce, world: World
):
    photo, _created = announce(new_id())
    service.edit_caption(
        session, photo.id, "แปลงนา", expected_version=1, actor=world["officer"], now=LATER
    )

    again, created = announce(photo.id)

    assert (again.caption, again.version, created) == ("แปลงนา", 2, False)


def test_other_bytes_than_announced_are_not_taken(
    session: Session, announce: Announce, bring: Bring
):
    photo, _created = announce(new_id())

    assert arrived(session, bring(photo.id, PREVIEW), now=LATER) is None
    assert photo.state == "awaited"


def test_somebody_elses_bytes_are_not_taken(session: Session, announce: Announce, bring: Bring):
    photo, _created = announce(new_id())

    assert arrived(session, bring(photo.id, who="officer"), now=LATER) is None
    assert announce(photo.id)[0].state == "awaited"


def test_two_photos_of_the_same_bytes_are_both_received(
    session: Session, announce: Announce, bring: Bring
):
    photos = [announce(new_id())[0] for _ in range(2)]
    for photo in photos:
        arrived(session, bring(photo.id), now=LATER)

    assert [photo.state for photo in photos] == ["received", "received"]


def test_the_log_says_when_the_bytes_came(session: Session, announce: Announce, bring: Bring):
    photo, _created = announce(new_id())
    arrived(session, bring(photo.id), now=LATER)

    told = session.query(AuditEntry).filter_by(object_id=str(photo.id)).order_by(AuditEntry.id)
    assert [(entry.action, entry.at) for entry in told] == [
        ("photo.recorded", NOW), ("photo.received", LATER),
    ]  # fmt: skip


# --- previews ------------------------------------------------------------------------------


def process_(session: Session, photo: Photo) -> Photo:
    session.commit()
    process(str(photo.id))
    session.refresh(photo)
    return photo


@pytest.mark.parametrize("announced_first", [True, False])
def test_a_preview_is_shown_while_the_original_is_awaited(
    session: Session, announce: Announce, bring: Bring, announced_first: bool
):
    photo_id, preview = new_id(), preview_of()
    if announced_first:
        photo, _created = announce(photo_id, preview=preview)
        assert not has_work(photo)
        assert arrived(session, bring(preview.id, PREVIEW, "preview"), now=NOW) is photo
    else:
        bring(preview.id, PREVIEW, "preview")
        photo, _created = announce(photo_id, preview=preview)
    assert has_work(photo)

    process_(session, photo)

    assert (photo.state, photo.width, photo.taken_at) == ("awaited", None, None)
    assert photo.view_sha256
    assert not has_work(photo)


def test_the_original_takes_the_previews_place(session: Session, announce: Announce, bring: Bring):
    preview = preview_of()
    bring(preview.id, PREVIEW, "preview")
    photo, _created = announce(new_id(), preview=preview)
    small = process_(session, photo).view_sha256

    arrived(session, bring(photo.id), now=LATER)
    assert (photo.state, photo.view_sha256, photo.attempts) == ("received", small, 0)
    process_(session, photo)

    assert (photo.state, photo.width) == ("processed", 1200)
    assert photo.view_sha256 != small
    assert photo.taken_at is not None


def test_a_preview_that_cannot_be_opened_is_tried_no_more_and_costs_nothing(
    session: Session, announce: Announce, bring: Bring
):
    broken = PREVIEW[:-200]
    preview = preview_of(broken)
    bring(preview.id, broken, "preview")
    photo, _created = announce(new_id(), preview=preview)

    process_(session, photo)
    assert (photo.state, photo.view_sha256, has_work(photo)) == ("awaited", None, False)
    assert claims.claim_next(session, LATER) is None

    arrived(session, bring(photo.id), now=LATER)
    assert process_(session, photo).state == "processed"


def test_who_works_on_a_preview_has_lost_it_when_the_original_comes(
    session: Session, announce: Announce, bring: Bring
):
    preview = preview_of()
    bring(preview.id, PREVIEW, "preview")
    photo, _created = announce(new_id(), preview=preview)
    held = claims.claim(session, photo.id, NOW)
    assert held is not None
    assert (held.state, held.sha256) == ("awaited", preview.sha256)

    arrived(session, bring(photo.id), now=NOW)
    newer = claims.claim(session, photo.id, NOW)  # at once: the old lease holds nobody up

    assert newer is not None
    assert (newer.state, newer.sha256) == ("received", photo.original_sha256)
    with pytest.raises(ClaimLost):
        claims.finish(session, held, _made(), now=NOW)
    with pytest.raises(ClaimLost):
        claims.mark_unreadable(session, held, "damaged", None, now=NOW)


def test_a_preview_whose_worker_died_is_rung_for_again(
    session: Session, announce: Announce, bring: Bring
):
    preview = preview_of()
    bring(preview.id, PREVIEW, "preview")
    photo, _created = announce(new_id(), preview=preview)
    claims.claim(session, photo.id, NOW)

    after = NOW + claims.LEASE + timedelta(seconds=1)
    assert claims.stale_photos(session, NOW) == []
    assert claims.stale_photos(session, after) == [photo.id]


def test_a_preview_that_kills_its_worker_three_times_leaves_the_photo_awaited(
    session: Session, announce: Announce, bring: Bring
):
    preview = preview_of()
    bring(preview.id, PREVIEW, "preview")
    photo, _created = announce(new_id(), preview=preview)
    at = NOW
    for _ in range(claims.MOST_ATTEMPTS):
        assert claims.claim(session, photo.id, at)
        at += claims.LEASE + timedelta(seconds=1)

    assert claims.stale_photos(session, at) == []
    session.refresh(photo)
    assert photo.state == "awaited"


def test_awaited_photos_without_a_preview_are_nobodys_work(session: Session, announce: Announce):
    announce(new_id(), preview=preview_of())

    assert claims.claim_next(session, LATER) is None
    assert claims.stale_photos(session, LATER) == []


def _made() -> claims.Made:
    return claims.Made(PhotoFacts("image/jpeg"), "a" * 64, "b" * 64, recipe=1)


# --- at once -------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(3))
def test_an_announcement_and_its_bytes_at_the_same_moment_find_each_other(
    app: Flask, session: Session, world: World, bring: Bring, turn: int
):
    photo_id, start = new_id(), Barrier(2)
    upload = bring(photo_id)
    upload.state = "open"
    session.commit()
    upload_id = upload.id
    session.close()

    def say() -> None:
        with app.app_context():
            start.wait()
            with work() as w:
                announce_photo(
                    w.session, draft_for(world, photo_id), sha256=sha256_of(ORIGINAL),
                    size_bytes=len(ORIGINAL), media_type="image/jpeg",
                    recorder_id=world["volunteer"].account_id, now=NOW,
                )  # fmt: skip
            db.session.remove()

    def come() -> None:
        with app.app_context():
            start.wait()
            with work() as w:
                held = w.session.get_one(Upload, upload_id, with_for_update=True)
                held.state = "held"
                w.session.flush()
                arrived(w.session, held, now=NOW)
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(say), pool.submit(come)]:
            future.result()

    with app.app_context():
        assert db.session.get_one(Photo, photo_id).state == "received"
        db.session.remove()
