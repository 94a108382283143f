"""What lies under a box is gone: a handful of colours stays, and nobody gets the face back."""

from __future__ import annotations

import io
from random import Random

import pytest
from PIL import Image, ImageChops, ImageStat

from app.sharing.hiding import MOST_CELLS, cells_over, shareable
from app.sharing.rules import Box, check_boxes
from tests.verification.conftest import field, jpeg_of

FACE = Box(0.4, 0.3, 0.2, 0.3)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def pixels_of(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top = int(box.x * size[0]), int(box.y * size[1])
    return left, top, left + int(box.width * size[0]), top + int(box.height * size[1])


def with_face(face: Image.Image) -> bytes:
    picture = field().copy()
    area = pixels_of(FACE, picture.size)
    picture.paste(face.resize((area[2] - area[0], area[3] - area[1])), area[:2])
    return jpeg_of(picture)


def test_two_faces_of_the_same_rough_colours_become_the_same_picture():
    """Fine detail does not reach the copy at all: not faintly, and not at the rim."""
    chance = Random(1)
    cell, area = cells_over(FACE, (960, 720))
    smooth = Image.new("RGB", (192, 216), (150, 120, 100))
    detailed = smooth.copy()
    for x in range(0, 192, 2):
        for y in range(0, 216, 2):
            up = chance.randrange(60)
            detailed.putpixel((x, y), (150 + up, 120 + up, 100 + up))
            detailed.putpixel((x + 1, y), (150 - up, 120 - up, 100 - up))

    copies = [opened(shareable(with_face(one), [FACE])).crop(area) for one in (smooth, detailed)]

    assert cell >= 32
    difference = ImageStat.Stat(ImageChops.difference(*copies))
    assert max(difference.mean) < 2.0


def test_outside_the_boxes_the_picture_stays_as_it_is():
    view = jpeg_of(field())

    copy = opened(shareable(view, [FACE]))

    _cell, area = cells_over(FACE, copy.size)
    left_half = (0, 0, area[0], copy.height)
    difference = ImageChops.difference(copy.crop(left_half), opened(view).crop(left_half))
    assert max(ImageStat.Stat(difference).mean) < 4.0  # one more JPEG


@pytest.mark.parametrize("seed", range(20))
def test_a_box_becomes_a_handful_of_cells_and_is_covered_to_the_edge(seed: int):
    chance = Random(seed)
    size = chance.choice([(1600, 1200), (1200, 1600), (320, 240), (1600, 37)])
    x, y = chance.random(), chance.random()
    box = Box(x, y, max(0.01, chance.random() * (1 - x)), max(0.01, chance.random() * (1 - y)))

    cell, (left, top, right, bottom) = cells_over(box, size)

    assert max(right - left, bottom - top) <= cell * MOST_CELLS
    assert left <= box.x * size[0]
    assert right >= min(size[0], (box.x + box.width) * size[0])
    assert top <= box.y * size[1]
    assert bottom >= min(size[1], (box.y + box.height) * size[1])


def test_a_second_copy_with_the_box_moved_a_little_tells_nothing_new():
    """Cells lie on one grid, so the colours of both copies are the same ones."""
    view = jpeg_of(field())
    moved = Box(FACE.x + 0.004, FACE.y - 0.004, FACE.width, FACE.height)

    areas = {cells_over(box, (960, 720)) for box in (FACE, moved)}

    assert {cell for cell, _area in areas} == {64}
    assert all(edge % 64 == 0 for _cell, area in areas for edge in area)
    assert shareable(view, [FACE]) == shareable(view, [FACE])


def test_boxes_over_the_edge_and_over_each_other_are_no_trouble():
    view = jpeg_of(field(size=(333, 251)))
    boxes = [Box(0.9, 0.9, 0.1, 0.1), Box(0, 0, 1, 1), Box(0, 0.5, 0.01, 0.5), FACE]

    assert opened(shareable(view, boxes)).size == (333, 251)


def test_a_copy_holds_pixels_and_nothing_else():
    exif = Image.Exif()
    exif[0x010E] = "a secret"
    target = io.BytesIO()
    field().save(target, "JPEG", exif=exif, comment=b"a secret")

    copy = shareable(target.getvalue(), [])

    assert b"secret" not in copy
    assert b"Exif" not in copy
    assert not Image.open(io.BytesIO(copy)).getexif()


@pytest.mark.parametrize(
    ("boxes", "nobody", "code"),
    [
        ([], False, "no_box_no_word"),
        ([], True, None),
        ([FACE], False, None),
        ([Box(-0.1, 0.1, 0.3, 0.3)], False, None),
        ([Box(1.1, 0.1, 0.3, 0.3)], False, "box_outside"),
        ([Box(0.1, 0.1, 0, 0.3)], False, "box_outside"),
        ([Box(0.5, 0.5, -0.2, 0.3)], False, "box_outside"),
        ([Box(float("nan"), 0.5, 0.2, 0.3)], False, "box_outside"),
        ([FACE] * 81, False, "too_many"),
    ],
)
def test_which_boxes_make_a_copy(boxes: list[Box], nobody: bool, code: str | None):
    assert [problem.code for problem in check_boxes(boxes, nobody=nobody, agreed=True)] == (
        [code] if code else []
    )
