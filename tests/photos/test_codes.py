"""The code on a stamp survives being read out, typed and copied."""

from __future__ import annotations

import pytest

from app.photos import codes


def test_a_code_is_read_back_from_what_is_written():
    for _ in range(200):
        code = codes.new_code()
        assert codes.read(codes.written(code)) == code
        assert codes.written(code) == f"{code[:5]}-{code[5:]}"


def test_no_two_codes_are_alike():
    assert len({codes.new_code() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize(
    "typed",
    [
        "9VRYK-AA970", "9vryk-aa970", "9VRYKAA970", " 9VRYK AA970\n", "9 v r y k a a 9 7 0",
        "9VRYK–AA970", "9VRYK—AA97O", "๙VRYK-AA๙๗๐", "9VRYK.AA970",
    ],
)  # fmt: skip
def test_whatever_way_it_is_typed_it_is_the_same_code(typed):
    assert codes.read(typed) == "9VRYKAA970"


def test_letters_that_look_like_digits_are_taken_for_them():
    assert codes.read("OIL00-00000") == "0110000000"


@pytest.mark.parametrize(
    "typed",
    ["", "9VRYK", "9VRYK-AA9700", "9VRYK-AA97U", "9VRYK-AA97ก", "-" * 10, "9" * 5_000, "ß" * 10],
)
def test_what_can_be_no_code_is_none(typed):
    assert codes.read(typed) is None
