"""What is answered as held lies on disk, byte for byte; what was refused or cut short does not."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from app.photos.models import Photo
from app.photos.rules import PhotoDraft, Subject
from app.photos.service import announce_photo
from app.shared.db import db
from app.shared.files import FileStore, content_key
from app.shared.ids import new_id
from app.shared.record import Capture
from app.shared.work import work
from app.uploads import service
from app.uploads.attachment import Attachment
from app.uploads.landings import landing_of
from app.uploads.models import Upload
from app.uploads.queries import held_upload
from tests.conftest import NOW, SentJobs, World
from tests.photos import makers
from tests.uploads.conftest import PhoneOf, all_files
from tests.uploads.tus import TusPhone, checksum, sha256_of

pytestmark = pytest.mark.both_stores

PICTURE = makers.jpeg(picture=makers.scene((400, 300)))
SMALL = makers.jpeg(picture=makers.scene((80, 60)))
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Row = Callable[[str], Upload]


@pytest.mark.parametrize(("role", "folder"), [("original", "originals"), ("preview", "previews")])
def test_held_bytes_lie_in_their_place_and_nowhere_else(
    phone: TusPhone, files: FileStore, row: Row, role: str, folder: str
):
    url = phone.send(PICTURE, role=role)

    held = row(url)
    assert files.read(content_key(folder, sha256_of(PICTURE))) == PICTURE
    assert len(all_files(files)) == 1
    assert (held.state, held.media_type, held.role) == ("held", "image/jpeg", role)
    assert held.crc32 is not None


def test_bytes_with_another_digest_are_refused_and_gone(
    phone: TusPhone, files: FileStore, row: Row
):
    attachment = new_id()
    url = phone.begin(PICTURE, attachment)

    answer = phone.patch(url, 0, PICTURE[:-1] + b"\0")

    assert (answer.status_code, answer.json["code"]) == (422, "sha256_mismatch")
    assert phone.head(url).status_code == 410
    assert row(url).refused_code == "sha256_mismatch"
    assert all_files(files) == []
    assert phone.send(PICTURE, attachment) != url  # a second try is a new upload


NO_PICTURES = pytest.mark.parametrize(
    "data", [b"%PDF-1.7 not a picture", b"GIF89a" + bytes(600), b"\xff\xd8"]
)


@NO_PICTURES
def test_an_original_that_is_no_picture_is_kept_aside(
    phone: TusPhone, files: FileStore, row: Row, data: bytes
):
    url = phone.send(data)

    assert (row(url).state, row(url).media_type) == ("held", "application/octet-stream")
    assert files.read(content_key("originals", sha256_of(data))) == data


@NO_PICTURES
@SQLITE
def test_a_preview_that_is_no_picture_is_refused_and_gone(
    phone: TusPhone, files: FileStore, data: bytes
):
    url = phone.begin(data, role="preview")

    answer = phone.patch(url, 0, data)

    assert (answer.status_code, answer.json["code"]) == (422, "not_an_image")
    assert phone.head(url).status_code == 410
    assert all_files(files) == []


def test_two_photos_of_the_same_bytes_are_two_attachments_of_one_file(
    phone: TusPhone, files: FileStore, app: Flask
):
    first, second = new_id(), new_id()
    phone.send(PICTURE, first)
    phone.send(PICTURE, second)

    with app.app_context():
        for attachment in (first, second):
            assert held_upload(db.session(), phone.account_id, attachment, sha256_of(PICTURE))
        db.session.remove()
    assert len(all_files(files)) == 1


@pytest.mark.parametrize("role", ["original", "preview"])
def test_the_photo_that_waits_moves_on_with_the_last_piece(
    phone: TusPhone, app: Flask, world: World, sent: SentJobs, role: str
):
    photo_id, preview_id = new_id(), new_id()
    with app.app_context(), work() as w:
        announce_photo(
            w.session, _draft(photo_id, world), sha256=sha256_of(PICTURE),
            size_bytes=len(PICTURE), media_type="image/heic", recorder_id=phone.account_id,
            now=NOW, preview=Attachment(preview_id, "preview", sha256_of(SMALL), 9, "image/jpeg"),
        )  # fmt: skip
    is_original = role == "original"
    data, attachment = (PICTURE, photo_id) if is_original else (SMALL, preview_id)
    url = phone.begin(data, attachment, role=role)
    phone.patch(url, 0, data[:500])
    assert sent.jobs == []

    phone.patch(url, 500, data[500:])

    assert sent.jobs == [("app.photos.jobs.process", {"photo_id": str(photo_id)})]
    with app.app_context():
        photo = db.session.get_one(Photo, photo_id)
        db.session.remove()
    assert photo.state == ("received" if is_original else "awaited")
    assert photo.media_type == ("image/jpeg" if is_original else "image/heic")
    assert (photo.preview_held_at is None) is is_original


def _draft(photo_id: UUID, world: World) -> PhotoDraft:
    subject = Subject("centre", world.centre, world.centre)
    return PhotoDraft(id=photo_id, subject=subject, capture=Capture(at=NOW), source="camera")


@SQLITE
def test_the_same_attachment_with_other_bytes_is_another_upload(phone: TusPhone, files: FileStore):
    attachment, other = new_id(), makers.jpeg(quality=40)

    assert phone.send(PICTURE, attachment) != phone.send(other, attachment)
    assert len(all_files(files)) == 2


@SQLITE
def test_the_bytes_of_others_are_not_had_for_their_digest(
    phone: TusPhone, phone_of: PhoneOf, files: FileStore
):
    """Knowing a picture's SHA-256 (it is printed in packets) must not be worth the picture."""
    phone.send(PICTURE)
    stranger = phone_of("officer")
    url = stranger.begin(PICTURE)

    assert stranger.offset(url) == 0
    assert stranger.patch(url, len(PICTURE), b"").status_code == 409


