"""Page numbers: set when all pages are known, on every page but the cover, as an artifact.

Their glyphs come from a sheet that Typst set: one small font for the whole report.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.packets.report.chapters import Document
from app.packets.report.pdf_file import PdfFile
from app.packets.report.pdf_objects import NotOurPdf, Sheets, entries, reference, renumbered
from app.packets.report.setting import set_document

GLYPHS = "- ๐๑๒๓๔๕๖๗๘๙0123456789"
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
SIZE_PT = 10.8  # Sarabun's "16 pt"
BELOW_TOP_PT = 45  # 1.6 cm
AXIS_PT = 14.17  # 0.5 cm: the margins are 3 cm and 2 cm
FONT = "LakthanNumbers"
_CHARACTERS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_TRIPLE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


@dataclass(frozen=True, slots=True)
class NumberFont:
    """A font in the report, its code for each character, and how wide each is (1/1000)."""

    number: int
    codes: dict[str, int]
    widths: dict[int, int]

    def stamp(self, page: int, width_pt: float, height_pt: float, digits: str) -> bytes:
        """The drawing of one page's number: - ๑๒ -, centred between the margins."""
        words = f"- {page} -" if digits == "arabic" else f"- {page} -".translate(THAI)
        codes = [self.codes[character] for character in words]
        length = sum(self.widths.get(code, 0) for code in codes) * SIZE_PT / 1000
        x, y = (width_pt - length) / 2 + AXIS_PT, height_pt - BELOW_TOP_PT
        shown = "".join(f"{code:04x}" for code in codes)
        return (
            "/Artifact<</Type/Pagination/Subtype/Header/Attached[/Top]>>BDC q BT "
            f"/{FONT} {SIZE_PT} Tf {x:.2f} {y:.2f} Td <{shown}> Tj ET Q EMC\n"
        ).encode()


def number_font(file: PdfFile, folder: Path, fonts: Path) -> NumberFont:
    """Set the sheet of digits, and copy its font into the report.

    Raises:
        TypesettingFailed: the fonts are broken.
        NotOurPdf: the sheet lacks a digit.
    """
    path = set_document(_sheet(), folder, "digits.pdf", pictures={}, fonts=fonts, timestamp=0)
    sheets = Sheets(path)
    page = entries(sheets.head(sheets.pages()[0]))
    resources = entries(sheets.head(reference(page["Resources"])))
    font = reference(next(iter(entries(resources["Font"]).values())))
    facts = entries(sheets.head(font))
    codes = _codes(zlib.decompress(bytes(sheets.stream(reference(facts["ToUnicode"])) or b"")))
    if not set(GLYPHS) <= set(codes):
        raise NotOurPdf("digits")
    below = entries(sheets.head(int(facts["DescendantFonts"][1:-1].split()[0])))
    base = file.reserve(len(sheets))
    for number in _closure(sheets, font):
        head, stream = renumbered(sheets.head(number), base), sheets.stream(number)
        if stream is None:
            file.write(number + base, head)
        else:
            file.write_stream(number + base, head, [stream])
    return NumberFont(font + base, codes, _widths(below["W"]))


def _sheet() -> Document:
    return {
        "title": "–", "author": "–", "header": "", "watermark": "", "digits": "thai",
        "unbroken": "", "cover": None, "contents": None,
        "chapters": [{"title": "", "wide": False, "goes_on": True,
                      "blocks": [{"kind": "text", "paragraphs": [GLYPHS]}]}],
    }  # fmt: skip


def _closure(sheets: Sheets, number: int) -> list[int]:
    found, open_ = {number}, [number]
    while open_:
        for each in _references(sheets.head(open_.pop())):
            if each not in found:
                found.add(each)
                open_.append(each)
    return sorted(found)


def _references(head: bytes) -> Iterator[int]:
    return (int(number) for number in re.findall(rb"(\d+) 0 R\b", head))


def _codes(cmap: bytes) -> dict[str, int]:
    """Which code shows which character, read from the font's table for copying text."""
    found: dict[str, int] = {}
    for block in _CHARACTERS.findall(cmap):
        for code, character in _PAIR.findall(block):
            found[bytes.fromhex(character.decode()).decode("utf-16-be")] = int(code, 16)
    for block in _RANGES.findall(cmap):
        for first, last, character in _TRIPLE.findall(block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[chr(int(character, 16) + step)] = int(first, 16) + step
    return found


def _widths(table: bytes) -> dict[int, int]:
    """Typst writes first, last, width for each run of codes."""
    numbers = [round(float(word)) for word in table.strip(b"[]").split()]
    return {
        code: width
        for first, last, width in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
        for code in range(first, last + 1)
    }
