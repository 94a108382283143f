"""The page in the packet: opened from a folder, in a real Chromium, by whoever finds it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.packets.frozen.content import Content, Options, Word
from app.packets.index_page.data import safe_json
from app.packets.index_page.files import index_chunks
from app.packets.parts import PartMade
from tests.packets.injections import INJECTIONS
from tests.packets.packet_lists import (
    FolderSources,
    make_centre,
    make_content,
    make_finding,
    make_full_content,
    make_photo,
    make_visit,
)
from tests.packets.test_tables import parts_of

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def index_files(
    content: Content, made: Sequence[PartMade], names: Sequence[str] = ()
) -> list[tuple[str, bytes]]:
    """The page's files as a whole, named below data/."""
    return [(name, b"".join(chunks)) for name, chunks in index_chunks(content, made, names)]


@pytest.fixture
def unpacked(sources: FolderSources, tmp_path: Path) -> Callable[[Content], Path]:
    """Put the page and its photos into a folder, as an unpacked bag has them."""

    def write(content: Content, names: tuple[str, ...] = ()) -> Path:
        made = parts_of(content, sources)
        folder = tmp_path / "data"
        for name, data in index_files(content, made, names):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        for file in (file for part in made for file in part.files):
            target = folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(sources.path(file.key).read_bytes())
        return folder

    return write


@pytest.fixture
def open_page(page_at: Callable[..., Page]) -> Iterator[Open]:
    """Open the page of a folder; whatever it says, asks for or breaks is kept in `page.seen`."""
    troubles: list[str] = []

    def open_(folder: Path, part: str = "top", width: int = 1280, **options: Any) -> Page:
        page = page_at(width, **options)
        page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        inside = folder.as_uri()
        page.on(
            "request",
            lambda request: request.url.startswith(inside) or troubles.append(request.url),
        )
        page.goto(f"{inside}/index.html#{part}")
        return page

    yield open_
    assert troubles == []


def test_photos_are_shown_filtered_and_seen_large_with_all_that_is_known(
    sources: FolderSources, unpacked: Callable[[Content], Path], open_page: Open
) -> None:
    content = make_full_content(sources)
    page = open_page(unpacked(content), "photos")
    cards = page.locator(".card")
    expect(cards).to_have_count(2)
    assert cards.first.locator("img").evaluate("(i) => i.decode().then(() => i.naturalWidth > 0)")
    page.get_by_label("ข้อสังเกต").select_option("มีข้อสังเกต")
    expect(cards).to_have_count(1)
    expect(page.locator("#photos-count")).to_have_text("๑ ภาพ")
    cards.first.click()
    large = page.get_by_role("dialog")
    expect(large).to_contain_text("๑๓ ก.พ. ๒๕๖๗ เวลา ๐๙.๓๐ น.")
    expect(large).to_contain_text("ถ่ายด้วยกล้องในระบบ")
    expect(large).to_contain_text(content.photos[0].findings[0].text)
    expect(large).to_contain_text("ห่างจากศูนย์ ๔๒ เมตร")
    page.keyboard.press("Escape")
    page.get_by_label("ข้อสังเกต").select_option("ทั้งหมด")
    cards.first.click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".large__place")).to_have_text("๒ / ๒")


def test_a_word_finds_every_kind_of_record_however_its_thai_was_typed(
    sources: FolderSources, unpacked: Callable[[Content], Path], open_page: Open
) -> None:
    content = make_full_content(sources)
    visit = make_visit(1, group_name="กลุ่มแม่น้ำโขง")
    page = open_page(unpacked(replace(content, visits=(visit,))), "search")
    page.get_by_label("คำค้น").fill("เเม่น\u0e4d\u0e49าโขง ๒๕๖๗")  # sara ae and sara am, taken apart
    expect(page.locator(".hit").first).to_contain_text("กลุ่มแม่น้ำโขง")
    kinds = {
        "กิจกรรม": content.activities[0].title,
        "แผนพัฒนา": content.plan_rows[0].title,
        "ประชาสัมพันธ์": content.posts[0].title,
        "เอกสาร": content.documents[0].title,
        "ศูนย์เรียนรู้": content.centres[0].name,
    }
    for kind, title in kinds.items():
        page.get_by_label("คำค้น").fill(title)
        hit = page.locator(".hit", has=page.locator(".hit__kind", has_text=kind)).first
        expect(hit.locator(".hit__title")).to_have_text(title)


