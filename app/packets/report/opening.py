"""Cover and contents: set last, when it is known on which page every heading stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.packets.frozen.content import Content
from app.packets.report.cover import cover, document
from app.packets.report.outlines import Mark
from app.packets.report.pdf_objects import Sheets
from app.packets.report.setting import set_document

LINES_A_PAGE = 34  # a first guess; a wrong one costs another setting
MOST_TRIES = 5


def write_opening(content: Content, lines: Sequence[Mark], folder: Path, fonts: Path) -> Path:
    """Set cover and contents; `lines` have their pages counted from 0 after the contents.

    The contents push what follows down by their own length, so they are set again until the
    length they were set for is the length they have.

    Raises:
        TypesettingFailed: the template or the fonts are broken.
    """
    guess = 2 + len(lines) // LINES_A_PAGE
    for number in range(MOST_TRIES):
        path = _set(content, [line_of(each, guess) for each in lines], folder, fonts, number)
        length = len(Sheets(path).pages())
        if length == guess:
            break
        guess = length
    return path


def line_of(mark: Mark, before: int) -> tuple[str, int, int]:
    """Title, level and printed page of a line; `before`: how many pages come before."""
    return mark.words, mark.level, mark.page + before + 1


def _set(
    content: Content, lines: list[tuple[str, int, int]], folder: Path, fonts: Path, number: int
) -> Path:
    made = document(content, [], cover=cover(content), contents=lines)
    at = int(content.requested.at.timestamp())
    name = f"opening-{number}.pdf"
    return set_document(made, folder, name, pictures={}, fonts=fonts, timestamp=at, numbered=False)
