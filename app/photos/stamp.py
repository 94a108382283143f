"""The stamped picture: the rendition whole, and below it a band that says what it is.

Nothing of the picture is covered.  Letters are sized by the width, so that they can be read
where the picture is as wide as a phone; a picture too narrow for them stands on paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from app.photos.letters import Font, drawn, font, one_line, shortened, wrapped
from app.photos.splice import encoded, with_band
from app.photos.stamp_words import StampLines

LEAST_WIDTH_PX = 640

_LETTERS_ACROSS = 35  # of the width is one letter's height: 10 px on a phone 360 px wide
_LINE = 1.36  # of a letter's height: room for a tone above a vowel
_BASELINE = 0.74  # of a line's height, from its top
_CODE_TITLE = "รหัสตรวจสอบ"
_WIDEST_TITLE = 13  # letters' heights; a longer address would leave the centre's name no room
_PAPER, _INK, _SOFT = (255, 253, 247), (18, 35, 27), (71, 82, 73)
_GREEN, _WHITE, _PALE = (15, 59, 42), (255, 255, 255), (213, 230, 216)
_LANDS = ((196, 98, 58), (77, 155, 184), (224, 169, 46))  # the stripe below the pages' head

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of one look."""

    text: str
    face: Font
    colour: Colour

    @property
    def width(self) -> float:
        return self.face.getlength(self.text)

    @property
    def gap(self) -> float:
        """Before the words that follow."""
        return self.face.size * 0.45


Row = list[_Run]


def stamped(view: Image.Image, view_jpeg: bytes, lines: StampLines) -> bytes:
    """The view (RGB; `view_jpeg` is `splice.encoded` of it) with its band, as a JPEG.

    Raises:
        NoLetters: the fonts are not there.
        NotSpliceable: the two views are not the same.
    """
    if view.width >= LEAST_WIDTH_PX:
        return with_band(view_jpeg, view, band(lines, view.width))
    below = band(lines, LEAST_WIDTH_PX)
    sheet = Image.new("RGB", (LEAST_WIDTH_PX, view.height + below.height), _PAPER)
    sheet.paste(view, ((LEAST_WIDTH_PX - view.width) // 2, 0))
    sheet.paste(below, (0, view.height))
    return encoded(sheet)


def band(lines: StampLines, width: int) -> Image.Image:
    """The band alone, `width` pixels wide (at least `LEAST_WIDTH_PX`) and as high as it needs."""
    unit = width // _LETTERS_ACROSS
    margin, stripe = round(unit * 0.7), max(3, unit // 6)
    pill = _pill(lines, unit)
    rows = [
        *_heading(lines, unit, width - 3 * margin - pill.width),
        *_details(lines, unit, width - 2 * margin),
    ]
    top = stripe + round(margin * 0.8)
    picture = Image.new("RGB", (width, top + round(sum(map(_height, rows)) + margin / 2)), _PAPER)
    draw = ImageDraw.Draw(picture)
    for place, colour in enumerate(_LANDS):
        draw.rectangle((width * place // 3, 0, width * (place + 1) // 3, stripe - 1), colour)
    picture.paste(pill, (width - margin - pill.width, top))
    _write(picture, rows, margin, top)
    return picture


def _heading(lines: StampLines, unit: int, width: int) -> Iterator[Row]:
    bold, plain = font("Bold", round(unit * 1.2)), font("Regular", unit)
    for part in wrapped(lines.centre, bold, width, 2):
        yield [_Run(part, bold, _INK)]
    yield [_Run(shortened(one_line(lines.place), plain, width), plain, _SOFT)]


def _details(lines: StampLines, unit: int, width: int) -> Iterator[Row]:
    bold, plain = font("Bold", unit), font("Regular", unit)
    when, where = _Run(lines.when, bold, _INK), _Run(lines.where, bold, _INK)
    sources = (f"{lines.when_source} · {lines.provenance}", lines.where_source)
    when_source, where_source = (_Run(text, plain, _SOFT) for text in sources)
    yield from _flowing((when, when_source), width)
    yield from _flowing((where, where_source), width)


def _flowing(runs: Iterable[_Run], width: int) -> Iterator[Row]:
    """The runs beside each other where they fit, else below each other."""
    row: Row = []
    for run in runs:
        if row and run.text and sum(each.width + each.gap for each in row) + run.width > width:
            yield row
            row = []
        if run.text:
            row.append(_Run(shortened(run.text, run.face, width), run.face, run.colour))
    yield row


def _height(row: Row) -> float:
    return _LINE * max(run.face.size for run in row)


def _write(picture: Image.Image, rows: Iterable[Row], left: int, top: float) -> None:
    for row in rows:
        x, baseline = float(left), top + _height(row) * _BASELINE
        for run in row:
            _put(picture, run, x, baseline)
            x += run.width + run.gap
        top += _height(row)


def _put(picture: Image.Image, run: _Run, x: float, baseline: float) -> None:
    room = int(run.face.size)
    place = (round(x) - room, round(baseline) - 2 * room)
    picture.paste(run.colour, place, drawn(run.text, run.face))


def _pill(lines: StampLines, unit: int) -> Image.Image:
    """The code and where to ask with it, to be found at once by whoever holds the picture."""
    small = font("Regular", round(unit * 0.75))
    title = _Run(lines.verify_at or _CODE_TITLE, small, _PALE)
    if title.width > unit * _WIDEST_TITLE:
        title = _Run(_CODE_TITLE, small, _PALE)
    letters = _Run(lines.code, font("Bold", round(unit * 1.2)), _WHITE)
    size = (round(max(title.width, letters.width) + unit), round(unit * 2.8))
    pill = Image.new("RGB", size, _PAPER)
    ImageDraw.Draw(pill).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), unit * 0.3, _GREEN)
    for run, baseline in ((title, 1.05), (letters, 2.3)):
        _put(pill, run, (size[0] - run.width) / 2, unit * baseline)
    return pill
