"""Filters: days, times and amounts as a Thai office writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from app.shared.clock import Quarter
from app.web import filters

EARLY = datetime(2024, 3, 31, 18, 0, tzinfo=UTC)  # 1 April, 01.00 in Bangkok


def plain(text: str) -> str:
    return text.replace(filters.NO_BREAK, " ")


def test_a_day_is_never_parted_from_its_year(frame: Flask) -> None:
    with frame.test_request_context():
        assert " " not in filters.thai_day(date(2024, 2, 13), "long")


def test_years_are_buddhist_in_both_languages(frame: Flask) -> None:
    with frame.test_request_context():
        assert plain(filters.thai_day(date(2024, 2, 13))) == "13 ก.พ. 2567"
    with frame.test_request_context("/?lang=en"):
        assert plain(filters.thai_day(date(2024, 2, 13))) == "13 Feb 2567 BE"


def test_an_instant_is_shown_on_a_thai_clock(frame: Flask) -> None:
    with frame.test_request_context():
        assert plain(filters.thai_datetime(EARLY)) == "1 เม.ย. 2567 01.00 น."
    with frame.test_request_context("/?lang=en"):
        assert plain(filters.thai_datetime(EARLY)) == "1 Apr 2567 BE, 01:00"


def test_a_naive_instant_is_refused(frame: Flask) -> None:
    for path in ("/", "/?lang=en"):
        with frame.test_request_context(path), pytest.raises(ValueError, match="naive"):
            filters.thai_datetime(EARLY.replace(tzinfo=None))


def test_a_quarter_is_named_with_its_fiscal_year(frame: Flask) -> None:
    with frame.test_request_context("/?lang=en"):
        assert filters.quarter_label("2567Q1") == "Quarter 1, fiscal year 2567"
        assert filters.quarter_label(Quarter(2567, 1), "short") == "1/2567"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1234567, "1,234,567"), (1234.5, "1,234.5"), (100, "100")]
)
def test_numbers_are_grouped_and_never_lose_a_zero(value: float, text: str) -> None:
    assert filters.number(value) == text


def test_what_is_not_known_is_a_dash_not_a_zero(frame: Flask) -> None:
    with frame.test_request_context():
        shown = {
            f(None)
            for f in (filters.thai_day, filters.thai_datetime, filters.number, filters.baht,
                      filters.file_size, filters.distance, filters.quarter_label)
        }  # fmt: skip
    assert shown == {filters.NOTHING}


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 B"), (999, "999 B"), (4300, "4.3 KB"), (812_400, "812 KB"), (4_300_000, "4.3 MB"),
     (2_500_000_000, "2.5 GB")],
)  # fmt: skip
def test_sizes_read_as_on_a_phone(size_bytes: int, text: str) -> None:
    assert filters.file_size(size_bytes) == text
