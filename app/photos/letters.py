"""Thai on a picture: fonts, widths, and where a long name may be parted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

FONT_FOLDER = Path(__file__).resolve().parents[2] / "static" / "dist" / "fonts"
ELLIPSIS = "…"
# Marks stand on the consonant before them, and these vowels before the one after: no parting.
_CLINGS = frozenset("ัิีึืฺุู็่้๊๋์ํ๎ะาำๅฯๆ")
_LEADS = frozenset("เแโใไ")

Font = ImageFont.FreeTypeFont


class NoLetters(Exception):
    """The fonts or the shaping of Thai are not there: the pages' build leaves the fonts."""


@cache
def font(cut: str, size_px: int) -> Font:
    """Sarabun's `cut` (Regular, Bold), shaped by raqm: tones stand above vowels, not in them.

    Raises:
        NoLetters: as above.
    """
    if not features.check("raqm"):
        raise NoLetters("Pillow was built without raqm")
    try:
        path = FONT_FOLDER / f"Sarabun-{cut}.ttf"
        return ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.RAQM)
    except OSError as error:
        raise NoLetters(str(error)) from error


@lru_cache(maxsize=64)
def drawn(text: str, face: Font) -> Image.Image:
    """The text as a mask, its beginning `face.size` from the left, its baseline twice that down.

    Kept, because drawing letters is the dearest part of a stamp (1 ms a line) and most lines of
    one centre's photos are the same.
    """
    room = int(face.size)
    mask = Image.new("L", (int(face.getlength(text)) + 2 * room, 3 * room))
    ImageDraw.Draw(mask).text((room, 2 * room), text, 255, face, anchor="ls")
    return mask


def one_line(text: str) -> str:
    """The text with every run of white space as one blank: a break would not be drawn."""
    return " ".join(text.split())


def wrapped(text: str, face: Font, width_px: float, most: int) -> list[str]:
    """The text in at most `most` lines; what does not fit is cut, and shown to be."""
    lines: list[str] = []
    rest = one_line(text)
    while len(lines) < most - 1 and face.getlength(rest) > width_px:
        first = _to_syllable(_fitting(rest, face, width_px))
        lines.append(first.rstrip())
        rest = rest[len(first) :].lstrip()
    return [*lines, shortened(rest, face, width_px)]


def _to_syllable(line: str) -> str:
    """The line without the word it breaks in: up to a blank, or to a vowel that begins a syllable.

    Thai writes no blanks between words; one far to the left would waste the line.
    """
    least = len(line) // 3
    blank = line.rfind(" ", least)
    leads = max(line.rfind(vowel, least) for vowel in _LEADS)
    at = blank if blank > 0 else leads
    return line[:at] if at > 0 else line


def shortened(text: str, face: Font, width_px: float) -> str:
    """The text, or as much of it as fits before an ellipsis."""
    if face.getlength(text) <= width_px:
        return text
    return _fitting(text, face, width_px - face.getlength(ELLIPSIS)).rstrip() + ELLIPSIS


def _fitting(text: str, face: Font, width_px: float) -> str:
    """The longest beginning of whole syllable parts that fits; at least one."""
    ends = list(accumulate(len(part) for part in _parts(text)))
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if face.getlength(text[: ends[middle]]) <= width_px:
            low = middle
        else:
            high = middle - 1
    return text[: ends[low]]


def _parts(text: str) -> Iterator[str]:
    """Letters with what clings to them."""
    part = ""
    for letter in text:
        if part and letter not in _CLINGS and part[-1] not in _LEADS:
            yield part
            part = ""
        part += letter
    if part:
        yield part
