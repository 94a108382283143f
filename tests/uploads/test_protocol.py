"""tus 1.0 as the protocol says it: every header, every status, and nothing stored by accident."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.shared.db import db
from app.shared.files import FileStore
from app.shared.ids import new_id
from app.uploads.models import Upload
from app.uploads.service import MOST_OPEN
from tests.photos import makers
from tests.uploads.conftest import PhoneOf, all_files
from tests.uploads.tus import OFFSET_STREAM, UPLOADS, TusPhone, checksum, metadata, sha256_of

pytestmark = pytest.mark.both_stores

PICTURE = makers.jpeg(picture=makers.scene((400, 300)))
SOME_ID = "01900000-0000-7000-8000-000000000000"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
@pytest.mark.parametrize("path", [UPLOADS, f"{UPLOADS}/{SOME_ID}"])
def test_anybody_may_ask_what_the_server_can(client: FlaskClient, path: str):
    answer = client.options(path)

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(40 * 1024 * 1024)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"
    assert answer.headers["Tus-Extension"].split(",") == [
        "creation", "creation-with-upload", "checksum", "expiration", "termination",
    ]  # fmt: skip


@SQLITE
def test_a_whole_file_is_receipted_though_its_pieces_cannot_be_removed(
    phone: TusPhone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def is_away(*_args: object) -> None:
        raise OSError("the bucket went away just now")

    url = phone.begin(PICTURE)
    monkeypatch.setattr("app.uploads.folder_landing.FolderLanding.forget", is_away)

    last = phone.patch(url, 0, PICTURE)

    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(PICTURE)))
    assert "stay for the sweep" in caplog.text


def test_a_picture_comes_in_pieces(phone: TusPhone):
    url = phone.begin(PICTURE)
    half = len(PICTURE) // 2

    first = phone.patch(url, 0, PICTURE[:half])
    told = phone.head(url)
    last = phone.patch(url, half, PICTURE[half:])

    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    assert (told.status_code, told.headers["Upload-Offset"]) == (200, str(half))
    assert told.headers["Upload-Length"] == str(len(PICTURE))
    assert told.headers["Cache-Control"] == "no-store"
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(PICTURE)))
    for answer in (first, told, last):
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert answer.headers["Lakthan-Api"] == "1"


def test_an_unfinished_upload_lives_thirty_days(phone: TusPhone):
    answer = phone.create(PICTURE)

    left = parsedate_to_datetime(answer.headers["Upload-Expires"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


@SQLITE
def test_the_first_bytes_may_come_with_the_creation(phone: TusPhone):
    answer = phone.create(PICTURE, body=PICTURE[:1000])

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "1000")


def test_a_whole_picture_may_come_with_the_creation(phone: TusPhone, row):
    answer = phone.create(PICTURE, body=PICTURE, headers={"Upload-Checksum": checksum(PICTURE)})

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(PICTURE)))
    assert row(answer.headers["Location"]).state == "held"


def test_who_asks_to_begin_again_is_told_how_far_it_is(phone: TusPhone, app: Flask):
    attachment = new_id()
    url = phone.begin(PICTURE, attachment)
    phone.patch(url, 0, PICTURE[:700])

    again = phone.create(PICTURE, attachment, body=PICTURE)

    assert (again.status_code, again.headers["Location"]) == (201, url)
    assert again.headers["Upload-Offset"] == "700"
    with app.app_context():
        assert db.session.query(Upload).count() == 1
        db.session.remove()


def test_what_is_held_already_needs_no_sending(phone: TusPhone, phone_of: PhoneOf):
    attachment = new_id()
    url = phone.send(PICTURE, attachment)

    again, elsewhere = (one.create(PICTURE, attachment) for one in (phone, phone_of("volunteer")))
    other = phone_of("officer").create(PICTURE, attachment)

    assert again.headers["Location"] == url
    assert elsewhere.headers["Location"] != url  # each phone sees its own uploads
    for answer in (again, elsewhere):
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(PICTURE)))
    assert other.headers["Upload-Offset"] == "0"  # another person's word is not taken for it


@SQLITE
@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1"])
def test_another_version_of_the_protocol_is_refused(phone: TusPhone, version: str | None):
    url = phone.begin(PICTURE)
    headers = {"Authorization": f"Bearer {phone.token}"}
    if version:
        headers["Tus-Resumable"] = version

    for method, path in (("POST", UPLOADS), ("HEAD", url), ("PATCH", url), ("DELETE", url)):
        answer = phone.client.open(path, method=method, headers=headers)
        assert answer.status_code == 412, method
        assert answer.headers["Tus-Version"] == "1.0.0"


@SQLITE
@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Upload-Length": ""}, 400, "malformed"),
        ({"Upload-Length": "-1"}, 400, "malformed"),
        ({"Upload-Length": "1e3"}, 400, "malformed"),
        ({"Upload-Length": "๑๒"}, 400, "malformed"),
        ({"Upload-Length": "9" * 40}, 400, "malformed"),
        ({"Upload-Length": "0"}, 422, "file_empty"),
        ({"Upload-Length": str(40 * 1024 * 1024 + 1)}, 413, "file_too_large"),
        ({"Upload-Metadata": ""}, 400, "malformed"),
        ({"Upload-Metadata": "attachment_id"}, 400, "malformed"),
        ({"Upload-Metadata": "sha256 !!!"}, 400, "malformed"),
        ({"Upload-Metadata": "sha256 YQ==,sha256 YQ=="}, 400, "malformed"),
        ({"Upload-Metadata": metadata(attachment_id="x", sha256="0" * 64)}, 400, "malformed"),
        ({"Upload-Metadata": metadata(attachment_id=SOME_ID, sha256="F" * 64)}, 400, "malformed"),
        (
            {"Upload-Metadata": metadata(attachment_id=SOME_ID, sha256="0" * 64, role="copy")},
            400,
            "malformed",
        ),
    ],
)  # fmt: skip
def test_a_creation_that_makes_no_sense_is_refused(
    phone: TusPhone, headers: dict[str, str], status: int, code: str
):
    sent = {"Upload-Length": "10", "Upload-Metadata": metadata(
        attachment_id=new_id(), sha256="0" * 64)}  # fmt: skip

    wire = {name: value.encode().decode("latin-1") for name, value in (sent | headers).items()}
    answer = phone.client.post(UPLOADS, headers=phone.headers | wire)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"


@SQLITE
def test_metadata_of_others_is_let_pass(phone: TusPhone):
    about = metadata(attachment_id=new_id(), sha256=sha256_of(PICTURE), filetype="image/jpeg")
    told = f"{about}, filename , is_confidential"

    assert phone.create(PICTURE, headers={"Upload-Metadata": told}).status_code == 201


@SQLITE
@pytest.mark.parametrize(
    ("headers", "offset", "status", "code"),
    [
        ({"Content-Type": "application/json"}, 0, 415, "unsupported_media_type"),
        ({"Content-Type": ""}, 0, 415, "unsupported_media_type"),
        ({"Upload-Offset": "x"}, 0, 400, "malformed"),
        ({"Upload-Offset": ""}, 0, 400, "malformed"),
        ({}, 1, 409, "wrong_offset"),
        ({}, 10**9, 409, "wrong_offset"),
        ({"Upload-Checksum": "md5 YQ=="}, 0, 400, "malformed"),
        ({"Upload-Checksum": "sha256"}, 0, 400, "malformed"),
        ({"Upload-Checksum": "sha256 YQ=="}, 0, 400, "malformed"),
        ({"Upload-Checksum": f"sha1 {b64encode(bytes(20)).decode()}"}, 0, 460, "checksum_mismatch"),
    ],
)
def test_a_piece_that_is_refused_leaves_the_file_as_it_was(
    phone: TusPhone, files: FileStore, headers: dict[str, str], offset: int, status: int, code: str
):
    url = phone.begin(PICTURE)

    sent = {"Upload-Offset": str(offset), "Content-Type": OFFSET_STREAM} | headers
    answer = phone.client.patch(url, data=PICTURE[:100], headers=phone.headers | sent)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert phone.offset(url) == 0
    assert sum(path.stat().st_size for path in all_files(files)) == 0


@SQLITE
@pytest.mark.parametrize("already", [0, 100])
def test_bytes_beyond_the_end_are_refused_whole(phone: TusPhone, already: int):
    url = phone.begin(PICTURE)
    phone.patch(url, 0, PICTURE[:already])

    answer = phone.patch(url, already, PICTURE[already:] + b"!")

    assert answer.status_code == 400
    assert phone.offset(url) == already


@SQLITE
@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_piece_damaged_on_its_way_is_asked_for_again(phone: TusPhone, algorithm: str):
    url = phone.begin(PICTURE)
    phone.patch(url, 0, PICTURE[:1000])
    piece = PICTURE[1000:3000]

    bad = phone.patch(url, 1000, piece[:-1] + b"\0", Upload_Checksum=checksum(piece, algorithm))
    held_at = phone.offset(url)
    good = phone.patch(url, 1000, piece, Upload_Checksum=checksum(piece, algorithm))

    assert (bad.status_code, bad.json["code"], held_at) == (460, "checksum_mismatch", 1000)
    assert (good.status_code, good.headers["Upload-Offset"]) == (204, "3000")


def test_an_upload_that_is_given_up_is_gone(phone: TusPhone, files: FileStore):
    url = phone.begin(PICTURE)
    phone.patch(url, 0, PICTURE[:500])

    assert phone.drop(url).status_code == 204
    assert phone.head(url).status_code == 410
    assert phone.patch(url, 500, PICTURE[500:]).json["code"] == "upload_gone"
    assert phone.drop(url).status_code == 410
    assert all_files(files) == []
    assert phone.create(PICTURE).headers["Location"] != url


@SQLITE
def test_what_is_held_cannot_be_given_up(phone: TusPhone):
    url = phone.send(PICTURE)

    assert phone.drop(url).status_code == 204
    assert phone.offset(url) == len(PICTURE)


@SQLITE
def test_a_client_that_can_only_post_says_what_it_means(phone: TusPhone):
    url = phone.begin(PICTURE)
    sent = phone.headers | {"Upload-Offset": "0", "Content-Type": OFFSET_STREAM}

    def post(method: str, data: bytes | None = None) -> int:
        headers = sent | {"X-HTTP-Method-Override": method}
        return phone.client.post(url, data=data, headers=headers).status_code

    assert post("PATCH", PICTURE[:10]) == 204
    assert phone.offset(url) == 10
    assert post("HEAD") == 200
    assert post("DELETE") == 204
    assert post("GET") == 405
    assert phone.client.get(url, headers=sent).status_code == 405


def test_another_phones_upload_does_not_exist(phone: TusPhone, phone_of: PhoneOf):
    url = phone.begin(PICTURE)

    for who in ("volunteer", "officer"):
        other = phone_of(who)
        assert other.head(url).status_code == 404
        assert other.patch(url, 0, PICTURE).status_code == 404
        assert other.drop(url).status_code == 404
    assert phone.offset(url) == 0


@SQLITE
def test_without_a_token_there_is_nothing(client: FlaskClient, phone: TusPhone):
    url = phone.begin(PICTURE)

    for method, path in (("POST", UPLOADS), ("HEAD", url), ("PATCH", url), ("DELETE", url)):
        answer = client.open(path, method=method, headers={"Tus-Resumable": "1.0.0"})
        assert answer.status_code == 401, method


def test_one_phone_cannot_begin_without_end(phone: TusPhone, app: Flask, make_open):
    make_open(phone, MOST_OPEN)

    answer = phone.create(PICTURE)

    assert (answer.status_code, answer.json["code"]) == (429, "too_many_uploads")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.fixture
def make_open(app: Flask) -> Callable[[TusPhone, int], None]:
    """A function: give a phone so many uploads that are not finished."""

    def make(phone: TusPhone, count: int) -> None:
        at = datetime.now(UTC)
        with app.app_context():
            db.session.add_all(
                Upload(
                    device_id=phone.device_id, account_id=phone.account_id, attachment_id=new_id(),
                    role="original", sha256="0" * 64, size_bytes=9, state="open",
                    created_at=at, touched_at=at, expires_at=at + timedelta(days=1),
                )
                for _ in range(count)
            )  # fmt: skip
            db.session.commit()
            db.session.remove()

    return make