CRASHES = {
    "before the file is moved": "settle",
    "after the file is moved": "hold",
}


@pytest.mark.parametrize("moment", CRASHES)
@pytest.mark.parametrize("ask_by", ["HEAD", "PATCH", "POST"])
def test_a_crash_at_the_last_byte_heals_when_the_phone_asks_again(
    phone: TusPhone,
    files: FileStore,
    row: Row,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    ask_by: str,
):
    attachment = new_id()
    url = phone.begin(PICTURE, attachment)

    def crash(*_args: object, **_kwargs: object) -> None:
        raise SystemExit("power cut")

    with monkeypatch.context() as patched:
        at = {"settle": type(landing_of(files)), "hold": service}
        patched.setattr(at[CRASHES[moment]], CRASHES[moment], crash)
        with pytest.raises(SystemExit):
            phone.patch(url, 0, PICTURE)
    assert row(url).state == "open"

    match ask_by:
        case "HEAD":
            answer = phone.head(url)
        case "PATCH":
            answer = phone.patch(url, len(PICTURE), b"")
        case _:
            answer = phone.create(PICTURE, attachment)

    assert answer.status_code in (200, 201, 204)
    assert answer.headers["Upload-Offset"] == str(len(PICTURE))
    assert row(url).state == "held"
    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE
    assert len(all_files(files)) == 1


@SQLITE
def test_a_crash_before_a_wrong_file_is_refused_refuses_it_later(
    phone: TusPhone, files: FileStore, monkeypatch: pytest.MonkeyPatch
):
    url = phone.begin(PICTURE)
    with monkeypatch.context() as patched:
        patched.setattr(
            type(landing_of(files)), "settle", lambda *_: (_ for _ in ()).throw(SystemExit)
        )
        with pytest.raises(SystemExit):
            phone.patch(url, 0, bytes(len(PICTURE)))

    assert phone.head(url).status_code == 422
    assert phone.head(url).status_code == 410
    assert all_files(files) == []


@SQLITE
@pytest.mark.parametrize("with_checksum", [True, False])
def test_a_full_disk_is_said_and_leaves_nothing_half(
    phone: TusPhone,
    files: FileStore,
    monkeypatch: pytest.MonkeyPatch,
    with_checksum: bool,
):
    url = phone.begin(PICTURE)
    phone.patch(url, 0, PICTURE[:1000])
    piece = PICTURE[1000:]
    sent = {"Upload_Checksum": checksum(piece)} if with_checksum else {}

    with monkeypatch.context() as patched:
        patched.setattr("app.uploads.folder_landing._write", _half_then_full)
        full = phone.patch(url, 1000, piece, **sent)

    assert (full.status_code, full.json["code"]) == (507, "disk_full")
    assert int(full.headers["Retry-After"]) > 0
    assert phone.offset(url) == 1000
    assert phone.patch(url, 1000, piece, **sent).status_code == 204
    assert files.read(content_key("originals", sha256_of(PICTURE))) == PICTURE


def _half_then_full(file: object, part: bytes) -> None:
    file.write(part[: len(part) // 2])  # type: ignore[attr-defined]
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@SQLITE
def test_a_disk_that_fills_when_the_file_is_moved_keeps_the_bytes(
    phone: TusPhone, row: Row, monkeypatch: pytest.MonkeyPatch
):
    url = phone.begin(PICTURE)

    def refuse(self: Path, *_args: object, **_kwargs: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        answer = phone.patch(url, 0, PICTURE)

    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert phone.offset(url) == len(PICTURE)
    assert row(url).state == "held"


@SQLITE
def test_a_folder_that_was_lost_costs_a_new_sending_and_no_more(
    phone: TusPhone, files: FileStore, row: Row
):
    url = phone.begin(PICTURE)
    phone.patch(url, 0, PICTURE[:1000])
    for path in all_files(files):
        path.unlink()

    assert phone.offset(url) == 0
    assert phone.patch(url, 1000, PICTURE[1000:]).status_code == 409
    assert phone.patch(url, 0, PICTURE).status_code == 204
    assert row(url).state == "held"
