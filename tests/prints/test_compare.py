"""Likeness: a changed copy is recognised and described; a second photo of the place is not."""

from __future__ import annotations

import json
from functools import cache

import pytest
from PIL import Image, ImageEnhance, ImageOps

from app.prints.compare import Likeness, likeness
from bench import recall
from tests.prints import scenes


@cache
def photo(seed: int) -> Image.Image:
    return recall.within(scenes.plot(seed), 640)


@cache
def thumbnail(seed: int) -> Image.Image:
    return recall.thumbnail(photo(seed))


def found(edit: recall.Edit, seed: int = 0) -> Likeness:
    likely = likeness(thumbnail(seed), recall.thumbnail(edit(photo(seed))))
    assert likely is not None
    return likely


@pytest.mark.parametrize(("name", "edit"), [(name, edit) for name, _, edit in recall.EDITS])
def test_a_changed_copy_is_recognised(name: str, edit: recall.Edit) -> None:
    assert found(edit, seed=1).score > 0.7, name


def test_a_photo_is_like_itself() -> None:
    same = likeness(thumbnail(0), thumbnail(0))
    assert same is not None
    assert (same.score, same.mirrored, same.recoloured) == (1.0, False, False)
    assert (same.scale, same.overlap_a, same.overlap_b) == pytest.approx((1, 1, 1), abs=0.01)


@pytest.mark.parametrize(
    ("edit", "turned_deg"),
    [
        (lambda image: image.transpose(Image.Transpose.ROTATE_270), 90),
        (lambda image: image.transpose(Image.Transpose.ROTATE_90), -90),
        (lambda image: image.rotate(-3, Image.Resampling.BICUBIC), 3),
    ],
)
def test_a_turn_is_told_clockwise(edit: recall.Edit, turned_deg: float) -> None:
    likely = found(edit)
    assert likely.turned_deg == pytest.approx(turned_deg, abs=0.5)
    assert not likely.mirrored


def test_a_mirrored_copy_is_told() -> None:
    likely = found(ImageOps.mirror)
    assert likely.mirrored
    assert likely.turned_deg == pytest.approx(0, abs=0.5)


def test_a_crop_is_told_by_scale_and_by_how_much_is_shown() -> None:
    likely = found(recall.cropped(0.1, 0.1, 0.1, 0.1))
    assert likely.scale == pytest.approx(1.25, abs=0.02)
    assert likely.overlap_a == pytest.approx(0.64, abs=0.03)
    assert likely.overlap_b > 0.95


def test_it_does_not_matter_which_of_two_is_asked_about() -> None:
    crop = recall.thumbnail(recall.cropped(0.2, 0, 0, 0.2)(photo(2)))
    back = likeness(crop, thumbnail(2))
    assert back is not None
    assert back.scale == pytest.approx(0.8, abs=0.02)
    assert back.overlap_b == pytest.approx(0.64, abs=0.03)


@pytest.mark.parametrize(
    ("edit", "recoloured"),
    [
        (lambda image: recall.saved(image, 40), False),
        (lambda image: recall.saved(recall.within(image, 480), 50), False),
        (lambda image: ImageEnhance.Brightness(image).enhance(0.75), True),
        (lambda image: ImageEnhance.Contrast(image).enhance(1.3), True),
        (lambda image: image.convert("L").convert("RGB"), True),
        (recall.tinted, True),
    ],
)
def test_recolouring_is_told_from_re_saving(edit: recall.Edit, recoloured: bool) -> None:
    assert found(edit).recoloured is recoloured


def test_photos_of_different_places_are_not_alike() -> None:
    assert likeness(thumbnail(0), thumbnail(1)) is None
    assert likeness(thumbnail(1), thumbnail(2)) is None


@pytest.mark.parametrize("seed", range(4))
def test_a_second_photo_from_a_step_aside_is_another_photo(seed: int) -> None:
    assert likeness(thumbnail(seed), recall.thumbnail(scenes.plot(seed, moment=1))) is None


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_a_second_photo_from_the_same_stand_is_another_photo(seed: int) -> None:
    """Nothing moved but the leaves in the wind and the people."""
    later = scenes.plot(seed, moment=1, step_px=0)
    assert likeness(thumbnail(seed), recall.thumbnail(later)) is None


def test_two_halves_of_one_photo_are_two_photos() -> None:
    left, right = recall.cropped(0, 0, 0.55, 0), recall.cropped(0.55, 0, 0, 0)
    assert likeness(left(photo(0)), right(photo(0))) is None


def test_the_same_print_over_two_photos_does_not_make_them_one() -> None:
    one, other = (recall.thumbnail(recall.overlaid(photo(seed))) for seed in (3, 4))
    assert likeness(one, other) is None


def test_the_same_print_over_two_bare_walls_does_not_make_them_one() -> None:
    one, other = (recall.thumbnail(recall.overlaid(scenes.wall(seed))) for seed in (0, 1))
    assert likeness(one, other) is None


def test_pictures_without_anything_on_them_are_never_alike() -> None:
    empty = Image.new("RGB", (320, 240), "white")
    walls = [recall.thumbnail(scenes.wall(seed)) for seed in range(4)]
    assert likeness(empty, empty) is None
    assert all(likeness(a, b) is None for a in walls for b in walls if a is not b)


def test_the_facts_are_plain_json() -> None:
    facts = found(ImageOps.mirror).facts()
    assert json.loads(json.dumps(facts)) == facts
    assert facts["mirrored"] is True
    assert set(facts) == {
        "score",
        "mirrored",
        "turned_deg",
        "scale",
        "overlap_a",
        "overlap_b",
        "recoloured",
    }
