"""The forms as DOCX: the same words as the PDF, in the official font, inert, always the same."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree

from app.packets.frozen.content import Content, Options
from app.packets.parts import PartMade
from app.packets.report.attachments import attachments
from app.packets.report.back import back_chapters
from app.packets.report.chapters import Block, Chapter, Document
from app.packets.report.cover import cover, document
from app.packets.report.docx import write_docx
from app.packets.report.docx_tables import column_widths
from app.packets.report.front import front_chapters
from app.packets.report.printed import thai_text
from tests.packets.packet_lists import (
    FolderSources,
    make_content,
    make_full_content,
    make_plan_row,
    make_result_row,
)

NOTHING = (PartMade(0, (), (), 0),)
Write = Callable[[Document], Docx]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a document and read it back."""

    def write_(document: Document) -> Docx:
        write_docx(document, tmp_path / "form.docx")
        return docx.Document(str(tmp_path / "form.docx"))

    return write_


def one_chapter(*blocks: Block, **facts: Any) -> Document:
    """A document of one chapter."""
    chapter: Chapter = {"title": "แบบรายงาน", "wide": False, "blocks": list(blocks)}
    chapter.update(facts)  # type: ignore[typeddict-item]
    return document(make_content(), [chapter])


def text_block(*paragraphs: str) -> Block:
    """Paragraphs."""
    return {"kind": "text", "paragraphs": list(paragraphs)}


def said_by(made: Docx) -> list[str]:
    """Every line and cell of a DOCX in reading order; a merged cell once."""
    return [words for words in _said(made) if words]


def _said(made: Docx) -> Iterator[str]:
    for each in made.iter_inner_content():
        if not isinstance(each, Table):
            yield each.text
            continue
        for row in each.rows:
            for cell in row._tr.tc_lst:
                yield from "\n".join(p.text for p in cell.p_lst).split("\n")


def expected(chapters: list[Chapter]) -> list[str]:
    """The words of chapters in the same order."""
    found = []
    for chapter in chapters:
        found += [chapter.get("annex", "")]
        found += [] if chapter.get("goes_on") else [chapter["title"]]
        found += chapter.get("under", [])
        for block in chapter["blocks"]:
            found += _words(block)
    return [words for words in found if words]


def _words(block: Block) -> list[str]:
    found: list[str] = []
    match block["kind"]:
        case "text":
            found = block["paragraphs"]
        case "heading":
            found = [block["text"]]
        case "facts":
            found = [words for row in block["rows"] for words in row]
        case "signatures":
            found = [w for role in block["roles"] for w in ("ลงชื่อ", "(", role, "วันที่")]
        case "qr":
            found = [block["data"], *block["lines"]]
        case "table":
            table = block["table"]
            rows = [w for g in table["groups"] for r in ([g["heading"]], *g["rows"]) for w in r]
            heads = [column["label"] for column in table["columns"]]
            found = [table["caption"], *heads, *rows, *table["total"]]
        case "pictures":
            found = [w for item in block["items"] for w in (item["title"], *item["lines"])]
    return found


def plain(words: list[str]) -> list[str]:
    """Without the dots of the places to sign."""
    return [w for w in (re.sub(r" ?\.{5,}( \))?$", "", word) for word in words) if w]


def test_every_form_says_what_its_chapters_say(sources: FolderSources, write: Write) -> None:
    for each in attachments(make_full_content(sources), NOTHING):
        assert plain(said_by(write(each.document))) == expected(each.document["chapters"])


def test_a_whole_report_can_be_written_too(sources: FolderSources, write: Write) -> None:
    content = make_full_content(sources)
    chapters = [*front_chapters(content, NOTHING), *back_chapters(content, NOTHING)]
    made = write(document(content, chapters, cover=cover(content)))
    said = plain(said_by(made))
    assert said[0] == "รายงานผลความก้าวหน้าและชุดหลักฐาน"
    first = said.index("ส่วนที่ ๑ บทสรุป")
    assert said[first:] == expected(chapters)
    assert len(made.sections) == len(chapters) + 1


