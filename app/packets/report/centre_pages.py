"""A centre's own pages: its sheet, assessment, activities, books and photos, slice by slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from app.packets.frozen.content import Content, FollowupItem, PhotoItem, VisitItem
from app.packets.frozen.figures import figures
from app.packets.parts import PartMade, Slice
from app.packets.report import blocks
from app.packets.report.activity_tables import activity_table
from app.packets.report.assessment_sheet import assessment_sheet
from app.packets.report.blocks import BELOW, chapter, going_on, heading, tables, text
from app.packets.report.books import FOLLOWUPS, VISITOR_BOOK, followup_table, visitor_book
from app.packets.report.centre_sheet import centre_heading, centre_sheet
from app.packets.report.chapters import Block, Chapter
from app.packets.report.front import CENTRES_NUMBER
from app.packets.report.numbering import photo_numbers
from app.packets.report.photo_pages import findings_table, picture, subject_names
from app.packets.report.summary import followup_sentence

T = TypeVar("T", VisitItem, FollowupItem, PhotoItem)
TITLE = blocks.numbered(CENTRES_NUMBER, "หลักฐานรายศูนย์เรียนรู้ฯ")
MASKED_NOTE = (
    "ชื่อและหมายเลขโทรศัพท์ของผู้มาใช้บริการปกปิดไว้เพื่อคุ้มครองข้อมูลส่วนบุคคล "
    "“ปกปิด” หมายถึงมีผู้ให้ชื่อหรือหมายเลขไว้ “–” หมายถึงไม่มี"
)
UNMASKED_NOTE = "มีข้อมูลส่วนบุคคล ใช้เฉพาะตามเหตุผลที่ขอ และห้ามเผยแพร่ต่อ"


def slice_chapters(content: Content, slice_: Slice, made: PartMade) -> list[Chapter]:
    """The pages of one slice.  Files are named as `made` found them; numbers are the list's."""
    numbers = photo_numbers(content)
    opening = _activities(content, slice_.centre_code, numbers) if slice_.first else []
    books = [*_visits(content, slice_), *_followups(content, slice_)]
    found = [
        (False, _head(content, slice_)),
        (True, [*opening, *books]),
        (False, _photos(content, slice_, made, numbers)),
    ]
    chapters = [going_on(TITLE, body, wide=wide) for wide, body in found if body]
    if chapters and _opens(content, slice_):
        chapters[0] = chapter(TITLE, chapters[0]["blocks"])
    return chapters


def _opens(content: Content, slice_: Slice) -> bool:
    """Whether these are the first of all centres' pages: they carry the chapter's heading."""
    first = content.centres[0].code if content.centres else slice_.centre_code
    return slice_.first and slice_.centre_code == first


def _of(items: Sequence[T], code: str) -> list[T]:
    return [each for each in items if each.centre_code == code]


def _head(content: Content, slice_: Slice) -> list[Block]:
    if not slice_.first:
        return []
    code = slice_.centre_code
    graded = [each for each in content.assessments if each.centre_code == code]
    return [
        heading(blocks.CENTRE, centre_heading(content, code)),
        *centre_sheet(content, code, graded),
        *assessment_sheet(content, graded),
    ]


def _activities(content: Content, code: str, numbers: Mapping[str, int]) -> list[Block]:
    held = [each for each in content.activities if each.centre_code == code]
    if not held:
        return []
    photos: dict[str, list[int]] = {}
    for photo in _of(content.photos, code):
        if photo.id in numbers:
            photos.setdefault(photo.subject_id, []).append(numbers[photo.id])
    return [heading(BELOW, "กิจกรรมการเรียนรู้"), *tables(activity_table(content, held, photos, ""))]


def _visits(content: Content, slice_: Slice) -> list[Block]:
    code = slice_.centre_code
    every, (start, stop) = _of(content.visits, code), slice_.visits
    if start == stop:
        return []
    note = UNMASKED_NOTE if content.options.unmasked else MASKED_NOTE
    head: list[Block] = [heading(BELOW, VISITOR_BOOK), text(note)]
    total = every if stop == len(every) else None
    lines = visitor_book(content, every[start:stop], start, total)
    return [*(head if start == 0 else []), *tables(lines)]


def _followups(content: Content, slice_: Slice) -> list[Block]:
    every, (start, stop) = _of(content.followups, slice_.centre_code), slice_.followups
    if start == stop:
        return []
    sums = figures(_of(content.visits, slice_.centre_code), every, ())
    head: list[Block] = [heading(BELOW, FOLLOWUPS), text(followup_sentence(sums))]
    total = every if stop == len(every) else None
    lines = followup_table(content, every[start:stop], start, total)
    return [*(head if start == 0 else []), *tables(lines)]


def _photos(
    content: Content, slice_: Slice, made: PartMade, numbers: Mapping[str, int]
) -> list[Block]:
    code, (start, stop) = slice_.centre_code, slice_.photos
    shown = [each for each in _of(content.photos, code)[start:stop] if each.id in numbers]
    if not shown:
        return []
    files = {file.of: file.name for file in made.files if file.kind == "view"}
    subjects = subject_names(content, code)
    items = [
        picture(content, photo, numbers[photo.id], files.get(photo.id, ""), subjects)
        for photo in shown
    ]
    head = [heading(BELOW, f"ภาพถ่าย {centre_heading(content, code)}")] if start == 0 else []
    return [
        *head,
        blocks.pictures(content.options.photos_per_page, items),
        *tables(findings_table(shown, numbers)),
    ]
