"""A document set by Typst: archival, Thai, and inert whatever people typed."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from app.packets.parts import CheckedFile
from app.packets.report.chapters import Block, Chapter, Document
from app.packets.report.placeholders import marked, placeholder
from app.packets.report.printed import printable, thai_text
from app.packets.report.setting import TypesettingFailed, set_document
from tests.packets.injections import INJECTIONS
from tests.packets.reading import pdf_text

SIZE = (1600, 1200)


def make_document(*blocks: Block, wide: bool = False, **facts: object) -> Document:
    """A document of one chapter."""
    chapter: Chapter = {"title": "ส่วนที่ ๑ บทสรุป", "wide": wide, "blocks": list(blocks)}
    made: Document = {
        "title": "ชุดหลักฐาน อำเภอเมืองพะเยา",
        "author": "สำนักงานพัฒนาชุมชนอำเภอเมืองพะเยา",
        "header": "อำเภอเมืองพะเยา จังหวัดพะเยา",
        "watermark": "",
        "digits": "thai",
        "unbroken": "เมืองพะเยา|บ้านตุ่น",
        "cover": None,
        "contents": None,
        "chapters": [chapter],
    }
    return {**made, **facts}  # type: ignore[typeddict-item]


def text(*paragraphs: str) -> Block:
    """Paragraphs."""
    return {"kind": "text", "paragraphs": list(paragraphs)}


def make_view(name: str = "photos/1.jpg", **facts: object) -> CheckedFile:
    """A photo that was checked."""
    made = {"sha256": "ab" * 32, "width": 1600, "height": 1200, "channels": 3, **facts}
    return CheckedFile(name, "view", "1", "key", size_bytes=9, crc32=0, **made)  # type: ignore[arg-type]


def pictures(per_page: int, *files: str) -> Block:
    """Photos with their lines."""
    items = [
        {
            "file": file,
            "title": f"ภาพที่ {n}",
            "alt": f"ปุ๋ยหมัก {n}",
            "lines": ["๑๓ ก.พ. ๖๗", "ในบริเวณศูนย์"],
        }
        for n, file in enumerate(files, start=1)
    ]
    return {"kind": "pictures", "per_page": per_page, "items": items}  # type: ignore[typeddict-item]


def made(folder: Path, fonts: Path, document: Document, *views: CheckedFile) -> bytes:
    """Set a document; its bytes."""
    known = {view.name: view for view in views}
    return set_document(
        document, folder, "one.pdf", pictures=known, fonts=fonts, timestamp=1_700_000_000
    ).read_bytes()


def shown(data: bytes) -> str:
    """All its text without what only says where a line may break."""
    return re.sub("[\u200b\x02\ufffe\\s]", "", pdf_text(data))


def tags(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    """Every tag of one kind."""
    return [each for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == kind]  # fmt: skip


def test_it_is_pdf_a_2a_tagged_and_thai(tmp_path: Path, fonts: Path) -> None:
    data = made(tmp_path, fonts, make_document(text("รายงานนี้")))
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert pdf.Root.Lang == "th-TH"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.check_pdf_syntax() == []


def test_the_same_document_twice_has_the_same_bytes(tmp_path: Path, fonts: Path) -> None:
    document = make_document(text("รายงานนี้"), pictures(4, "photos/1.jpg"))
    first = made(tmp_path / "a", fonts, document, make_view())
    assert first == made(tmp_path / "b", fonts, document, make_view())


def test_every_injection_is_printed_as_it_was_typed(tmp_path: Path, fonts: Path) -> None:
    typst = (
        '#read("/etc/passwd")',
        "*bold* _it_ $x$ `raw` <label> @ref \\u{41} // note",
        '#import "x"',
    )
    lines = [*INJECTIONS, *typst]
    table = {
        "caption": typst[0],
        "columns": [{"label": each, "width": "1fr", "align": "left"} for each in typst],
        "groups": [{"heading": typst[1], "rows": [list(typst)]}],
        "total": list(typst),
        "tall": False,
    }
    document = make_document(text(*lines), {"kind": "table", "table": table}, title=typst[0])
    document["chapters"][0]["title"] = typst[0]

    found = shown(made(tmp_path, fonts, document))

    for line in lines:
        wanted = line if printable(line) == line else printable(line, 400)
        assert re.sub("[\u200b\\s]", "", wanted) in found
    assert "root:" not in found


UNPRINTABLE = {
    "controls": "ก\x00ข\x07ค\x1bง\ufffeจ",
    "right to left": "\u202egpj.exe\u2066",
    "emoji": "ชมรม 🐮🌾 👩‍🌾",
    "other scripts": "ວຽງຈັນ 云南 မြန်မာ עברית",
    "a tower of marks": "ก" + "\u0e48" * 10_000,
    "a lone surrogate": "ก\ud800ข",
}


def test_no_character_costs_a_district_its_packet(tmp_path: Path, fonts: Path) -> None:
    document = make_document(text(*UNPRINTABLE.values()), title=UNPRINTABLE["emoji"])
    document["chapters"][0]["title"] = UNPRINTABLE["other scripts"]
    assert made(tmp_path, fonts, document)  # PDF/A refuses a glyph that is not there


def test_the_font_has_every_character_that_may_be_printed(tmp_path: Path, fonts: Path) -> None:
    kept = [chr(c) for c in range(0x20, 0x2300) if printable(chr(c)) == chr(c)]
    marks = [f"ก{c}" if 0xE31 <= ord(c) <= 0xE4E else c for c in kept]
    assert len(kept) > 350
    assert made(tmp_path, fonts, make_document(text("".join(marks), " ".join(marks))))


def test_a_photo_is_a_figure_with_words_and_stands_there_as_a_named_placeholder(
    tmp_path: Path, fonts: Path
) -> None:
    document = make_document(pictures(4, "photos/1.jpg", "photos/gone.jpg", ""))
    data = made(tmp_path, fonts, document, make_view())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        images = list(pdf.pages[0].resources.XObject.values())
        assert [marked(each.read_raw_bytes()) for each in images] == ["ab" * 32]
        assert [str(each.Alt) for each in tags(pdf, "/Figure")] == ["ปุ๋ยหมัก 1"]
    assert pdf_text(data).count("ไม่สามารถแสดงภาพนี้ได้") == 2


@pytest.mark.parametrize(("per_page", "many"), [(2, 3), (4, 5), (6, 7)])
def test_as_many_photos_stand_on_a_page_as_were_asked_for(
    tmp_path: Path, fonts: Path, per_page: int, many: int
) -> None:
    document = make_document(pictures(per_page, *["photos/1.jpg"] * many))
    data = made(tmp_path, fonts, document, make_view())
    pages = pypdfium2.PdfDocument(data)
    assert len(pages) == 2
    assert f"ภาพที่ {per_page}" in pages[0].get_textpage().get_text_bounded()
    assert f"ภาพที่ {many}" in pages[1].get_textpage().get_text_bounded()


@pytest.mark.parametrize(("size", "channels", "is_"), [
    ((1600, 1200), 3, (16, 12, 3)), ((1200, 1600), 3, (12, 16, 3)), ((9000, 10), 1, (16, 1, 1)),
])  # fmt: skip
def test_a_placeholder_has_the_shape_and_colours_of_its_photo(
    size: tuple[int, int], channels: int, is_: tuple[int, int, int]
) -> None:
    data = placeholder(make_view(width=size[0], height=size[1], channels=channels))
    with Image.open(io.BytesIO(data)) as image:
        assert (*image.size, len(image.getbands())) == is_
    assert marked(data) == "ab" * 32
    assert marked(data[2:]) is None


def test_who_asked_for_names_stands_on_every_page(tmp_path: Path, fonts: Path) -> None:
    mark = "มีข้อมูลส่วนบุคคล จัดทำให้ นางสาวพัชรี ทดสอบ"
    long = text(*["รายงาน " * 300] * 4)
    data = made(tmp_path, fonts, make_document(long, watermark=mark))
    pages = pypdfium2.PdfDocument(data)
    assert len(pages) > 1
    for page in pages:
        found = page.get_textpage().get_text_bounded().replace(" ", "")
        assert found.count("นางสาวพัชรีทดสอบ") >= 3  # across the page and below its words
    with pikepdf.open(io.BytesIO(data)) as pdf:
        said = b"".join(str(each.get("/ActualText", "")).encode() for each in tags(pdf, "/P"))
        assert mark.encode() not in said


def test_a_code_to_scan_is_drawn_not_a_picture_of_pixels(tmp_path: Path, fonts: Path) -> None:
    address = "https://lakthan.example/packets/check/(5 0 R)"
    data = made(tmp_path, fonts, make_document({"kind": "qr", "data": address, "lines": ["สแกน"]}))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/XObject" not in pdf.pages[0].resources
        assert [str(each.Alt) for each in tags(pdf, "/Figure")] == [address]


def test_a_table_repeats_its_head_on_every_page(tmp_path: Path, fonts: Path) -> None:
    columns = [
        {"label": "หน่วยงาน", "width": "1fr", "align": "left"},
        {"label": "คน", "width": "2cm", "align": "right"},
    ]
    table = {"caption": "ผู้มาใช้บริการ", "columns": columns, "total": ["รวม", "๙"], "tall": False,
             "groups": [{"heading": "บ้านตุ่น", "rows": [["กลุ่มแม่บ้าน", "๑"]] * 90}]}  # fmt: skip
    data = made(tmp_path, fonts, make_document({"kind": "table", "table": table}, wide=True))
    pages = pypdfium2.PdfDocument(data)
    assert len(pages) > 2
    for page in pages:
        assert page.get_width() > page.get_height()
        assert "หน่วยงาน" in page.get_textpage().get_text_bounded()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(tags(pdf, "/TH")) >= 2


def test_digits_of_thai_text_are_thai_and_those_of_codes_are_not() -> None:
    assert thai_text("หมู่ที่ 3 แปลง 12") == "หมู่ที่ ๓ แปลง ๑๒"
    assert thai_text("HLM 3") == "HLM 3"


def test_fonts_that_are_not_there_are_said(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(TypesettingFailed):
        made(tmp_path, tmp_path / "none", make_document(text("รายงานนี้")))
    assert not list(tmp_path.glob("*.set"))
