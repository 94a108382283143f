"""The photos' pages: everybody sees their own area, nothing else, and no file runs in a browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.photos.models import Photo
from app.shared.db import db
from app.shared.ids import new_id
from tests.conftest import SentJobs, World
from tests.photos import makers

Put = Callable[..., Photo]
SignIn = Callable[[str], FlaskClient]
ABOUT = makers.exif(
    [makers.INK.text(makers.MAKE, "<script>alert(1)</script>")], makers.MORNING, makers.PHAYAO
)
PARTS = ("", "/view.jpg", "/thumb.jpg", "/stamped.jpg", "/original")


@pytest.fixture
def photo(put: Put) -> Photo:
    """A processed photo of the volunteer's centre."""
    return put(makers.jpeg(ABOUT), processed=True)


def form(world: World, *files: tuple[bytes, str], batch: UUID | None = None) -> dict[str, object]:
    return {
        "subject_kind": "centre",
        "subject_id": str(world.centre),
        "batch": str(batch or new_id()),
        "photos": [(io.BytesIO(data), name) for data, name in files],
    }


def stored(app: Flask) -> list[Photo]:
    with app.app_context():
        found = db.session.query(Photo).order_by(Photo.received_at, Photo.id).all()
        db.session.remove()
    return found


@pytest.mark.parametrize("who", ["volunteer", "officer", "reviewer", "admin"])
def test_those_in_the_area_see_the_photo(sign_in: SignIn, photo: Photo, who: str):
    client = sign_in(who)

    assert {
        client.get(f"/photos/{photo.id}{part}", buffered=True).status_code for part in PARTS
    } == {200}
    assert str(photo.id) in client.get("/photos").text


@pytest.mark.parametrize("who", ["other_volunteer", "other_officer"])
def test_for_everyone_else_it_does_not_exist(sign_in: SignIn, photo: Photo, who: str):
    client = sign_in(who)

    assert {
        client.get(f"/photos/{photo.id}{part}", buffered=True).status_code for part in PARTS
    } == {404}
    assert str(photo.id) not in client.get("/photos").text
    assert client.get(f"/photos/states?ids={photo.id}").json == {"photos": []}
    assert client.get(f"/photos/{new_id()}").status_code == 404


def test_without_signing_in_there_is_nothing(client: FlaskClient, photo: Photo):
    for part in ("/view.jpg", "/original"):
        answer = client.get(f"/photos/{photo.id}{part}", headers={"Accept": "image/*"})
        assert answer.status_code in (302, 401)
        assert b"\xff\xd8" not in answer.data


def test_a_rendition_is_private_and_knows_no_place(sign_in: SignIn, photo: Photo):
    answer = sign_in("officer").get(f"/photos/{photo.id}/view.jpg", buffered=True)

    assert answer.mimetype == "image/jpeg"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"Exif" not in answer.data