def form(content: Content | None = None) -> Document:
    """Attachment 6 of a small plan."""
    rows = (make_plan_row(1), make_plan_row(2))
    return attachments(content or make_content(plan_rows=rows), NOTHING)[0].document


def test_thai_and_latin_letters_have_the_official_font_and_size(write: Write) -> None:
    made = write(form())
    for style, half_points in (("LakthanBody", "32"), ("LakthanCell", "28"), ("Normal", "32")):
        look = next(s.element for s in made.styles if s.element.get(qn("w:styleId")) == style)
        fonts = look.find(f".//{qn('w:rFonts')}")
        assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "cs")} == {
            "TH Sarabun New"
        }
        for size in ("w:sz", "w:szCs"):
            assert look.find(f".//{qn(size)}").get(qn("w:val")) == half_points
    language = made.styles.element.find(f".//{qn('w:lang')}")
    assert {language.get(qn(f"w:{kind}")) for kind in ("val", "bidi")} == {"th-TH"}


def test_no_style_is_named_that_is_not_there(write: Write, sources: FolderSources) -> None:
    made = write(attachments(make_full_content(sources), NOTHING)[2].document)
    known = {style.element.get(qn("w:styleId")) for style in made.styles}
    used = {each.get(qn("w:val")) for each in made.element.body.iter(qn("w:pStyle"))}
    assert used <= known


def test_pages_are_a4_with_official_margins_and_lie_across_where_wide(write: Write) -> None:
    wide = write(form()).sections[0]
    tall = write(one_chapter(text_block("ก"))).sections[0]
    assert [round(side.cm, 1) for side in (wide.page_width, wide.page_height)] == [29.7, 21.0]
    assert [round(side.cm, 1) for side in (tall.page_width, tall.page_height)] == [21.0, 29.7]
    for section in (wide, tall):
        assert [round(s.cm, 1) for s in (section.left_margin, section.right_margin)] == [3.0, 2.0]


@pytest.mark.parametrize(("digits", "shown"), [("thai", "thaiNumbers"), ("arabic", "decimal")])
def test_pages_are_numbered_at_the_top_from_the_second_on(
    write: Write, digits: str, shown: str
) -> None:
    made = write(form(make_content(options=Options(digits=digits))))
    section = made.sections[0]
    assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:fmt")) == shown
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == ""
    field = section.header._element.find(f".//{qn('w:instrText')}")
    assert field.text.split() == ["PAGE"]
    assert section.header.paragraphs[0].text == "- 1 -"  # until somebody opens it


def test_a_tables_head_is_repeated_and_its_groups_span_it(write: Write) -> None:
    rows = (make_plan_row(1), make_plan_row(2))
    content = make_content(plan_rows=rows, result_rows=(make_result_row(1),))
    made = write(attachments(content, NOTHING)[1].document)
    lines = made.tables[0]._tbl.tr_lst
    assert [bool(line.findall(f".//{qn('w:tblHeader')}")) for line in lines[:3]] == [
        True, False, False,
    ]  # fmt: skip
    assert lines[1].find(f".//{qn('w:gridSpan')}").get(qn("w:val")) == "13"


def test_columns_fill_the_page_and_no_more() -> None:
    assert column_widths(["1cm", "1fr", "2fr"], 16.0) == [567, 2835, 5670]
    for table in (
        block["table"]
        for chapter in form()["chapters"]
        for block in chapter["blocks"]
        if block["kind"] == "table"
    ):
        widths = column_widths([column["width"] for column in table["columns"]], 24.7)
        assert sum(widths) == pytest.approx(24.7 * 567, abs=len(widths))
        assert min(widths) >= 0.9 * 567


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.docx", "two.docx"):
        write_docx(form(), tmp_path / name, created=datetime(2024, 4, 2, 2, 30, tzinfo=UTC))
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.docx") as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_STORED}
    made = docx.Document(str(tmp_path / "one.docx"))
    assert made.core_properties.created == datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
    assert made.core_properties.author == form()["author"]


