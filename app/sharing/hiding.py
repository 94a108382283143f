"""Makes places of a picture unrecognisable, for good.  Pure; runs only inside the fence.

Each place becomes a handful of cells, each of one mean colour in few shades, blurred from the
cells alone.  The cells lie on a grid that is the same for every copy of a picture, and their
sides are powers of two: a coarser cell is a mean of finer ones, so several copies with boxes a
little apart tell no more of a face than the finest of them does.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil, floor

from PIL import Image, ImageFilter

from app.sharing.rules import Box

RECIPE = 1
MOST_CELLS = 6  # on the longer side; a face of 6 x 5 mean colours is nobody's
SMALLEST_CELL_PX = 16  # of 1600: small boxes side by side must not make up a face
SHADES = 16  # steps between two shades of a channel
JPEG_QUALITY = 85
Pixels = tuple[int, int, int, int]


def shareable(view: bytes, boxes: Sequence[Box]) -> bytes:
    """A JPEG of fresh pixels: `view` with every box hidden.  Same input, same bytes.

    Raises OSError where `view` cannot be read.
    """
    with Image.open(BytesIO(view), formats=("JPEG",)) as image:
        picture = Image.new("RGB", image.size)
        picture.paste(image.convert("RGB"))
    source = picture.copy()  # every box is taken from the picture, none from another's cells
    for box in boxes:
        _hide(picture, source, box)
    target = BytesIO()
    picture.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()


def _hide(picture: Image.Image, source: Image.Image, box: Box) -> None:
    cell, area = cells_over(box, picture.size)
    left, top, right, bottom = area
    grid = ((right - left) // cell, (bottom - top) // cell)
    # Beyond the edge the last pixels are repeated, so that every cell is a whole one.
    patch = _whole(source, area).resize(grid, Image.Resampling.BOX)
    patch = patch.point(lambda value: value // SHADES * SHADES + SHADES // 2)
    patch = patch.resize((right - left, bottom - top), Image.Resampling.NEAREST)
    patch = patch.filter(ImageFilter.GaussianBlur(cell * 0.45))
    inner = _pixels(box, picture.size)  # the cells reach further than the officer drew
    picture.paste(patch.crop(_moved(inner, -left, -top)), inner[:2])


def cells_over(box: Box, size: tuple[int, int]) -> tuple[int, Pixels]:
    """The side of a cell in pixels, and the cells' area (left, top, right, bottom).

    The area covers the box and ends on the picture's grid, so it may reach over the edges.
    """
    left, top, right, bottom = _pixels(box, size)
    longer = max(right - left, bottom - top)
    cell = SMALLEST_CELL_PX
    while longer > cell * (MOST_CELLS - 1):  # one more is needed where the box straddles the grid
        cell *= 2
    return cell, (
        left // cell * cell,
        top // cell * cell,
        -(-right // cell) * cell,
        -(-bottom // cell) * cell,
    )


def _pixels(box: Box, size: tuple[int, int]) -> Pixels:
    """Every pixel that the box touches."""
    width, height = size
    left, top = floor(box.x * width), floor(box.y * height)
    right, bottom = ceil((box.x + box.width) * width), ceil((box.y + box.height) * height)
    return left, top, min(right, width), min(bottom, height)


def _moved(area: Pixels, dx: int, dy: int) -> Pixels:
    left, top, right, bottom = area
    return left + dx, top + dy, right + dx, bottom + dy


def _whole(source: Image.Image, area: Pixels) -> Image.Image:
    left, top, right, bottom = area
    inside = source.crop((left, top, min(right, source.width), min(bottom, source.height)))
    if inside.size == (right - left, bottom - top):
        return inside
    whole = Image.new("RGB", (right - left, bottom - top))
    whole.paste(inside.resize(whole.size, Image.Resampling.NEAREST))
    whole.paste(inside)
    return whole
