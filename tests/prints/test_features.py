"""Keys: a changed picture still shares enough of them, and another picture does not."""

from __future__ import annotations

import io
from functools import cache

import pytest
from PIL import Image, ImageOps

from app.prints import features
from bench import recall
from tests.prints import scenes

PLACES = range(6)


@cache
def photo(seed: int) -> Image.Image:
    return recall.within(scenes.plot(seed), 640)


@cache
def keys(seed: int) -> frozenset[int]:
    return frozenset(features.keys_of(photo(seed)))


def shared(seed: int, copy: Image.Image) -> int:
    return len(keys(seed).intersection(features.probes_of(recall.thumbnail(copy))))


@pytest.mark.parametrize(("name", "edit"), [(name, edit) for name, _, edit in recall.EDITS])
def test_a_changed_copy_is_nominated(name: str, edit: recall.Edit) -> None:
    found = [shared(seed, edit(photo(seed))) for seed in PLACES[:2]]
    assert min(found) >= features.MIN_VOTES, (name, found)


def test_photos_of_other_places_are_not_nominated() -> None:
    for seed in PLACES:
        probes = set(features.probes_of(photo(seed)))
        strangers = [len(probes & keys(other)) for other in PLACES if other != seed]
        assert max(strangers) < features.MIN_VOTES


def test_the_same_pixels_give_the_same_keys() -> None:
    file = io.BytesIO()
    photo(0).save(file, "PNG")
    again = Image.open(file)
    assert features.of(again) == features.of(photo(0))
    assert features.of(photo(0)) == features.of(photo(0))


def test_one_call_gives_what_the_two_give() -> None:
    both = features.of(photo(1))
    assert both.keys == features.keys_of(photo(1))
    assert both.probes == features.probes_of(photo(1))


def test_keys_and_probes_are_few_distinct_and_fit_the_column() -> None:
    both = features.of(photo(2))
    assert 30 <= len(both.keys) <= 60
    assert len(both.probes) <= 1000
    for numbers in (both.keys, both.probes):
        assert numbers == sorted(set(numbers))
        assert numbers[0] >= 0 and numbers[-1] < 2**62
        assert {type(number) for number in numbers} == {int}


def test_a_picture_asks_for_its_own_keys_and_for_its_mirror_image() -> None:
    probes = set(features.probes_of(photo(3)))
    assert keys(3) <= probes
    mirrored = features.keys_of(ImageOps.mirror(photo(3)))
    assert len(probes.intersection(mirrored)) > len(mirrored) / 2


def test_the_thumbnail_serves_as_well_as_the_view() -> None:
    assert shared(4, photo(4)) > len(keys(4)) / 2


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_picture_has_no_keys(shade: int) -> None:
    assert features.of(Image.new("RGB", (320, 240), (shade,) * 3)) == features.Features([], [])


def test_plain_walls_do_not_nominate_each_other() -> None:
    walls = [features.of(recall.thumbnail(scenes.wall(seed))) for seed in range(6)]
    for one in walls:
        others = [other for other in walls if other is not one]
        assert all(len(set(one.probes) & set(o.keys)) < features.MIN_VOTES for o in others)


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 2), (16, 16)])
def test_an_odd_shape_is_no_error(size: tuple[int, int]) -> None:
    small = photo(0).resize(size)
    assert features.of(small).keys == features.keys_of(small)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16", "1", "LA"])
def test_every_mode_is_read(mode: str) -> None:
    picture = photo(5).convert("L" if mode == "I;16" else "RGB").convert(mode)
    assert features.keys_of(picture)


def test_a_black_frame_is_cut_off_before_anything_else() -> None:
    assert shared(0, recall.framed(photo(0))) > 10
