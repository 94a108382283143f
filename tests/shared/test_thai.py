"""Thai text meets itself, however it was typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shared.thai import clean_text, fold, thai_date, to_thai_digits


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("น้ํา", "น้ำ"),
        ("นํ้า", "น้ำ"),
        ("เเม่ใจ", "แม่ใจ"),
        ("กุุสุมาลย์", "กุสุมาลย์"),
        ("ก้ี", "กี้"),
        ("เต่่างอย", "เต่างอย"),
        ("ปี ๒๕๖๗", "ปี 2567"),
        ("บ้าน\u200bตุ่น", "บ้านตุ่น"),
        ("  บ้าน   ตุ่น ", "บ้าน ตุ่น"),
        ("OTOP", "otop"),
    ],
)
def test_spellings_of_one_word_fold_together(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


@pytest.mark.parametrize(("one", "other"), [("ปา", "ป่า"), ("ขาว", "ข้าว"), ("จุน", "จูน")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_cleaned_text_fits_every_export(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned == clean_text(cleaned)
    assert not [c for c in cleaned if ord(c) < 32 or c in "\u202e\u2066\ufffe"]
    cleaned.encode("utf-8")


def test_dates_are_buddhist_on_screen() -> None:
    day = date(2024, 2, 29)  # a leap day that no Buddhist `date` could hold
    assert thai_date(day, "long") == "29 กุมภาพันธ์ 2567"
    assert thai_date(day) == "29 ก.พ. 2567"
    assert thai_date(day, "table") == "29 ก.พ. 67"
    assert to_thai_digits(thai_date(day, "table")) == "๒๙ ก.พ. ๖๗"
