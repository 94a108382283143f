"""One PDF after the other taken into the report: objects renumbered, pages numbered, links led."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from app.packets.report.bound_photos import Photos
from app.packets.report.metadata import About, text_string, write_info, write_xmp
from app.packets.report.outlines import Mark, destination, write_outlines
from app.packets.report.page_numbers import FONT, NumberFont
from app.packets.report.pdf_file import PdfFile
from app.packets.report.pdf_objects import (
    Sheets,
    entries,
    outside_strings,
    reference,
    references,
    renumbered,
)
from app.packets.report.tags import Tags

_LINK = b"<</Type/Annot/Subtype/Link"
_TAG = b"<</Type/StructElem"
_LINE = re.compile(rb"/A<</Type/Action/S/URI/URI\(lakthan-line:(\d+)\)>>")
_CONTENTS = re.compile(rb"/Contents (\d+ 0 R)")
_SPOKEN = re.compile(rb"/Contents\(lakthan-line:\d+\)")
Change = Callable[[bytes], bytes]


class Binder:
    """The report under way.  It remembers its pages' numbers and little else."""

    def __init__(self, file: PdfFile, photos: Photos, font: NumberFont, digits: str) -> None:
        """Begin an empty report."""
        self._file, self._photos, self._font, self._digits = file, photos, font, digits
        self.pages: list[int] = []
        self._tree, self._kids = file.reserve(), list[int]()
        self._tags = Tags(file.reserve(), file.reserve())
        self._lines: list[tuple[Mark, int]] = []
        self._intents = b""

    def link_to(self, lines: Sequence[Mark]) -> None:
        """Keep a number for the destination of each line of the contents."""
        first = self._file.reserve(len(lines))
        self._lines = [(mark, first + place) for place, mark in enumerate(lines)]

    def take(self, sheets: Sheets) -> None:
        """Write a PDF's objects into the report."""
        base = self._file.reserve(len(sheets))
        shift = self._tags.next_key
        self._tags.take_tree(self._file, sheets, base)
        left_out = _left_out(sheets, with_intents=bool(self._intents))
        if not self._intents:
            intents = reference(sheets.catalog["OutputIntents"])
            self._intents = renumbered(sheets.head(intents), base)
        changes = self._page_changes(sheets, base, shift)
        for number, head, stream in sheets.objects():
            if number in left_out:
                continue
            moved = renumbered(head, base)
            if stream is not None:
                self._write_stream(number + base, moved, stream)
            elif change := changes.get(number):
                self._file.write(number + base, change(moved))
            elif head.startswith(_TAG):
                self._file.write(number + base, self._tags.element(moved, base))
            elif head.startswith(_LINK):
                self._file.write(number + base, self._link(moved, shift))
            else:
                self._file.write(number + base, moved)

    def close(self, marks: Sequence[Mark], about: About, name: str) -> None:
        """Write what holds the pages together, and the table of all objects."""
        for mark, number in self._lines:
            self._file.write(number, destination(mark, self.pages))
        self._tags.write(self._file)
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._file.write(self._tree, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self.pages), kids))
        outlines = write_outlines(self._file, marks, self.pages)
        root = self._file.add(
            b"<</Type/Catalog/Pages %d 0 R/Outlines %d 0 R/PageMode/UseOutlines"
            b"/PageLabels<</Nums[0<</P%b>>1<</S/D/St 2>>]>>/OutputIntents%b/Metadata %d 0 R"
            b"/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Lang(th-TH)"
            b"/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (self._tree, outlines, text_string("ปก"), self._intents,
               write_xmp(self._file, about), self._tags.root)
        )  # fmt: skip
        self._file.close(root, write_info(self._file, about), name.encode())

    def _page_changes(self, sheets: Sheets, base: int, shift: int) -> dict[int, Change]:
        """What becomes of the objects that make pages: tree, pages, and what pages draw with."""
        changes: dict[int, Change] = {sheets.pages_root: self._under_tree}
        self._kids.append(sheets.pages_root + base)
        for number in sheets.pages():
            page = entries(sheets.head(number))
            changes[number] = self._page(page["MediaBox"], shift)
            changes[reference(page["Resources"])] = self._with_font
            self.pages.append(number + base)
        return changes

    def _under_tree(self, head: bytes) -> bytes:
        return head[:-2] + b"/Parent %d 0 R>>" % self._tree

    def _with_font(self, head: bytes) -> bytes:
        font = b"/%b %d 0 R" % (FONT.encode(), self._font.number)
        if b"/Font<<" in head:
            return head.replace(b"/Font<<", b"/Font<<" + font, 1)
        return head[:-2] + b"/Font<<" + font + b">>>>"

    def _page(self, box: bytes, shift: int) -> Change:
        """A page with its number drawn before all else; the cover has none."""
        page = len(self.pages) + 1

        def change(head: bytes) -> bytes:
            head = self._tags.keyed(head, shift)
            if page == 1:
                return head
            _left, _bottom, width, height = map(float, box[1:-1].split())
            drawing = self._font.stamp(page, width, height, self._digits)
            number = self._file.reserve()
            self._file.write_stream(number, b"<</Length %d>>" % len(drawing), [drawing])
            return _CONTENTS.sub(rb"/Contents[%d 0 R \1]" % number, head, count=1)

        return change

    def _link(self, head: bytes, shift: int) -> bytes:
        """A line of the contents leads to its heading and says so."""
        found = _LINE.search(head)
        if found:
            mark, number = self._lines[int(found[1])]
            head = head.replace(found[0], b"/Dest %d 0 R" % number, 1)
            head = _SPOKEN.sub(lambda _found: b"/Contents" + text_string(mark.words), head)
        return outside_strings(head, lambda piece: self._tags.keyed(piece, shift))

    def _write_stream(self, number: int, head: bytes, stream: memoryview) -> None:
        photo = b"/DCTDecode" in head
        if not (photo and self._photos.write(self._file, number, head, stream)):
            self._file.write_stream(number, head, [stream])


def _left_out(sheets: Sheets, *, with_intents: bool) -> set[int]:
    """What the whole report has once: catalog, trees, bookmarks, what the file says of itself."""
    catalog = sheets.catalog
    out = {sheets.root, sheets.info, reference(catalog["StructTreeRoot"])}
    out.add(reference(catalog["Metadata"]))
    intents = reference(catalog["OutputIntents"])
    out |= {intents, *(references(sheets.head(intents)) if with_intents else ())}
    if "Outlines" in catalog:
        out |= _bookmarks(sheets, reference(catalog["Outlines"]))
    return out


def _bookmarks(sheets: Sheets, number: int) -> set[int]:
    """The numbers of a tree of bookmarks and of where they lead."""
    found = {number}
    item = entries(sheets.head(number))
    if "Dest" in item:
        found.add(reference(item["Dest"]))
    following = item.get("First")
    while following:
        below = reference(following)
        found |= _bookmarks(sheets, below)
        following = entries(sheets.head(below)).get("Next")
    return found
