"""The report bound from its parts: one archival PDF, with the photos' own bytes in it."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from app.packets.frozen.content import Content, Options
from app.packets.parts import PartMade
from app.packets.report.binding import page_count
from app.packets.report.pdf_objects import NotOurPdf, entries, renumbered
from tests.packets.bound_reports import bind, make_parts
from tests.packets.packet_lists import (
    FolderSources,
    make_centre,
    make_content,
    make_followup,
    make_photo,
    make_visit,
)

PLACEHOLDER = re.compile(rb"lakthan:[0-9a-f]{64}")
NAMES = ("ศูนย์บ้านตุ่น (5 0 R", "ศูนย์ \\) >> /Kids[1 0 R]", "Centre (U2x0y0)")


@dataclass
class Bound:
    """A report of three centres in three parts, and what it was bound from."""

    content: Content
    sources: FolderSources
    made: list[PartMade]
    pages: list[Path]
    data: bytes


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory, fonts: Path) -> Bound:
    """Made once: the tests only read it."""
    folder = tmp_path_factory.mktemp("bound")
    (folder / "photos").mkdir()
    sources = FolderSources(folder / "photos")
    codes = [f"5601-{n:03}" for n in (1, 2, 3)]
    content = make_content(
        centres=tuple(make_centre(n, name=NAMES[n - 1]) for n in (1, 2, 3)),
        visits=tuple(make_visit(n, centre_code=codes[n % 3]) for n in (3, 6, 1, 4, 2)),
        followups=(make_followup(1, visit_id="018d0000-0000-7000-8000-000000000003"),),
        photos=tuple(
            make_photo(sources, n, centre_code=codes[(n - 1) // 2], caption=NAMES[0])
            for n in range(1, 7)
        ),
    )
    made, pages = make_parts(content, sources, folder, fonts)
    data = bind(content, sources, folder, fonts, (made, pages)).read_bytes()
    return Bound(content, sources, made, pages, data)


def outline(pdf: pikepdf.Pdf) -> list[tuple[int, str, int]]:
    """Level, words and page (from 1) of every bookmark."""
    places = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    found: list[tuple[int, str, int]] = []

    def walk(items: list[pikepdf.OutlineItem], level: int) -> None:
        for item in items:
            assert item.destination is not None
            found.append((level, item.title, places[item.destination[0].objgen]))
            walk(list(item.children), level + 1)

    with pdf.open_outline() as tree:
        walk(list(tree.root), 1)
    return found


def test_it_is_one_archival_pdf_that_readers_accept(bound: Bound) -> None:
    with pikepdf.open(io.BytesIO(bound.data)) as pdf, pdf.open_metadata() as meta:
        assert pdf.check_pdf_syntax() == []
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert meta["xmp:CreateDate"].startswith("2024-04-02")
        assert meta["dc:title"] == str(pdf.docinfo.Title)
        assert pdf.Root.Lang == "th-TH"
        assert len(pdf.Root.OutputIntents) == 1
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.OutputIntents[0].DestOutputProfile.N == 3
        assert not pdf.is_encrypted
        assert len(pdf.trailer.ID) == 2
    assert bound.data.count(b"%%EOF") == 1


def test_every_page_can_be_drawn_and_every_font_travels_along(bound: Bound) -> None:
    document = pypdfium2.PdfDocument(bound.data)
    for page in document:
        assert page.render(scale=0.1).to_pil().getextrema() != ((255, 255),) * 3
    with pikepdf.open(io.BytesIO(bound.data)) as pdf:
        for page in pdf.pages:
            for font in page.resources.Font.values():
                assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
                assert "/ToUnicode" in font


def test_pages_are_numbered_through_but_for_the_cover(bound: Bound) -> None:
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    document = pypdfium2.PdfDocument(bound.data)
    assert len(document) > sum(part.pages for part in bound.made) + 8
    for number, page in enumerate(document, start=1):
        said = f"- {number} -".translate(thai) in page.get_textpage().get_text_bounded()
        assert said is (number > 1)
    with pikepdf.open(io.BytesIO(bound.data)) as pdf:
        stamp = pdf.pages[1].Contents[0].read_bytes()
        assert stamp.startswith(b"/Artifact<</Type/Pagination")
        assert str(pdf.Root.PageLabels.Nums[1].P) == "ปก"


def test_the_contents_lead_where_they_say(bound: Bound) -> None:
    with pikepdf.open(io.BytesIO(bound.data)) as pdf:
        marks = outline(pdf)
        links = [link for page in pdf.pages for link in page.get("/Annots", [])]
        places = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        lines = [(str(link.Contents), places[link.Dest[0].objgen]) for link in links]
        wanted = [mark[1:] for mark in marks if mark[0] == 1 or mark[1].startswith(NAMES)]
        assert [line for line in lines if line in wanted] == wanted
        assert set(lines) <= {mark[1:] for mark in marks}
        assert not any("/A" in link for link in links)
        document = pypdfium2.PdfDocument(bound.data)
        for _level, words, page in marks:
            text = document[page - 1].get_textpage().get_text_bounded()
            assert "".join(words.split())[:8] in "".join(text.split())


def test_centres_are_bookmarks_below_their_chapter_though_parts_made_them(bound: Bound) -> None:
    with pikepdf.open(io.BytesIO(bound.data)) as pdf:
        marks = outline(pdf)
    centres = [mark for mark in marks if "5601-00" in mark[1] and mark[0] == 2]
    assert [name for name in NAMES if any(name in mark[1] for mark in centres)] == list(NAMES)
    assert sum(mark[1].startswith("ส่วนที่ ๗") for mark in marks) == 1
    assert [mark[2] for mark in marks] == sorted(mark[2] for mark in marks)


def test_every_marked_word_is_reached_from_the_one_tag_tree(bound: Bound) -> None:
    with pikepdf.open(io.BytesIO(bound.data)) as pdf:
        root = pdf.Root.StructTreeRoot
        assert [str(kid.S) for kid in root.K] == ["/Document"]
        assert {str(kid.S) for kid in root.K[0].K} == {"/Part"}
        parents = pikepdf.NumberTree(root.ParentTree)
        reached = below(root.K[0])
        keys = [int(page.StructParents) for page in pdf.pages]
        keys += [int(link.StructParent) for p in pdf.pages for link in p.get("/Annots", [])]
        assert len(set(keys)) == len(keys)
        assert max(keys) < int(root.ParentTreeNextKey)
        for key in keys:
            held = parents[key]
            for tag in held if isinstance(held, pikepdf.Array) else [held]:
                assert tag.objgen in reached
        names = pikepdf.NameTree(root.IDTree)
        assert all(str(tag.ID) == name for name, tag in names.items())


def below(tag: pikepdf.Object) -> set[tuple[int, int]]:
    """The tag and all that stand below it; each says who is above."""
    found, open_ = set(), [tag]
    while open_:
        one = open_.pop()
        found.add(one.objgen)
        kids = one.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                assert kid.P.objgen == one.objgen
                open_.append(kid)
    return found


def test_the_photos_own_bytes_stand_in_the_report(bound: Bound) -> None:
    with pikepdf.open(io.BytesIO(bound.data)) as pdf:
        images = [
            image for page in pdf.pages for image in page.resources.get("/XObject", {}).values()
        ]
        digests = {hashlib.sha256(image.read_raw_bytes()).hexdigest() for image in images}
        assert digests == {photo.view_sha256 for photo in bound.content.photos}
        for image in images:
            assert {int(image.Width), int(image.Height)} in ({1600, 1200}, {1600, 900})
            assert image.ColorSpace[0] == "/ICCBased"
    assert not PLACEHOLDER.search(bound.data)


def test_the_same_parts_make_the_same_bytes(bound: Bound, tmp_path: Path, fonts: Path) -> None:
    again = bind(bound.content, bound.sources, tmp_path, fonts, (bound.made, bound.pages))
    assert again.read_bytes() == bound.data


def test_a_photo_lost_or_spoilt_since_leaves_its_frame(
    bound: Bound, tmp_path: Path, fonts: Path
) -> None:
    views = [f for part in bound.made for f in part.files if f.kind == "view"]
    (tmp_path / "photos").mkdir()
    sources = FolderSources(tmp_path / "photos")
    for view in views[2:]:
        sources.path(view.key).write_bytes(bound.sources.path(view.key).read_bytes())
    sources.path(views[1].key).write_bytes(b"GIF89a" + bytes(views[1].size_bytes - 6))
    sources.path(views[2].key).write_bytes(b"\xff\xd8\xff")

    data = bind(bound.content, sources, tmp_path, fonts, (bound.made, bound.pages)).read_bytes()

    assert len(PLACEHOLDER.findall(data)) == 3
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_a_whole_document_has_arabic_digits_if_asked_for(
    sources: FolderSources, tmp_path: Path, fonts: Path
) -> None:
    content = make_content(options=Options(digits="arabic"))
    document = pypdfium2.PdfDocument(bind(content, sources, tmp_path, fonts).read_bytes())
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "- 2 -" in text
    assert not set("๐๑๒๓๔๕๖๗๘๙") & set(text)


def test_something_else_than_our_pages_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4\n")
    with pytest.raises(NotOurPdf):
        page_count(tmp_path / "x.pdf")


def test_what_stands_in_strings_is_no_reference() -> None:
    head = rb"<</Alt(a \) (5 0 R) b)/P 7 0 R/K[1 0 2 8 0 R]/T<0041>>>"
    assert renumbered(head, 100) == rb"<</Alt(a \) (5 0 R) b)/P 107 0 R/K[1 0 2 108 0 R]/T<0041>>>"
    assert entries(head) == {
        "Alt": rb"(a \) (5 0 R) b)", "P": b"7 0 R", "K": b"[1 0 2 8 0 R]", "T": b"<0041>",
    }  # fmt: skip
