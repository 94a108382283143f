"""A phone that cannot send any more: what it held comes in by a file, as if it had sent it."""

from __future__ import annotations

import hashlib
import io
import os
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.audit.models import AuditEntry
from app.devices.models import CaptureProof
from app.followups.models import Followup
from app.photos.models import Photo
from app.shared.db import db
from app.shared.ids import new_id
from app.sync.rescue_file import RescueFile
from app.uploads.models import Upload
from app.visits.models import Visit
from tests.conftest import PASSWORD, SentJobs, World
from tests.sync.phone_client import Item, Phone
from tests.sync.rescue_file import CHUNK_BYTES, MAGIC, RescueWriter, frame
from tests.sync.rows import count, rows, statuses

PhoneOf = Callable[[str], Phone]
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def lost(phone_of: PhoneOf) -> Phone:
    """The volunteer's phone, whose screen is broken."""
    return phone_of("volunteer")


@pytest.fixture
def writer(lost: Phone) -> RescueWriter:
    """What writes its rescue file."""
    return RescueWriter.of(lost, "volunteer", PASSWORD)


def picture(size: int) -> bytes:
    return b"\xff\xd8\xff" + os.urandom(size - 3)


def bring(phone: Phone, data: bytes) -> TestResponse:
    """Hand a file in from another phone."""
    return phone.send("POST", "/rescue", data=data, content_type="application/octet-stream")


def open_page(client: FlaskClient, data: bytes, lang: str = "en") -> TestResponse:
    """Hand a file in on the page."""
    form = {"file": (io.BytesIO(data), "lakthan.rescue")}
    return client.post(f"/devices/rescue?lang={lang}", data=form)


def a_day(lost: Phone, world: World, content: bytes) -> tuple[Item, Item, Item]:
    visit = lost.visit(world.centre)
    return visit, lost.followup(visit["id"]), lost.photo("visit", visit["id"], content)


