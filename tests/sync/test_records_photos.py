"""Photos are announced here; their bytes come by themselves, before or after."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.shared.ids import new_id
from tests.conftest import SentJobs, World
from tests.sync.phone_client import Phone
from tests.sync.rows import statuses

PhoneOf = Callable[[str], Phone]


@pytest.fixture
def phone(phone_of: PhoneOf) -> Phone:
    """The volunteer's own phone."""
    return phone_of("volunteer")


def test_a_photo_is_received_only_when_its_bytes_are(app: Flask, world: World, phone: Phone):
    content = b"\xff\xd8\xff" + bytes(2000)
    visit = phone.visit(world.centre)
    photo = phone.photo("visit", visit["id"], content)
    told = {n: photo["attachments"][0][n] for n in ("id", "sha256", "bytes")}

    results = phone.post([visit, photo])
    phone.upload(photo["attachments"][0], content, pieces=1, piece=500)
    halfway = phone.put(photo)
    phone.upload(photo["attachments"][0], content)
    whole = phone.put(photo)

    assert statuses([*results, halfway, whole]) == ["created", "created", "known", "known"]
    for result in (results[1], halfway):
        assert (result["receipt"]["held"], result["receipt"]["missing"]) == ([], [told])
    assert (whole["receipt"]["held"], whole["receipt"]["missing"]) == ([told], [])


def test_bytes_that_came_before_their_photo_and_its_visit_find_both(
    app: Flask, world: World, phone: Phone, sent: SentJobs
):
    content = b"\xff\xd8\xff" + bytes(2000)
    visit = phone.visit(world.centre)
    photo = phone.photo("visit", visit["id"], content)
    phone.upload(photo["attachments"][0], content)

    waiting = phone.put(photo)
    assert (waiting["status"], len(waiting["receipt"]["held"])) == ("pending", 1)
    phone.put(visit)

    assert ("app.photos.jobs.process", {"photo_id": photo["id"]}) in sent.jobs
    assert phone.put(photo)["receipt"]["missing"] == []


def test_a_preview_is_not_missed_once_its_original_is_here(world: World, phone: Phone):
    content, small = b"\xff\xd8\xff" + bytes(2000), b"\xff\xd8\xff" + bytes(20)
    photo = phone.photo("centre", world.centre, content)
    preview = {
        "id": str(new_id()), "role": "preview", "sha256": hashlib.sha256(small).hexdigest(),
        "bytes": len(small), "type": "image/jpeg",
    }  # fmt: skip
    both = phone.item(
        "photo", "create", photo["data"], attachments=[*photo["attachments"], preview]
    )

    def lacking() -> list[str]:
        return [one["id"] for one in phone.put(both)["receipt"]["missing"]]

    assert lacking() == [photo["id"], preview["id"]]
    phone.upload(preview, small)
    assert lacking() == [photo["id"]]
    phone.upload(photo["attachments"][0], content)
    assert lacking() == []
    other = phone.photo("centre", world.centre, content)
    alone = phone.item(
        "photo", "create", other["data"],
        attachments=[*other["attachments"], preview | {"id": str(new_id())}],
    )  # fmt: skip
    phone.put(alone)
    phone.upload(other["attachments"][0], content)
    assert phone.put(alone)["receipt"]["missing"] == []


@pytest.mark.parametrize(
    "change", ["none", "two originals", "another id", "no picture", "on a visit"]
)
def test_attachments_that_make_no_photo_are_told_so(world: World, phone: Phone, change: str):
    photo = phone.photo("centre", world.centre, b"\xff\xd8\xff" + bytes(100))
    (original,) = photo["attachments"]
    attachments = {
        "none": [],
        "two originals": [original, original],
        "another id": [original | {"id": str(new_id())}],
        "no picture": [original | {"type": "text/html"}],
        "on a visit": [original],
    }[change]
    data, kind = photo["data"], "photo"
    if change == "on a visit":
        data, kind = phone.visit_data(world.centre), "visit"
    result = phone.put(phone.item(kind, "create", data, attachments=attachments))
    assert (result["status"], result["code"]) == ("malformed", "malformed")
    assert result["problems"][0]["field"].startswith("attachments")


def test_an_original_that_is_no_picture_is_taken_aside(world: World, phone: Phone, sent: SentJobs):
    content = b"%PDF-1.7 a letter"
    photo = phone.photo("centre", world.centre, content)
    (original,) = photo["attachments"]
    letter = phone.item(
        "photo", "create", photo["data"],
        attachments=[original | {"type": "application/octet-stream"}],
    )  # fmt: skip

    assert phone.put(letter)["status"] == "created"
    phone.upload(original, content)

    assert phone.put(letter)["receipt"]["missing"] == []
    assert ("app.photos.jobs.process", {"photo_id": photo["id"]}) in sent.jobs


def test_a_photos_caption_is_corrected_and_a_photo_struck_out(
    world: World, phone: Phone, phone_of: PhoneOf
):
    visit = phone.visit(world.centre)
    photo = phone.photo("visit", visit["id"], b"\xff\xd8\xff" + bytes(100))
    phone.post([visit, photo])

    def caption(text: str, base: int) -> dict[str, Any]:
        return phone.item(
            "photo", "edit", {"caption": text}, record_id=photo["id"], base_version=base
        )

    first = caption("คันนาทองคำ", 1)
    assert statuses([phone.put(first), phone.put(first)]) == ["created", "known"]
    stale = phone.put(caption("อื่น", 1))
    assert (stale["status"], stale["current"]["data"]["caption"]) == ("conflict", "คันนาทองคำ")
    gone = phone.delete("photo", photo["id"], 2, "เบลอ")
    assert statuses([phone.put(gone), phone.put(gone)]) == ["created", "known"]
    assert phone.put(photo)["status"] == "known"
    assert phone.put(caption("อีก", 2))["code"] == "struck_out"
