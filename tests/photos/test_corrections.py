"""A photo's words may be corrected and a photo struck out; every version stays to be seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.audit.history import StaleVersion, was_ever
from app.devices.models import CaptureProof
from app.photos.corrections import content_with, delete_photo, edit_caption
from app.photos.models import Photo, PhotoRevision
from app.shared.errors import NotFound
from app.shared.files import FileStore, content_key
from app.shared.work import work
from tests.conftest import NOW, World
from tests.devices.phones import enrolled
from tests.photos.conftest import Send

pytestmark = pytest.mark.both_stores

Put = Callable[..., Photo]
SignIn = Callable[[str], FlaskClient]


def test_a_correction_is_a_new_version_with_what_changed(
    session: Session, send: Send, world: World
):
    photo, _created = send()

    edit_caption(session, photo.id, "ใหม่", expected_version=1, actor=world["officer"], now=NOW)

    versions = session.query(PhotoRevision).order_by(PhotoRevision.version).all()
    assert [(v.action, v.made_by) for v in versions] == [
        ("recorded", world["volunteer"].account_id), ("edited", world["officer"].account_id),
    ]  # fmt: skip
    assert versions[1].changes == {"caption": [None, "ใหม่"]}
    assert (photo.caption, photo.version) == ("ใหม่", 2)


def test_a_correction_that_changes_nothing_makes_no_version(
    session: Session, send: Send, world: World
):
    photo, _created = send()

    for _ in range(2):
        edit_caption(session, photo.id, "x", expected_version=1, actor=world["officer"], now=NOW)

    assert photo.version == 2


def test_a_correction_of_an_old_version_is_refused(session: Session, send: Send, world: World):
    photo, _created = send()
    edit_caption(session, photo.id, "x", expected_version=1, actor=world["officer"], now=NOW)

    with pytest.raises(StaleVersion):
        edit_caption(session, photo.id, "y", expected_version=1, actor=world["officer"], now=NOW)


def test_the_content_of_every_version_is_known_again(session: Session, send: Send, world: World):
    photo, _created = send()
    before = photo.content_sha256
    session.commit()
    session.expire_all()
    assert content_with(photo, None) == before  # what is stored gives the same hash as what came

    edit_caption(session, photo.id, "x", expected_version=1, actor=world["officer"], now=NOW)

    assert photo.content_sha256 == content_with(photo, "x") != before
    assert was_ever(session, photo, PhotoRevision.photo_id, before)


def test_a_photo_struck_out_is_a_tombstone_and_its_file_stays(
    session: Session, send: Send, world: World, files: FileStore
):
    photo, _created = send()

    delete_photo(
        session, photo.id, expected_version=1, reason="ซ้ำ", actor=world["volunteer"], now=NOW
    )

    assert (photo.deleted_at, photo.deleted_reason, photo.version) == (NOW, "ซ้ำ", 2)
    assert files.exists(content_key("originals", photo.original_sha256))
    with pytest.raises(NotFound):
        edit_caption(session, photo.id, "x", expected_version=2, actor=world["officer"], now=NOW)


def test_nobody_corrects_what_lies_outside_their_area(session: Session, send: Send, world: World):
    photo, _created = send()

    for who in ("other_volunteer", "other_officer"):
        with pytest.raises(NotFound):
            edit_caption(session, photo.id, "x", expected_version=1, actor=world[who], now=NOW)


# --- pages ---------------------------------------------------------------------------------


def test_a_caption_is_written_on_the_photos_page(sign_in: SignIn, put: Put):
    photo = put(processed=True)
    client = sign_in("volunteer")

    answer = client.post(
        f"/photos/{photo.id}/caption", data={"version": "1", "caption": " แปลงผัก <b> "}
    )
    page = client.get(f"/photos/{photo.id}").text

    assert (answer.status_code, answer.location) == (303, f"/photos/{photo.id}")
    assert "แปลงผัก &lt;b&gt;" in page
    assert "แปลงผัก <b>" not in page


@pytest.mark.parametrize(
    ("caption", "version"),
    [("ก" * 301, "1"), ("1-1037-02071-81-1", "1"), ("x", "7"), ("x", "")],
    ids=["too long", "ID number", "stale", "no version"],
)
def test_a_caption_that_is_refused_stays_in_the_box_with_the_reason(
    sign_in: SignIn, put: Put, caption: str, version: str
):
    photo = put()
    client = sign_in("officer")

    answer = client.post(
        f"/photos/{photo.id}/caption", data={"version": version, "caption": caption}
    )

    assert answer.status_code == 422
    assert caption in answer.text
    assert 'role="alert"' in answer.text or "note--bad" in answer.text


def test_a_photo_is_struck_out_on_its_page_and_gone_from_the_gallery(
    sign_in: SignIn, put: Put, world: World
):
    photo = put(processed=True)
    client = sign_in("officer")

    unsaid = client.post(f"/photos/{photo.id}/delete", data={"version": "1", "reason": ""})
    said = client.post(f"/photos/{photo.id}/delete", data={"version": "1", "reason": "ส่งซ้ำ"})

    assert unsaid.status_code == 422
    assert (said.status_code, said.location) == (303, f"/centres/{world.centre}")
    assert client.get(f"/photos/{photo.id}").status_code == 404
    assert str(photo.id) not in client.get("/photos").text


def test_a_reviewer_reads_and_does_not_write(sign_in: SignIn, put: Put):
    photo = put(processed=True)
    client = sign_in("reviewer")

    page = client.get(f"/photos/{photo.id}").text

    assert f"/photos/{photo.id}/caption" not in page
    assert f"/photos/{photo.id}/delete" not in page


@pytest.mark.parametrize(
    ("verified", "bracket", "words"),
    [
        (True, True, ("taken between", "The signature is right")),
        (True, False, ("taken before", "The signature is right")),
        (False, True, ("The signature is not right",)),
    ],
)
def test_the_page_says_between_which_moments_a_photo_was_taken(
    app: Flask,
    sign_in: SignIn,
    put: Put,
    world: World,
    verified: bool,
    bracket: bool,
    words: tuple[str, ...],
):
    photo = put(processed=True)
    with app.app_context(), work() as w:
        device = enrolled(w.session, world["volunteer"].account_id).device
        w.session.add(
            CaptureProof(
                record_kind="photo", record_id=photo.id, version=1, device_id=device.id,
                item_sha256="0" * 64, verified=verified, nonce_at=NOW if bracket else None,
                received_at=NOW,
            )
        )  # fmt: skip
    client = sign_in("officer")
    client.post("/language", data={"lang": "en"})

    page = client.get(f"/photos/{photo.id}").text

    for sentence in words:
        assert sentence in page
    if not verified:
        assert "taken between" not in page


def test_a_photo_still_on_the_phone_says_so_and_has_no_original_yet(
    app: Flask, sign_in: SignIn, put: Put
):
    photo = put()
    with app.app_context(), work() as w:
        w.session.get_one(Photo, photo.id).state = "awaited"
    client = sign_in("volunteer")
    client.post("/language", data={"lang": "en"})

    pages = [client.get(path).text for path in (f"/photos/{photo.id}", "/photos?state=awaited")]

    for page in pages:
        assert "Still on the phone" in page
        assert "data-photo-waiting" not in page
    assert f"/photos/{photo.id}/original" not in pages[0]
    assert client.get(f"/photos/{photo.id}/original").status_code == 404
    states = client.get(f"/photos/states?ids={photo.id}").json
    assert states["photos"][0]["state"] == "awaited"