def test_an_original_leaves_only_as_a_sealed_download(sign_in: SignIn, photo: Photo):
    answer = sign_in("reviewer").get(f"/photos/{photo.id}/original", buffered=True)

    assert answer.data == makers.jpeg(ABOUT)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=5606-001_")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_words_from_a_file_are_only_words_on_the_page(sign_in: SignIn, photo: Photo):
    page = sign_in("officer").get(f"/photos/{photo.id}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert photo.original_sha256 in page


def test_several_photos_are_sent_with_one_form(
    app: Flask, sign_in: SignIn, world: World, sent: SentJobs
):
    two = [(makers.jpeg(quality=q), f"IMG_{q}.jpg") for q in (50, 60)]

    answer = sign_in("volunteer").post("/photos", data=form(world, *two))

    assert (answer.status_code, answer.location) == (303, f"/centres/{world.centre}")
    ids = {photo.id for photo in stored(app)}
    assert {UUID(ids_["photo_id"]) for _name, ids_ in sent.jobs} == ids
    assert [photo.file_name for photo in stored(app)] == ["IMG_50.jpg", "IMG_60.jpg"]


def test_one_bad_file_never_loses_the_others(app: Flask, sign_in: SignIn, world: World):
    client = sign_in("volunteer")
    client.set_cookie("lang", "en")
    sent_files = [
        (b"%PDF-1.7", "order.jpg"),
        (makers.jpeg(), "good.jpg"),
        (b"", "empty.jpg"),
    ]

    page = client.post("/photos", data=form(world, *sent_files), follow_redirects=True).text

    assert sorted(photo.file_name or "" for photo in stored(app)) == ["good.jpg", "order.jpg"]
    assert "order.jpg is kept, but it is not a picture" in page
    assert "empty.jpg was not saved" in page


def test_a_form_sent_twice_stores_its_photos_once(app: Flask, sign_in: SignIn, world: World):
    client, batch = sign_in("volunteer"), new_id()

    for _ in range(2):
        client.post("/photos", data=form(world, (makers.jpeg(), "a.jpg"), batch=batch))

    assert len(stored(app)) == 1


def test_a_form_without_files_is_answered_with_words(app: Flask, sign_in: SignIn, world: World):
    client = sign_in("volunteer")

    answer = client.post("/photos", data=form(world), follow_redirects=True)

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert stored(app) == []


def test_photos_beyond_the_most_are_named_and_not_taken(app: Flask, sign_in: SignIn, world: World):
    many = [(makers.jpeg(quality=10 + n), f"{n}.jpg") for n in range(22)]

    sign_in("officer").post("/photos", data=form(world, *many))

    assert len(stored(app)) == 20


@pytest.mark.parametrize(
    ("who", "status"),
    [("other_volunteer", 404), ("other_officer", 404), ("reviewer", 404), ("officer", 303)],
)
def test_photos_are_added_only_in_ones_own_area(
    app: Flask, sign_in: SignIn, world: World, who: str, status: int
):
    answer = sign_in(who).post("/photos", data=form(world, (makers.jpeg(), "a.jpg")))

    assert answer.status_code == status
    assert len(stored(app)) == (1 if status == 303 else 0)


@pytest.mark.parametrize(
    "change",
    [
        {"subject_kind": "account"},
        {"subject_id": "../../etc"},
        {"subject_id": "01900000-0000-7000-8000-000000000000"},
        {"subject_kind": "visit"},
        {"subject_id": ""},
    ],
)
def test_a_form_that_was_tampered_with_finds_nothing(
    app: Flask, sign_in: SignIn, world: World, change: dict[str, str]
):
    answer = sign_in("admin").post("/photos", data=form(world, (makers.jpeg(), "a.jpg")) | change)

    assert answer.status_code == 404
    assert stored(app) == []


@pytest.mark.parametrize("given", ["CON", "../../etc/passwd", "a\x00b.jpg", "ก" * 400 + ".jpg"])
def test_a_files_name_is_only_a_label(app: Flask, sign_in: SignIn, world: World, given: str):
    sign_in("volunteer").post("/photos", data=form(world, (makers.jpeg(), given)))

    [photo] = stored(app)
    assert "/" not in (photo.file_name or "")
    assert "\0" not in (photo.file_name or "")
    assert len(photo.file_name or "") <= 200


def test_a_waiting_photo_shows_a_placeholder_that_asks_by_itself(sign_in: SignIn, put: Put):
    waiting = put()
    client = sign_in("volunteer")

    page = client.get(f"/photos/{waiting.id}").text
    states = client.get(f"/photos/states?ids={waiting.id}").json

    assert f'data-photo-waiting="{waiting.id}"' in page
    assert states["photos"][0]["state"] == "received"
    assert client.get(f"/photos/{waiting.id}/thumb.jpg").status_code == 404


def test_an_unreadable_photo_is_shown_as_kept(sign_in: SignIn, put: Put):
    broken = put(makers.jpeg(ABOUT)[:-200], processed=True)
    client = sign_in("officer")

    assert client.get(f"/photos/{broken.id}").status_code == 200
    original = client.get(f"/photos/{broken.id}/original", buffered=True)
    assert original.data == makers.jpeg(ABOUT)[:-200]
    assert client.get(f"/photos/{broken.id}/view.jpg").status_code == 404
    assert client.get("/photos?state=unreadable").text.count("photo-tile__none") == 1


def test_the_gallery_is_filtered_and_paged(sign_in: SignIn, put: Put, world: World):
    for quality in range(10, 40):
        put(makers.jpeg(quality=quality))
    client = sign_in("officer")

    first = client.get("/photos").text

    assert first.count('class="photo-tile"') == 24
    assert "after=" in first
    assert client.get("/photos?quarter=2567Q2").text.count('class="photo-tile"') == 24
    assert client.get("/photos?quarter=2567Q1").text.count('class="photo-tile"') == 0
    assert client.get(f"/photos?centre={world.neighbour}").text.count('class="photo-tile"') == 0


@pytest.mark.parametrize(
    "query",
    ["quarter=2567Q9", "centre=x", "state=lost", "after=%00", "after=WzFd", "ids=1"],
)
def test_a_crooked_address_is_answered_and_never_breaks(sign_in: SignIn, query: str):
    client = sign_in("officer")
    page = "/photos/states" if query.startswith("ids") else "/photos"

    assert client.get(f"{page}?{query}").status_code == 400
