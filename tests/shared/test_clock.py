"""Days and quarters are Bangkok's."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shared.clock import Quarter, bangkok_day, gregorian_year


def test_the_letters_due_date_falls_in_the_second_quarter() -> None:
    assert str(Quarter.of_day(date(2024, 2, 13))) == "2567Q2"


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2567Q1", date(2023, 10, 1), date(2023, 12, 31)),
        ("2567Q2", date(2024, 1, 1), date(2024, 3, 31)),
        ("2567Q3", date(2024, 4, 1), date(2024, 6, 30)),
        ("2567Q4", date(2024, 7, 1), date(2024, 9, 30)),
    ],
)
def test_a_quarter_knows_its_days(quarter: str, first: date, last: date) -> None:
    found = Quarter.parse(quarter)
    assert (found.first_day, found.last_day) == (first, last)


def test_a_quarter_ends_at_midnight_in_bangkok() -> None:
    late = datetime(2023, 12, 31, 16, 59, 59, tzinfo=UTC)
    after = datetime(2023, 12, 31, 17, 0, tzinfo=UTC)
    assert str(Quarter.of_day(bangkok_day(late))) == "2567Q1"
    assert str(Quarter.of_day(bangkok_day(after))) == "2567Q2"
    assert Quarter.parse("2567Q2").starts_at == after


def test_a_naive_instant_has_no_day() -> None:
    with pytest.raises(ValueError, match="naive"):
        bangkok_day(datetime(2024, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["", "2567", "2567Q5", "2024Q1", "2567q1", "๒๕๖๗Q1", "2567Q1 "])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quarter"):
        Quarter.parse(text)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2200, 1, 1)))
def test_every_day_lies_in_exactly_its_quarter(day: date) -> None:
    quarter = Quarter.of_day(day)
    assert quarter.holds(day)
    assert not quarter.next().holds(day)
    assert not quarter.previous().holds(day)
    assert quarter.next().previous() == quarter == Quarter.parse(str(quarter))


def test_a_buddhist_year_is_read_as_what_it_is() -> None:
    assert (gregorian_year(2567), gregorian_year(2024)) == (2024, 2024)
