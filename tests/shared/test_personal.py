"""Phones are kept in one spelling and shown masked; ID numbers are found in any dress."""

from __future__ import annotations

import pytest

from app.shared.personal import holds_id_number, mask_name, mask_phone, normal_phone, show_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("081-234-5678", "0812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "0812345678"),
        ("+66 81 234 5678", "0812345678"),
        ("+66 (0) 81 234 5678", "0812345678"),
        ("0-5444-5544", "054445544"),
        ("054-445544 ต่อ 12", "054445544;ext=12"),
        ("02 123 4567", "021234567"),
    ],
)
def test_a_number_has_one_spelling_however_it_is_typed(typed: str, stored: str):
    assert normal_phone(typed) == stored
    assert normal_phone(stored) == stored
    assert normal_phone(show_phone(stored)) == stored


@pytest.mark.parametrize(
    "typed", ["", "ไม่มี", "081234567", "08123456789", "0112345678", "191", "०८१२३४५६७८", "ต่อ 12"]
)
def test_what_is_no_thai_number_is_none(typed: str):
    assert normal_phone(typed) is None


def test_a_masked_number_and_name_keep_only_their_ends():
    assert mask_phone("0812345678") == "08x-xxx-xx78"
    assert mask_phone("054445544;ext=12") == "0-5xxx-xx44"
    assert (mask_name("สมศรี"), mask_name("เกษม"), mask_name("")) == ("ส***", "เก***", "")


@pytest.mark.parametrize(
    "text", ["1101700230708", "บัตร 1-1017-00230-70-8 ค่ะ", "๑ ๑๐๑๗ ๐๐๒๓๐ ๗๐ ๘", "x1101700230708y"]
)
def test_a_national_id_number_is_found_in_any_dress(text: str):
    assert holds_id_number(text)


@pytest.mark.parametrize("text", ["1101700230707", "11017002307081", "0812345678 191", "", "2567"])
def test_other_numbers_are_left_alone(text: str):
    assert not holds_id_number(text)


def test_a_long_text_of_digits_is_judged_at_once():
    assert not holds_id_number("1-" * 100_000 + "1" * 100_000)