def test_a_whole_day_comes_in_as_the_phones_own_account(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf, sent: SentJobs
):
    content = picture(2 * CHUNK_BYTES + 12345)
    visit, check, photo = a_day(lost, world, content)
    for item in (photo, check, visit):  # in no good order
        writer.item(item)
    writer.photo(photo["attachments"][0], content)

    answer = bring(phone_of("officer"), writer.file())

    assert answer.status_code == 200
    body = answer.json
    assert statuses(body["items"]) == ["created"] * 3
    assert (body["blobs"], body["whole"]) == ({"held": 1, "refused": 0}, True)
    for item, result in zip((photo, check, visit), body["items"], strict=True):
        lost.check(item, result)
    for model in (Visit, Followup, Photo):
        (row,) = rows(app, model)
        assert (str(row.device_id), row.recorder_id) == (
            lost.device_id, world["volunteer"].account_id,
        )  # fmt: skip
    stored = rows(app, Photo)[0]
    assert (stored.state, stored.original_sha256) == (
        "received", hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    key = f"originals/{stored.original_sha256[:2]}/{stored.original_sha256[2:4]}"
    assert app.extensions["files"].read(f"{key}/{stored.original_sha256}") == content
    assert ("app.photos.jobs.process", {"photo_id": photo["id"]}) in sent.jobs
    assert {proof.verified for proof in rows(app, CaptureProof)} == {True}
    (entry,) = rows(app, AuditEntry, AuditEntry.action == "rescue.imported")
    assert (entry.actor_id, entry.object_id) == (world["officer"].account_id, lost.device_id)


def test_opening_it_twice_brings_nothing_twice(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    content = picture(CHUNK_BYTES + 1)
    day = a_day(lost, world, content)
    for item in day:
        writer.item(item)
    file = writer.photo(day[2]["attachments"][0], content).file()
    officer = phone_of("officer")
    bring(officer, file)
    again = bring(officer, file)
    assert statuses(again.json["items"]) == ["known"] * 3
    assert again.json["blobs"] == {"held": 1, "refused": 0}
    assert (count(app, Visit), count(app, Photo), count(app, Upload)) == (1, 1, 1)


def test_what_the_phone_sent_of_a_photo_before_it_died_is_not_sent_again(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    content = picture(2 * CHUNK_BYTES + 77)
    visit, _, photo = a_day(lost, world, content)
    lost.post([visit, photo])
    lost.upload(photo["attachments"][0], content, piece=700_000, pieces=2)
    body = bring(
        phone_of("officer"), writer.item(photo).photo(photo["attachments"][0], content).file()
    ).json
    assert (statuses(body["items"]), body["blobs"]["held"]) == (["known"], 1)
    assert (rows(app, Photo)[0].state, count(app, Upload)) == ("received", 1)


def test_bytes_that_are_not_the_announced_ones_are_refused(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    content = picture(1000)
    visit, _, photo = a_day(lost, world, content)
    wrong = photo["attachments"][0]
    writer.item(visit).item(photo).photo(wrong, picture(1000))
    body = bring(phone_of("officer"), writer.file()).json
    assert (body["blobs"], body["whole"]) == ({"held": 0, "refused": 1}, True)
    assert rows(app, Photo)[0].state == "awaited"


def test_bytes_that_are_no_picture_are_kept_aside(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    visit, _, photo = a_day(lost, world, b"no picture")
    writer.item(visit).item(photo).photo(photo["attachments"][0], b"no picture")
    body = bring(phone_of("officer"), writer.file()).json
    assert (body["blobs"], body["whole"]) == ({"held": 1, "refused": 0}, True)
    assert rows(app, Photo)[0].state == "received"


def test_a_photo_with_a_piece_missing_waits_and_the_rest_comes_in(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    content = picture(2 * CHUNK_BYTES + 5)
    visit, _, photo = a_day(lost, world, content)
    attachment = photo["attachments"][0]
    officer = phone_of("officer")
    scratched = writer.item(visit).item(photo).photo(attachment, content, only=[0, 2]).file()
    body = bring(officer, scratched).json
    assert (statuses(body["items"]), body["blobs"], body["whole"]) == (
        ["created"] * 2, {"held": 0, "refused": 1}, False,
    )  # fmt: skip
    writer.frames = []
    assert bring(officer, writer.photo(attachment, content).file()).json["blobs"]["held"] == 1
    assert rows(app, Photo)[0].state == "received"


def test_more_than_a_hundred_items_come_in(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    for _ in range(120):
        writer.item(lost.visit(world.centre))
    body = bring(phone_of("officer"), writer.file()).json
    assert statuses(body["items"]) == ["created"] * 120
    assert count(app, Visit) == 120


@pytest.mark.parametrize("who", ["officer", "reviewer", "admin", "volunteer"])
def test_a_desk_of_the_area_or_the_volunteer_can_open_it(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, sign_in: SignIn, who: str
):
    page = open_page(sign_in(who), writer.item(lost.visit(world.centre)).file())
    assert page.status_code == 200
    assert "Newly received" in page.text
    assert count(app, Visit) == 1


@pytest.mark.parametrize("who", ["other_volunteer", "other_officer"])
def test_nobody_else_can(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, sign_in: SignIn, who: str,
    phone_of: PhoneOf,
):  # fmt: skip
    file = writer.item(lost.visit(world.centre)).file()
    assert open_page(sign_in(who), file).status_code == 422
    answer = bring(phone_of(who), file)
    assert (answer.status_code, answer.json["code"]) == (404, "rescue_unknown_device")
    assert count(app, Visit) == 0


def test_a_phone_out_of_use_is_rescued_all_the_same(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, sign_in: SignIn
):
    file = writer.item(lost.visit(world.centre)).file()
    sign_in("officer").post(f"/devices/{lost.device_id}/revoke")
    assert lost.send("POST", "/records", json={}).status_code == 401
    assert open_page(sign_in("officer"), file).status_code == 200
    assert count(app, Visit) == 1


def test_the_page_says_what_could_not_be_taken_and_why(
    world: World, lost: Phone, writer: RescueWriter, sign_in: SignIn
):
    writer.item(lost.visit(world.stranger)).item(lost.visit(world.centre, n_male=-4))
    writer.item(lost.followup(new_id())).item({"id": "?"})
    page = open_page(sign_in("officer"), writer.file())
    assert page.status_code == 200
    for words in ("outside your area", "less than zero", "waits for the one it belongs to"):
        assert words in page.text


def test_no_file_and_a_foreign_one_are_told_so(sign_in: SignIn):
    client = sign_in("officer")
    assert client.get("/devices/rescue").status_code == 200
    assert client.post("/devices/rescue", data={}).status_code == 422
    page = open_page(client, picture(5000))
    assert (page.status_code, "not a rescue file" in page.text) == (422, True)


def hostile(writer: RescueWriter, visit: Item) -> dict[str, tuple[bytes, str]]:
    """Files that are none, or not whole, and the code each is refused with."""
    good = writer.item(visit).file()
    other = RescueWriter(writer.device_id, writer.account_id, os.urandom(32)).item(visit)
    first_end = len(MAGIC) + 4 + int.from_bytes(good[len(MAGIC) : len(MAGIC) + 4])
    start = good[:first_end]
    swapped = RescueWriter(writer.device_id, writer.account_id, writer.locker)
    swapped.sealed({"kind": "item", "id": "x"}, b"{}", f"item:{writer.account_id}:y")
    bare = RescueWriter(writer.device_id, writer.account_id, writer.locker)
    bare.sealed({"kind": "item", "id": "x"}, b"[1]", f"item:{writer.account_id}:x")
    deep = RescueWriter(writer.device_id, writer.account_id, writer.locker)
    deep.sealed({"kind": "item", "id": "x"}, b"[" * 100_000, f"item:{writer.account_id}:x")
    return {
        "nothing": (b"", "rescue_not_ours"),
        "another kind of file": (b"PK\x03\x04" + bytes(3000), "rescue_not_ours"),
        "its first letters only": (MAGIC[:9], "rescue_not_ours"),
        "its first line only": (MAGIC, "rescue_damaged"),
        "a later version": (good.replace(b"RESCUE-1", b"RESCUE-2"), "rescue_not_ours"),
        "a header of 4 GiB": (MAGIC + b"\xff" * 4 + b"{}", "rescue_damaged"),
        "a header of nothing": (MAGIC + bytes(4), "rescue_damaged"),
        "half a header": (good[: len(MAGIC) + 30], "rescue_damaged"),
        "no JSON": (MAGIC + (3).to_bytes(4) + b"{x}", "rescue_damaged"),
        "an array": (MAGIC + frame([1]), "rescue_damaged"),  # type: ignore[arg-type]
        "no opening": (MAGIC + frame({"kind": "item", "id": "x", "bytes": 0}), "rescue_damaged"),
        "ids that are none": (writer.file(device_id="1"), "rescue_damaged"),
        "true for a number": (writer.file(items=True), "rescue_damaged"),
        "an unknown phone": (writer.file(device_id=str(new_id())), "rescue_unknown_device"),
        "another account": (writer.file(account_id=str(new_id())), "rescue_unknown_device"),
        "another key": (other.file(), "rescue_damaged"),
        "a place changed": (swapped.file(), "rescue_damaged"),
        "no item inside": (bare.file(), "rescue_damaged"),
        "brackets inside": (deep.file(), "rescue_damaged"),
        "cut in its first item": (good[:-20], "rescue_damaged"),
        "a payload of 1 TB": (
            start + frame({"kind": "item", "id": "x", "bytes": 10**12}, b"x"), "rescue_damaged",
        ),
        "a payload of less than nothing": (
            start + frame({"kind": "item", "id": "x", "bytes": -5}), "rescue_damaged",
        ),
        "a kind nobody knows": (start + frame({"kind": "sheep", "bytes": 0}), "rescue_damaged"),
        "chunks without end": (start + frame(_chunk(count=10**9)), "rescue_damaged"),
        "a chunk before the first": (start + frame(_chunk(index=-1)), "rescue_damaged"),
        "a chunk that leads elsewhere": (start + frame(_chunk(role="../..")), "rescue_damaged"),
        "a digest that leads elsewhere": (start + frame(_chunk(sha256="../x")), "rescue_damaged"),
    }  # fmt: skip


def _chunk(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "chunk", "attachment_id": str(new_id()), "role": "original", "index": 0,
        "count": 1, "size_bytes": 10, "sha256": "0" * 64, "bytes": 0,
    } | changed  # fmt: skip


def test_hostile_files_are_refused_with_a_clear_word(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    officer = phone_of("officer")
    for name, (data, code) in hostile(writer, lost.visit(world.centre)).items():
        answer = bring(officer, data)
        assert (answer.status_code in (404, 422), answer.json["code"]) == (True, code), name
    assert (count(app, Visit), count(app, Upload)) == (0, 0)


def test_a_file_cut_anywhere_gives_what_lies_before_the_cut(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    items = [lost.visit(world.centre) for _ in range(3)]
    for item in items:
        writer.item(item)
    data, officer = writer.file(), phone_of("officer")
    ends = [len(data) - sum(map(len, writer.frames[n:])) for n in range(4)]
    for cut in (ends[0] + 3, ends[1] - 1, ends[1] + 1, ends[1] + 40, ends[2] + 7, ends[3] - 1):
        whole = sum(end <= cut for end in ends[1:])
        answer = bring(officer, data[:cut])
        assert answer.status_code == (200 if whole else 422), cut
        if whole:
            assert (len(answer.json["items"]), answer.json["whole"]) == (whole, False)
    assert count(app, Visit) == 2
    bring(officer, data)
    assert count(app, Visit) == 3


def test_every_flipped_bit_is_noticed(
    app: Flask, world: World, lost: Phone, writer: RescueWriter, phone_of: PhoneOf
):
    data, officer = writer.item(lost.visit(world.centre)).file(), phone_of("officer")
    sealed_from = len(data) - len(writer.frames[0]) + 60
    for at in range(sealed_from, len(data), 97):
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert bring(officer, flipped).status_code == 422, at
    assert count(app, Visit) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_large_file_is_never_in_memory_as_a_whole(
    app: Flask, world: World, lost: Phone, writer: RescueWriter
):
    content = picture(24 * CHUNK_BYTES)
    photo = lost.photo("centre", world.centre, content)
    data = io.BytesIO(writer.item(photo).photo(photo["attachments"][0], content).file())
    del content
    tracemalloc.start()
    try:
        frames = sum(1 for _ in RescueFile(data).frames())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert frames == 25
    assert peak < 6 * CHUNK_BYTES
    with app.app_context():
        db.session.remove()
