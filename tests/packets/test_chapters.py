"""The chapters: every record is there, every sum says what it is made of, nothing is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.packets.frozen.content import (
    Content,
    DistrictItem,
    EditionRef,
    FindingItem,
    MemberItem,
    Options,
    Word,
)
from app.packets.parts import CheckedFile, GapFound, PartMade, Slice
from app.packets.report.back import back_chapters
from app.packets.report.centre_pages import slice_chapters
from app.packets.report.chapters import Chapter, Picture
from app.packets.report.cover import check_address, cover, document, unbroken, watermark
from app.packets.report.front import front_chapters
from app.packets.report.numbering import photo_numbers, runs
from tests.packets.packet_lists import (
    REQUESTED,
    FolderSources,
    make_activity,
    make_assessment,
    make_cell,
    make_centre,
    make_content,
    make_finding,
    make_followup,
    make_full_content,
    make_order,
    make_photo,
    make_plan_row,
    make_post,
    make_result_row,
    make_score,
    make_visit,
)

NOTHING = PartMade(0, (), (), 0)
CHUN = make_centre(1, code="5602-001", district_code="5602", district_name="จุน")


def words_of(chapters: Sequence[Chapter]) -> str:
    """Everything that chapters say, line by line."""
    return "\n".join(_strings(chapters))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def tables_of(chapters: Sequence[Chapter]) -> list[dict[str, Any]]:
    """Every table of the chapters."""
    return [b["table"] for c in chapters for b in c["blocks"] if b["kind"] == "table"]


def pictures_of(chapters: Sequence[Chapter]) -> list[Picture]:
    """Every photo of the chapters."""
    return [p for c in chapters for b in c["blocks"] if b["kind"] == "pictures" for p in b["items"]]


def rows_of(chapters: Sequence[Chapter], label: str) -> list[list[str]]:
    """The rows of the first table that has a column headed `label`."""
    for table in tables_of(chapters):
        if any(label in column["label"] for column in table["columns"]):
            return [row for group in table["groups"] for row in group["rows"]]
    raise AssertionError(f"no table with {label}")


def whole_slice(content: Content, code: str = "5601-001") -> Slice:
    """One centre in a single slice."""
    counts = [
        sum(each.centre_code == code for each in items)
        for items in (content.visits, content.followups, content.photos)
    ]
    return Slice(code, True, (0, counts[0]), (0, counts[1]), (0, counts[2]))


def part_named(title: str, chapters: Sequence[Chapter]) -> list[Chapter]:
    """The chapters of one numbered part."""
    return [chapter for chapter in chapters if title in chapter["title"]]


Make = Callable[[Content], list[Chapter]]
MAKERS: dict[str, Make] = {
    "front": lambda content: front_chapters(content, (NOTHING,)),
    "centre": lambda content: slice_chapters(content, whole_slice(content), NOTHING),
    "back": lambda content: back_chapters(content, (NOTHING,)),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_every_line_of_every_table_fits_its_columns(make: Make, sources: FolderSources) -> None:
    content = make_full_content(sources)
    previous = EditionRef(1, "c" * 64, REQUESTED)
    for table in tables_of(make(replace(content, previous=previous))):
        lines = [row for group in table["groups"] for row in group["rows"]]
        lines += [table["total"]] if table["total"] else []
        assert {len(line) for line in lines} == {len(table["columns"])}, table["caption"]


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_quarter_in_which_nothing_happened_is_told_too(make: Make) -> None:
    said = words_of(make(make_content()))
    assert "ไม่มี" in said or "ยังไม่" in said


def test_a_unit_without_centres_has_its_forms_to_sign() -> None:
    district = DistrictItem("5601", "เมืองพะเยา")
    chapters = front_chapters(make_content(centres=(), districts=(district,)), (NOTHING,))
    signed = [c for c in chapters if any(b["kind"] == "signatures" for b in c["blocks"])]
    assert len(signed) == 3
    assert back_chapters(make_content(centres=()), (NOTHING,))


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_document_has_one_kind_of_digits(make: Make, sources: FolderSources) -> None:
    content = make_full_content(sources, options=Options(digits="arabic"))
    said = words_of(document(content, make(content), cover=cover(content))["chapters"])
    assert not set(said) & set("๐๑๒๓๔๕๖๗๘๙")


def test_the_parts_are_numbered_through() -> None:
    content = make_content()
    chapters = [chapter for make in MAKERS.values() for chapter in make(content)]
    titles = [c["title"].split()[1] for c in chapters if not c.get("goes_on")]
    assert titles == ["๑", "๒", "๓", "๔", "๕", "๖", "๗", "๘", "๙", "๑๐"]


# ---- the front -------------------------------------------------------------------------------


def test_the_board_shows_state_day_and_lateness_of_every_round() -> None:
    cells = (
        make_cell("progress_1", due_on=date(2024, 1, 30), late=True),
        make_cell("progress_2", state="missing", submitted_on=None),
        make_cell("progress_3", state="returned", reason="ขาดภาพถ่าย"),
    )
    board = part_named("บทสรุป", front_chapters(make_content(cells=cells), ()))
    shown = [cell.replace("\u00a0", " ") for cell in rows_of(board, "หน่วยงาน")[0]]
    assert shown == [
        "อำเภอเมืองพะเยา",
        "รับรองแล้ว ๑๔ ก.พ. ๖๗ (ล่าช้า)",
        "ยังไม่ส่ง",
        "ส่งกลับแก้ไข ๑๔ ก.พ. ๖๗",
    ]
    assert "ขาดภาพถ่าย" in words_of(board)


def test_a_board_of_many_rounds_goes_on_in_further_tables() -> None:
    cells = tuple(
        make_cell(f"r{n:02}", title=f"รอบที่ {n}", unit_code=unit, unit_name=unit)
        for unit in ("5601-001", "5601-002")
        for n in range(1, 31)
    )
    board = part_named("บทสรุป", front_chapters(make_content(cells=cells), ()))
    shown = [t for t in tables_of(board) if t["columns"][0]["label"] == "หน่วยงาน"]
    assert max(len(table["columns"]) for table in shown) <= 13
    assert sum(len(table["columns"]) - 1 for table in shown) == 30
    assert all(len(table["groups"][0]["rows"]) == 2 for table in shown)


def test_the_plan_has_every_column_of_the_form_and_leaves_out_what_was_given_up() -> None:
    rows = (
        make_plan_row(1),
        make_plan_row(2, budget_baht=5_000, dropped_reason="งบไม่พอ"),
        make_plan_row(3, centre_code=None),
    )
    content = make_content(
        plan_rows=rows, assessments=(make_assessment(1, proposed_grade="A", decided_grade=None),)
    )
    plan = part_named("แบบรายงานแผน", front_chapters(content, ()))
    (table,) = tables_of(plan)
    assert len(table["columns"]) == 14
    lines = table["groups"][0]["rows"]
    assert [line[4] for line in lines] == ["A", "A", "–"]
    assert lines[2][1] == "ทั้งอำเภอ"
    assert "งบไม่พอ" in lines[1][8]
    assert table["total"][11] == "๔๐,๐๐๐"
    assert plan[0]["blocks"][-1]["kind"] == "signatures"


def test_a_result_stands_beside_its_line_of_the_plan_with_the_numbers_of_its_photos(
    sources: FolderSources,
) -> None:
    photos = tuple(make_photo(sources, n) for n in (1, 2, 3))
    rows = (make_plan_row(1), make_plan_row(2))
    evidence = (photos[0].id, photos[1].id, photos[2].id)
    result = make_result_row(1, evidence=evidence, done_percent=80)
    content = make_content(photos=photos, plan_rows=rows, result_rows=(result,))
    (table,) = tables_of(part_named("แบบรายงานผล (", front_chapters(content, ())))
    told, untold = (row for group in table["groups"] for row in group["rows"])
    assert told[8] == "๘๐"
    assert told[12] == "ภาพที่ ๑–๓"
    assert untold[6] == "ยังไม่รายงานผล"
    assert table["total"][8] == "๘๐"


def test_both_forms_number_the_lines_of_a_plan_alike() -> None:
    rows = (
        make_plan_row(1, centre_code=None),
        make_plan_row(2),
        make_plan_row(3, centre_code=None),
    )
    chapters = front_chapters(make_content(plan_rows=rows), ())
    plan, result = (
        [(row[0], row[column]) for t in tables_of(part_named(title, chapters))
         for group in t["groups"] for row in group["rows"]]
        for title, column in (("แบบรายงานแผน", 8), ("แบบรายงานผล (", 3))
    )  # fmt: skip
    assert plan == result


def test_progress_tells_grades_before_and_after() -> None:
    centres = tuple(make_centre(n) for n in range(1, 5))
    grades = (
        make_assessment(1, centre_code="5601-001", earlier_grade="C", decided_grade="B"),
        make_assessment(2, centre_code="5601-002", earlier_grade="B", decided_grade="B"),
        make_assessment(3, centre_code="5601-003", earlier_grade=None, decided_grade="A"),
    )
    words = (Word("grades", "A", "A"), Word("grades", "B", "B"), Word("grades", "C", "C"))
    content = make_content(centres=centres, assessments=grades, words=words)
    progress = part_named("ความก้าวหน้า", front_chapters(content, ()))
    assert [row[:3] for row in rows_of(progress, "ก่อน (แห่ง)")] == [
        ["A", "๐", "๑"],
        ["B", "๑", "๒"],
        ["C", "๑", "๐"],
        ["ยังไม่ได้ประเมิน", "๒", "๑"],
    ]
    changes = [row[5] for row in rows_of(progress, "การเปลี่ยนแปลง")]
    assert changes == ["เลื่อนขึ้น", "คงเดิม", "ประเมินครั้งแรก", "ยังไม่ได้ประเมิน"]


def test_progress_tells_which_reports_were_sent_and_when() -> None:
    cells = (make_cell(), make_cell("progress_3", due_on=date(2024, 3, 15), unit_code="5602"))
    progress = part_named("ความก้าวหน้า", front_chapters(make_content(cells=cells), ()))
    rows = rows_of(progress, "กำหนดส่ง")
    assert [row[2:] for row in rows] == [["๑๕ ก.พ. ๖๗", "๑๔ ก.พ. ๖๗", "๑", "รับรองแล้ว"]]


def test_progress_says_what_its_percent_is_of_and_counts_an_activity_once_in_the_sum() -> None:
    content = make_content(
        visits=(make_visit(1),),
        followups=(make_followup(1), make_followup(2, n_followed=9, n_used=6)),
        activities=(make_activity(1, sides=("place", "people"), n_total=30),),
    )
    progress = part_named("ความก้าวหน้า", front_chapters(content, ()))
    assert "ติดตามแล้ว ๑๕ คน นำไปใช้ ๑๐ คน (๖๖.๗ %) โดยร้อยละคิดจาก" in words_of(progress)
    sides = next(t for t in tables_of(progress) if "ด้าน" in t["columns"][0]["label"])
    shown = [row for group in sides["groups"] for row in group["rows"] if row[1] != "๐"]
    assert [row[1:3] for row in shown] == [["๑", "๓๐"], ["๑", "๓๐"]]
    assert sides["total"][1:3] == ["๑", "๓๐"]


def test_each_district_has_its_own_forms_of_its_own_records() -> None:
    content = make_content(
        centres=(make_centre(1), CHUN),
        districts=(DistrictItem("5601", "เมืองพะเยา"), DistrictItem("5602", "จุน")),
        plan_rows=(
            make_plan_row(1),
            make_plan_row(2, district_code="5602", centre_code="5602-001"),
        ),
        visits=(make_visit(1), make_visit(2, centre_code="5602-001", n_total=99)),
    )
    chapters = front_chapters(content, ())
    for title in ("แบบรายงานแผน", "แบบรายงานผล (", "ความก้าวหน้า"):
        mueang, chun = part_named(title, chapters)
        assert "นายอำเภอเมืองพะเยา" in words_of([mueang])
        assert "นายอำเภอจุน" in words_of([chun])
        assert "5602-001" in words_of([chun])
        assert "5602-001" not in words_of([mueang])


def test_an_order_names_the_sectors_that_are_missing() -> None:
    words = tuple(Word("sectors", key, key.upper()) for key in ("citizens", "media", "business"))
    order = make_order(
        1, members=(MemberItem("นายสมชาย ใจดี", None, "citizens", None),), sectors=("citizens",)
    )
    content = make_content(network_orders=(order,), words=words)
    said = words_of(part_named("คำสั่งเครือข่าย", front_chapters(content, ())))
    assert "MEDIA, BUSINESS" in said


def test_posts_are_counted_by_month_and_channel_and_their_figures_are_the_readers() -> None:
    posts = (
        make_post(1, posted_on=date(2024, 1, 5), channel="line"),
        make_post(2, posted_on=date(2024, 3, 5), channel="line", views=None, read_on=None),
        make_post(3, posted_on=date(2024, 3, 6)),
    )
    said = part_named("การประชาสัมพันธ์", front_chapters(make_content(posts=posts), ()))
    by_month = tables_of(said)[0]
    assert by_month["total"] == ["รวม", "๑", "๐", "๒", "๓"]
    assert "ตัวเลขตามที่ผู้รายงานอ่าน" in words_of(said)
    assert [row[7] for row in rows_of(said, "เข้าชม")] == ["๑,๒๐๐", "–", "๑,๒๐๐"]


# ---- a centre's pages ------------------------------------------------------------------------


def test_slices_of_a_large_centre_print_each_line_once_and_number_them_through() -> None:
    content = make_content(
        visits=tuple(make_visit(n) for n in range(1, 8)),
        followups=tuple(make_followup(n) for n in range(1, 5)),
    )
    slices = (
        Slice("5601-001", True, (0, 4), (0, 0), (0, 0)),
        Slice("5601-001", False, (4, 7), (0, 1), (0, 0)),
        Slice("5601-001", False, (7, 7), (1, 4), (0, 0)),
    )
    tables = [t for s in slices for t in tables_of(slice_chapters(content, s, NOTHING))]
    books = [t for t in tables if any("พอใจ" in c["label"] for c in t["columns"])]
    checks = [t for t in tables if any("ระยะ" in c["label"] for c in t["columns"])]
    assert [r[0] for t in books for r in t["groups"][0]["rows"]] == list("๑๒๓๔๕๖๗")
    assert [r[0] for t in checks for r in t["groups"][0]["rows"]] == list("๑๒๓๔")
    assert [bool(t["total"]) for t in books + checks] == [False, True, False, True]
    assert books[-1]["total"][10] == "๑๘๙"  # 7 visits of 27


def test_a_masked_book_says_where_somebody_left_a_name_and_no_name() -> None:
    visits = (make_visit(1, has_contact=True), make_visit(2))
    content = make_content(visits=visits)
    rows = rows_of(slice_chapters(content, whole_slice(content), NOTHING), "ผู้แทน")
    assert [row[5] for row in rows] == ["ปกปิด", "–"]


def test_an_unmasked_book_prints_names_and_whose_copy_it_is() -> None:
    visit = make_visit(1, has_contact=True, leader_name="นางบัวผัน สมใจ", phone="0812345678")
    content = make_content(visits=(visit,), options=Options(unmasked=True))
    rows = rows_of(slice_chapters(content, whole_slice(content), NOTHING), "ผู้แทน")
    assert rows[0][5] == "นางบัวผัน สมใจ โทร. ๐๘๑๒๓๔๕๖๗๘"
    assert "นางสาวพัชรี ทดสอบ" in watermark(content)
    assert watermark(make_content()) == ""


def test_an_assessment_tells_what_was_counted_proposed_and_decided_and_why() -> None:
    each = make_assessment(
        1,
        computed_grade="C",
        proposed_grade="A",
        decided_grade="B",
        decided_by="นายวิชัย ผู้ตรวจ",
        decision_reason="หลักฐานไม่ครบ",
        scores=(make_score("place_layout", points=4), make_score("place_water", points=2)),
        points=6,
    )
    content = make_content(assessments=(each,))
    chapters = slice_chapters(content, whole_slice(content), NOTHING)
    facts = dict(
        row for c in chapters for b in c["blocks"] if b["kind"] == "facts" for row in b["rows"]
    )
    assert facts["ระดับตามคะแนน"].startswith("C")
    assert facts["ระดับที่เสนอ"].startswith("A")
    assert facts["ระดับที่รับรอง"].endswith("โดย นายวิชัย ผู้ตรวจ เหตุผล: หลักฐานไม่ครบ")
    assert [row[2] for row in rows_of(chapters, "ตัวชี้วัด")] == ["๔", "๒"]


def test_photos_are_numbered_by_the_list_whichever_part_prints_them(
    sources: FolderSources,
) -> None:
    photos = (
        make_photo(sources, 1),
        make_photo(sources, 2, state="awaited", view_sha256=None),
        make_photo(sources, 3),
        make_photo(sources, 4, centre_code="5601-002"),
    )
    content = make_content(centres=(make_centre(1), make_centre(2)), photos=photos)
    assert list(photo_numbers(content).values()) == [1, 2, 3]
    second = slice_chapters(content, whole_slice(content, "5601-002"), NOTHING)
    assert pictures_of(second)[0]["title"].startswith("ภาพที่ ๓ ")
    first = pictures_of(slice_chapters(content, whole_slice(content), NOTHING))
    assert len(first) == 2  # one is still on its phone: it is a gap, not an empty frame


def test_a_picture_names_its_file_or_is_an_empty_frame(sources: FolderSources) -> None:
    photos = (make_photo(sources, 1), make_photo(sources, 2))
    file = CheckedFile("photos/a.jpg", "view", photos[0].id, "k", "d" * 64, 9, 0, 16, 12, 3)
    gap = GapFound(photos[1].id, "photos/b.jpg", "view_missing")
    made = PartMade(0, (file,), (gap,), 1)
    content = make_content(photos=photos)
    shown = pictures_of(slice_chapters(content, whole_slice(content), made))
    assert [each["file"] for each in shown] == ["photos/a.jpg", ""]
    assert "ไม่พบไฟล์ภาพย่อในระบบ" in words_of(back_chapters(content, (made,)))


def test_a_photo_says_when_where_how_far_and_who_says_so(sources: FolderSources) -> None:
    content = make_content(photos=(make_photo(sources, 1, code="K7QF-2MXA"),))
    (shown,) = pictures_of(slice_chapters(content, whole_slice(content), NOTHING))
    assert "๑๓ กุมภาพันธ์ ๒๕๖๗ เวลา ๐๙.๓๐ น." in shown["lines"]
    assert "ห่างจากศูนย์ ๔๒ เมตร (± ๑๒ เมตร) ในบริเวณศูนย์" in shown["lines"]
    assert "ถ่ายด้วยกล้องในระบบ พิกัดจากเครื่องขณะถ่าย เวลาจากข้อมูลในภาพ" in shown["lines"]
    assert any("K7QF-2MXA" in line for line in shown["lines"])


def test_questions_about_a_photo_stand_with_their_answers_however_long(
    sources: FolderSources,
) -> None:
    asked = tuple(make_finding(text=f"ข้อที่ {n} " + "ก" * 500, answer="ใช่") for n in range(4))
    open_ = FindingItem("x", "ยังไม่มีใครตอบ")
    content = make_content(photos=(make_photo(sources, 1, findings=(*asked, open_)),))
    chapters = slice_chapters(content, whole_slice(content), NOTHING)
    (shown,) = pictures_of(chapters)
    assert max(map(len, shown["lines"])) < 220
    assert any("อีก ๓ ข้อ" in line for line in shown["lines"])
    rows = rows_of(chapters, "ข้อสังเกต")
    assert len(rows) == 5
    assert "ก" * 500 in words_of(chapters)
    assert rows[4][3] == "รอคำชี้แจง"


def test_activities_name_their_photos(sources: FolderSources) -> None:
    activity = make_activity(1)
    photos = tuple(
        make_photo(sources, n, subject_kind="activity", subject_id=activity.id) for n in (1, 2)
    )
    content = make_content(activities=(activity,), photos=photos)
    rows = rows_of(slice_chapters(content, whole_slice(content), NOTHING), "ภาพที่")
    assert rows[0][-1] == "๑–๒"


# ---- the back --------------------------------------------------------------------------------


def test_what_came_late_and_what_never_came_are_told_apart() -> None:
    content = make_content(
        visits=(make_visit(1, received_on=date(2024, 4, 9)),),
        cells=(make_cell("progress_3", state="missing", submitted_on=None, late=True),),
        plan_rows=(make_plan_row(1),),
    )
    gaps, late, _check = back_chapters(content, (NOTHING,))
    assert "๙ เม.ย. ๖๗" in words_of([late])
    assert "รายงานที่ยังไม่ส่ง" in words_of([gaps])
    assert "กิจกรรมตามแผนที่ยังไม่รายงานผล" in words_of([gaps])
    assert "ศูนย์ที่ยังไม่ได้ประเมิน" in words_of([gaps])


def test_the_code_to_scan_leads_to_the_list_or_names_it() -> None:
    content = make_content()
    here = replace(content, site="https://lakthan.example/")
    assert check_address(content) == f"lakthan:{content.identifier}:{content.list_sha256}"
    assert check_address(here) == f"https://lakthan.example/packets/check/{here.list_sha256}"
    codes = [b["data"] for c in back_chapters(here, ()) for b in c["blocks"] if b["kind"] == "qr"]
    assert codes == [check_address(here)]


def test_names_that_no_line_may_break_are_only_those_of_places() -> None:
    content = make_content(districts=(DistrictItem("5699", "a|b"), DistrictItem("5602", "จุน")))
    assert set(unbroken(content).split("|")) >= {"เมืองพะเยา", "บ้านตุ่น", "จุน"}
    assert "a" not in unbroken(content)


def test_neighbouring_numbers_are_drawn_together() -> None:
    assert runs([9, 1, 2, 3, 7, 10, 10]) == "๑–๓, ๗, ๙–๑๐"


def test_nothing_of_a_long_text_is_lost_and_it_does_not_fill_pages_with_one_column() -> None:
    long = "ปัญหา" * 380 + "จบ"
    content = make_content(plan_rows=(make_plan_row(1), make_plan_row(2, problem=long)))
    plan = part_named("แบบรายงานแผน", front_chapters(content, ()))
    (table,) = tables_of(plan)
    begun = table["groups"][0]["rows"][1][5]
    assert begun.endswith("… (ต่อในหมายเหตุ ๑)")
    assert len(begun) < 200
    assert f"หมายเหตุ ๑ (ลำดับ ๒ ช่องปัญหา/ ความต้องการ) {long}" in words_of(plan)
    assert not table["tall"]