def test_every_piece_is_declared_and_none_is_torn(tmp_path: Path) -> None:
    write_docx(form(), tmp_path / "form.docx")
    with zipfile.ZipFile(tmp_path / "form.docx") as package:
        names = set(package.namelist())
        assert package.testzip() is None
        for name in names:
            if name.endswith(".rels"):
                base = Path(name).parent.parent
                for link in etree.fromstring(package.read(name)):
                    assert link.get("TargetMode") != "External"
                    assert (base / link.get("Target")).as_posix().removeprefix("/") in names


INJECTIONS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0", "=IMPORTXML(1)", "\t=1+1", "\r=1+1", "\n=1+1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<!--",
    "-->", "]]>", "<![CDATA[x]]>", "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", "&lt;b&gt;", "&amp;", "&#0;",
    "&#x1F;", "&unknown;", "</w:t></w:r></w:p>", "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
    "<w:fldSimple w:instr='PAGE'/>", "{ INCLUDETEXT \"c:\\\\x\" }", "{ DDEAUTO c:\\\\cmd.exe }",
    "{PAGE}", "{{ 7*7 }}", "{% include 'x' %}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    '#read("/etc/passwd")', "*bold* _it_ $x$ `raw` <label> @ref", "\\u{41} // note", "#panic()",
    "'; DROP TABLE packet; --", '" OR 1=1 --', "1; SELECT 1", "`id`", "$(id)", "| id", "; id",
    "../../etc/passwd", "..\\..\\x", "C:\\CON", "file:///etc/passwd", "javascript:alert(1)",
    "data:text/html,x", "http://evil.example/", "mailto:a@b.c", "%00", "%s%n%x", "\\", "\"", "'",
    "\u202egpj.exe", "a\x00b", "a\x07\x1bb", "a\ufffeb", "a\ud800b", "\ufeffa", "a\u2028b",
)  # fmt: skip


def test_there_are_at_least_sixty_hostile_strings() -> None:
    assert len(set(INJECTIONS)) >= 60


def test_hostile_text_is_text_whoever_typed_it(write: Write, tmp_path: Path) -> None:
    made = write(one_chapter(text_block(*INJECTIONS)))
    kinds = {each.tag for each in made.element.body.iter()}
    assert kinds <= {
        qn(f"w:{name}")
        for name in (
            "body", "p", "pPr", "pStyle", "r", "t", "sectPr", "pgSz", "pgMar", "cols", "docGrid",
            "headerReference", "footerReference", "pgNumType", "titlePg",
        )
    }  # fmt: skip
    said = [p.text for p in made.paragraphs]
    for typed in INJECTIONS:
        kept = "".join(
            " " if c in "\t\r\n" else c for c in typed if c not in "\x00\x07\x1b\ufffe\ud800"
        )
        assert kept in said, typed


def test_hostile_text_in_every_field_of_a_plan_stays_in_its_cell(write: Write) -> None:
    rows = tuple(
        make_plan_row(
            n, title=typed, problem=typed, target=typed, responsible=typed, dropped_reason=typed,
            strategy=typed, side=typed, budget_source=typed, partners=(typed,),
        )
        for n, typed in enumerate(INJECTIONS, start=1)
    )  # fmt: skip
    made = write(form(make_content(plan_rows=rows)))
    lines = made.tables[0].rows[1:-1]
    assert len(lines) == len(INJECTIONS)
    assert {len(line._tr.tc_lst) for line in lines} == {14}
    for line, typed in zip(lines, INJECTIONS, strict=True):
        assert line.cells[5].text == (thai_text(typed) or "–")