def test_the_map_shows_districts_centres_and_photos_and_answers_a_tap(
    sources: FolderSources, unpacked: Callable[[Content], Path], open_page: Open
) -> None:
    page = open_page(unpacked(make_full_content(sources)), "map", 360)
    expect(page.locator(".chart__land")).to_have_count(1)
    expect(page.locator(".chart__name")).to_have_text("อ.เมืองพะเยา")
    page.locator(".dot--centre path").tap()
    expect(page.locator("#chart-panel")).to_contain_text("ศูนย์เรียนรู้บ้านตุ่นกลาง")
    page.locator(".dot--many circle").tap()
    expect(page.locator("#chart-panel .tray button")).to_have_count(2)
    before = page.locator(".chart svg > g").first.get_attribute("transform")
    page.get_by_role("button", name="ขยาย").tap()
    expect(page.locator(".chart svg > g").first).not_to_have_attribute("transform", before or "")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_part_is_wider_than_the_screen(
    sources: FolderSources, unpacked: Callable[[Content], Path], open_page: Open, width: int
) -> None:
    long = "โรงเรียน" * 20 + "x" * 200
    centre = make_centre(1, name=long)
    content = make_full_content(sources, centres=(centre,))
    page = open_page(unpacked(content), "top", width)
    for part in ("top", "photos", "map", "search", "board", "gaps"):
        page.locator(f"[data-tab={part}]").click()
        expect(page.locator(f"#{part}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_it_is_a_list_of_centres_and_their_files(
    sources: FolderSources, unpacked: Callable[[Content], Path], open_page: Open
) -> None:
    folder = unpacked(make_full_content(sources), ("report.pdf", "tables.xlsx"))
    page = open_page(folder, java_script_enabled=False)
    expect(page.get_by_role("link", name="รายงานฉบับสมบูรณ์")).to_be_visible()
    expect(page.get_by_text("ศูนย์เรียนรู้บ้านตุ่นกลาง").first).to_be_visible()
    page.locator(".centre summary").click()
    links = page.locator(".centre ol a")
    expect(links).to_have_count(2)
    for link in links.all():
        assert (folder / (link.get_attribute("href") or "")).is_file()
    expect(page.locator("#board")).to_be_visible()
    expect(page.locator("[data-tab=photos]")).to_be_hidden()


def test_it_links_to_what_is_in_the_packet_and_to_nothing_else(
    sources: FolderSources, unpacked: Callable[[Content], Path]
) -> None:
    names = ("report.pdf", "tables.xlsx", "visits.csv", "attachments/5601/plan-6.pdf",
             "attachments/5601/plan-6.docx")  # fmt: skip
    folder = unpacked(make_full_content(sources), names)
    html = (folder / "index.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'(?:href|src)="([^"#]+)"', html))
    missing = {name for name in linked if not (folder / name).exists()}
    assert missing == set(names)
    assert "แบบรายงานแผน" in html


def test_digits_are_of_one_kind(sources: FolderSources) -> None:
    content = make_full_content(sources, options=Options(digits="arabic"))
    files = dict(index_files(content, parts_of(content, sources)))
    for name in ("index.html", "index/data.js", "index/books.js"):
        assert not re.search("[๐-๙]", files[name].decode()), name


def test_who_asked_for_personal_data_stands_at_the_top(sources: FolderSources) -> None:
    content = make_full_content(sources, options=Options(unmasked=True))
    html = dict(index_files(content, []))["index.html"].decode()
    assert "จัดทำให้ นางสาวพัชรี ทดสอบ" in html


def test_the_same_list_gives_the_same_bytes(sources: FolderSources) -> None:
    content = make_full_content(sources)
    made = parts_of(content, sources)
    assert index_files(content, made) == index_files(content, made)


def _poisoned(item: Any, text: str) -> Any:
    """The item with `text` in every field that holds words people typed."""
    official = {"id", "code", "centre_code", "district_code", "subject_id", "subject_kind", "state",
                "visit_id", "item_id", "plan_item_id", "screenshot_id", "content_sha256",
                "original_sha256", "view_sha256", "thumb_sha256", "file_sha256", "original_name",
                "kind", "key", "list", "decision", "extension", "quarter"}  # fmt: skip
    typed = {
        field.name: text
        for field in fields(item)
        if isinstance(getattr(item, field.name), str) and field.name not in official
    }
    return replace(item, **typed)


def test_no_text_that_anybody_typed_can_run_ask_or_leave(
    sources: FolderSources, unpacked: Callable[[Content], Path], open_page: Open
) -> None:
    """Every field of every kind of record; `open_page` fails on a dialog, an error, a request."""
    full = make_full_content(sources)
    content = replace(
        full,
        scope=_poisoned(full.scope, INJECTIONS[0]),
        requested=_poisoned(full.requested, INJECTIONS[1]),
        options=Options(unmasked=True),
        words=tuple(
            Word(word.list, word.key, INJECTIONS[at % len(INJECTIONS)])
            for at, word in enumerate(full.words)
        ),
        centres=tuple(
            _poisoned(make_centre(at, lat=19.1 + at / 500, lon=99.8 + at % 7 / 50), text)
            for at, text in enumerate(INJECTIONS, start=1)
        ),
        visits=tuple(_poisoned(make_visit(at), text) for at, text in enumerate(INJECTIONS)),
        photos=tuple(
            _poisoned(
                make_photo(
                    sources, at % 3, id=f"photo-{at}", centre_code=f"5601-{at:03}",
                    lat=19.1 + at / 500, findings=(_poisoned(make_finding(), text),),
                    source="camera", time_source="exif", position_source="exif", band="inside",
                ),
                text,
            )
            for at, text in enumerate(INJECTIONS, start=1)
        ),
        **{
            name: tuple(
                _poisoned(item, text) for item in getattr(full, name) for text in INJECTIONS[:30]
            )
            for name in ("activities", "network_orders", "assessments", "plan_rows", "result_rows",
                         "posts", "cells", "seals", "districts")
        },
    )  # fmt: skip
    page = open_page(unpacked(content), "photos")
    page.get_by_label("ศูนย์เรียนรู้").select_option(index=1)
    page.locator(".card").first.click()
    for _ in INJECTIONS:
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.locator("[data-tab=map]").click()
    for dot in page.locator(".dot--centre").all()[:10]:
        dot.dispatch_event("click")
    page.locator("[data-tab=search]").click()
    for text in INJECTIONS:
        page.get_by_label("คำค้น").fill(text)
        expect(page.locator("#found-count")).to_contain_text("พบ")
        page.wait_for_function("!document.querySelector('#chips').hidden")
    page.locator("[data-tab=board]").click()
    assert (
        page.evaluate("document.querySelectorAll('script:not([src]), iframe, object').length") == 0
    )
    plain = open_page(unpacked(content), java_script_enabled=False)
    assert plain.locator("script:not([src]), iframe, object, embed, base, form").count() == 0


def test_data_cannot_end_its_own_script() -> None:
    written = safe_json(INJECTIONS)
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == list(INJECTIONS)
    assert len(set(INJECTIONS)) >= 60


def test_an_empty_quarter_has_a_page_too(
    unpacked: Callable[[Content], Path], open_page: Open
) -> None:
    page = open_page(unpacked(make_content(centres=(), districts=())), "photos")
    expect(page.locator("#photos-count")).to_have_text("๐ ภาพ")
    for part in ("map", "search", "gaps"):
        page.locator(f"[data-tab={part}]").click()
    expect(page.get_by_text("ไฟล์ทุกไฟล์ในรายการอยู่ครบถ้วน")).to_be_visible()
