"""28 letters stand for a picture until it is there."""

from __future__ import annotations

import numpy as np
import pytest

from app.photos.placeholder import blurhash


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> np.ndarray:
    picture = np.zeros((240, 320, 3), np.uint8)
    picture[:, :160], picture[:, 160:] = left, right
    return picture


def test_the_letters_are_those_that_the_pages_script_reads():
    # tests/js/placeholder.test.js makes a red and a blue half of them
    assert blurhash(halves((200, 30, 30), (20, 40, 200))) == "L#G;#h|AsRJ;oMn~jsa}fQfQfQfQ"


def test_a_mean_colour_is_kept_exactly():
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

    letters = blurhash(halves((17, 99, 61), (17, 99, 61)))[2:6]

    number = 0
    for letter in letters:
        number = number * 83 + digits.index(letter)
    assert number.to_bytes(3, "big") == bytes((17, 99, 61))


@pytest.mark.parametrize("size", [(1, 1), (1, 320), (320, 1), (2, 3), (240, 320)])
def test_every_size_has_a_hash_that_fits_its_column(size):
    picture = np.full((*size, 3), 255, np.uint8)

    assert len(blurhash(picture)) == 28


def test_a_portraits_waves_stand_upright():
    portrait = np.zeros((320, 240, 3), np.uint8)

    assert blurhash(portrait)[0] == "T"  # three across, four down
    assert blurhash(portrait.transpose(1, 0, 2))[0] == "L"
