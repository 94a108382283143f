"""A whole packet from a list: reproducible, valid, complete, and honest about its gaps."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import bagit
import pytest

from app.packets import parts
from app.packets.bag.signature import PacketKey
from app.packets.bag.verify import verify
from app.packets.compile import STEPS, build_here
from app.packets.frozen.content import Content
from tests.packets.packet_lists import (
    FolderSources,
    make_centre,
    make_content,
    make_followup,
    make_photo,
    make_visit,
)
from tests.packets.reading import pdf_text, read_entry, unpack

Build = Callable[..., Path]


@pytest.fixture
def ordinary(sources: FolderSources) -> Content:
    """Two centres, three visits, a follow-up, three photos."""
    return make_content(
        centres=(make_centre(1), make_centre(2)),
        visits=(make_visit(1), make_visit(2), make_visit(3, centre_code="5601-002")),
        followups=(make_followup(1),),
        photos=tuple(make_photo(sources, number) for number in (1, 2, 3)),
    )


def test_the_same_list_gives_the_same_packet_to_the_byte(build: Build, ordinary: Content) -> None:
    assert build(ordinary, "a.zip").read_bytes() == build(ordinary, "b.zip").read_bytes()


def test_another_list_gives_another_packet(build: Build, ordinary: Content) -> None:
    other = replace(ordinary, visits=ordinary.visits[:2])
    assert build(ordinary, "a.zip").read_bytes() != build(other, "b.zip").read_bytes()


def test_a_packet_is_valid_for_others_and_for_our_own_check(
    build: Build, ordinary: Content, tmp_path: Path
) -> None:
    packet = build(ordinary)
    assert verify(packet).whole
    bag = bagit.Bag(str(unpack(packet, tmp_path / "out")))
    assert bag.validate()
    assert bag.info["External-Identifier"] == "lakthan-5601-2567Q2-e1"
    assert bag.info["Bagging-Date"] == "2024-04-02"
    assert bag.info["Lakthan-List-SHA256"] == ordinary.list_sha256


def test_every_photo_is_there_under_our_own_ascii_name(build: Build, ordinary: Content) -> None:
    packet = build(ordinary)
    manifest = read_entry(packet, "manifest-sha256.txt").decode("ascii")
    for number, photo in enumerate(ordinary.photos, start=1):
        name = f"2024-02-13_visit_{number:03}_{photo.original_sha256[:8]}.jpg"
        assert f"{photo.view_sha256}  data/photos/5601/5601-001/{name}\n" in manifest


def test_progress_is_told_step_by_step(
    sources: FolderSources, fonts: Path, ordinary: Content, tmp_path: Path
) -> None:
    told: list[tuple[str, int, int]] = []
    with (tmp_path / "packet.zip").open("w+b") as target:
        build_here(
            ordinary, sources, target, seal=PacketKey("A" * 43), fonts=fonts,
            progress=lambda step, done, total: told.append((step, done, total)),
        )  # fmt: skip
    assert list(dict.fromkeys(step for step, _done, _total in told)) == ["parts", *STEPS]
    assert all(done <= total for _step, done, total in told)
    assert told[-1][0] == "archive"
    assert told[-1][1] == told[-1][2]


def test_a_quarter_without_visits_still_makes_a_packet_and_says_so(build: Build) -> None:
    packet = build(make_content())
    assert verify(packet).whole
    text = pdf_text(read_entry(packet, "data/report.pdf"))
    assert "ไม่มีการบันทึกผู้มาใช้บริการในไตรมาสนี้" in text
    assert "ไม่มีการติดตามผู้เข้ามาเรียนรู้ในไตรมาสนี้" in text
    assert "ไม่มีภาพถ่ายในไตรมาสนี้" in text


GAPS = {
    "unreadable": "เปิดภาพไม่ได้",
    "not_processed": "ยังทำภาพย่อไม่เสร็จ",
    "view_missing": "ไม่พบไฟล์ภาพย่อ",
    "view_changed": "ไม่ตรงกับรหัสตรวจสอบ",
    "view_damaged": "ไฟล์ภาพย่อชำรุด",
    "original_missing": "ไม่พบไฟล์ต้นฉบับ",
}


def _spoil(kind: str, sources: FolderSources, number: int) -> object:
    photo = make_photo(sources, number)
    view = sources.view(photo.view_sha256 or "")
    match kind:
        case "unreadable":
            return make_photo(sources, number, state="unreadable", view_sha256=None)
        case "not_processed":
            return make_photo(sources, number, state="received", view_sha256=None)
        case "view_missing":
            view.unlink()
        case "view_changed":
            view.write_bytes(view.read_bytes()[:-2] + b"xx")
        case "view_damaged":
            cut = view.read_bytes()[:900]
            digest = hashlib.sha256(cut).hexdigest()
            sources.view(digest).write_bytes(cut)
            return make_photo(sources, number, view_sha256=digest)
        case "original_missing":
            sources.original(photo.original_sha256).unlink()
    return photo


@pytest.mark.parametrize("kind", GAPS)
def test_one_bad_photo_of_three_becomes_a_named_gap_and_stops_nothing(
    build: Build, sources: FolderSources, kind: str
) -> None:
    good = make_photo(sources, 1), make_photo(sources, 2)
    bad = _spoil(kind, sources, 3)
    packet = build(make_content(photos=(*good, bad)))

    assert verify(packet).whole
    name = f"2024-02-13_visit_003_{bad.original_sha256[:8]}.jpg"
    gaps = list(csv.reader(io.StringIO(read_entry(packet, "data/gaps.csv").decode("utf-8-sig"))))
    assert [row[1] for row in gaps[1:]] == [f"data/photos/5601/5601-001/{name}"]
    assert GAPS[kind] in gaps[1][2]
    text = pdf_text(read_entry(packet, "data/report.pdf"))
    assert "แสดงไม่ได้ครบถ้วน ๑ ภาพ" in text
    assert f"visit_003_{bad.original_sha256[:8]}" in text.replace("\u200b", "")
    listed = read_entry(packet, "manifest-sha256.txt").decode()
    assert (f"/{name}" in listed) is (kind == "original_missing")


def test_a_photo_still_on_a_phone_is_named_as_missing_and_counts_for_nothing(
    build: Build, sources: FolderSources
) -> None:
    away = make_photo(sources, 1, state="awaited", view_sha256=None)
    packet = build(make_content(photos=(away, make_photo(sources, 2))))

    assert verify(packet).whole
    name = f"2024-02-13_visit_001_{away.original_sha256[:8]}.jpg"
    gaps = list(csv.reader(io.StringIO(read_entry(packet, "data/gaps.csv").decode("utf-8-sig"))))
    assert [(row[1], row[3]) for row in gaps[1:]] == [
        (f"data/photos/5601/5601-001/{name}", away.id)
    ]
    assert "ยังอยู่ในโทรศัพท์" in gaps[1][2]
    assert away.id not in read_entry(packet, "data/photos.csv").decode("utf-8-sig")
    text = pdf_text(read_entry(packet, "data/report.pdf"))
    assert "มีภาพถ่ายประกอบ จำนวน ๑ ภาพ" in text
    assert "แสดงไม่ได้ครบถ้วน" not in text.split("ส่วนที่ ๒")[0]
    assert "ภาพที่ ๑ " in text
    assert "ภาพที่ ๒ " not in text


def test_the_list_itself_travels_in_the_packet(build: Build, ordinary: Content) -> None:
    stored = json.loads(read_entry(build(ordinary), "data/content.json"))
    assert [visit["id"] for visit in stored["visits"]] == [v.id for v in ordinary.visits]


def test_places_are_maps_that_others_can_read(build: Build, ordinary: Content) -> None:
    packet = build(ordinary)
    collection = json.loads(read_entry(packet, "data/places.geojson"))
    first = collection["features"][0]
    assert first["geometry"]["coordinates"] == [99.8786, 19.1919]
    assert first["properties"]["people"] == 54
    assert (
        "<coordinates>99.8786,19.1919</coordinates>"
        in read_entry(packet, "data/places.kml").decode()
    )


def test_a_list_of_many_parts_is_one_report(
    build: Build, sources: FolderSources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_PHOTOS", 2)
    content = make_content(photos=tuple(make_photo(sources, n) for n in range(1, 6)))
    assert len(parts.plan_parts(content)) == 3
    packet = build(content)
    assert verify(packet).whole
    text = pdf_text(read_entry(packet, "data/report.pdf"))
    assert all(f"ภาพที่ {number} " in text for number in "๑๒๓๔๕")


def test_a_visit_of_the_last_day_received_later_is_counted_and_said_to_be_late(
    build: Build,
) -> None:
    late = make_visit(1, visit_date=date(2024, 3, 31), received_on=date(2024, 4, 1))
    text = pdf_text(read_entry(build(make_content(visits=(late,))), "data/report.pdf"))
    assert "รายการต่อไปนี้จำนวน๑รายการ" in text.replace(" ", "")
