"""The calendar: due days as said, as the offices are open, and which days a report covers."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from app.rounds.calendar import (
    closed_days,
    holiday_name,
    is_working_day,
    occurrence_named,
    occurrences,
    working_day,
)
from app.rounds.programme import FOLDER, Programme, load_programme

DATA = yaml.safe_load((FOLDER / "khok_nong_na_2567.yaml").read_text("utf-8"))
ROUND = {"key": "x", "title": {"th": "ก", "en": "x"}, "level": "district"}


def _programme(*rounds: dict, **changes: object) -> Programme:
    holidays = changes.pop("holidays", DATA["holidays"])
    return Programme.model_validate(
        DATA | {"rounds": [ROUND | one for one in rounds], "scale": SCALE, "holidays": holidays}
    )


SCALE = [{"level": 1, "th": "ก", "en": "x", "needs": [{"fact": "visits", "least": 1}]}]

# Days without offices as the cabinet and the Royal Gazette gave them, with substitutions and the
# extra days; weekdays only.  1 May is not among them: government offices work.
CLOSED = {
    2024: "01-01 02-26 04-08 04-12 04-15 04-16 05-06 05-10 05-22 06-03 07-22 07-29 08-12 10-14"
    " 10-23 12-05 12-10 12-30 12-31",
    2025: "01-01 02-12 04-07 04-14 04-15 04-16 05-05 05-09 05-12 06-02 06-03 07-10 07-11 07-28"
    " 08-11 08-12 10-13 10-23 12-05 12-10 12-31",
    2026: "01-01 01-02 03-03 04-06 04-13 04-14 04-15 05-04 05-13 06-01 06-03 07-28 07-29 07-30"
    " 08-12 10-13 10-23 12-07 12-10 12-31",
}


@pytest.mark.parametrize("year", CLOSED)
def test_the_office_calendar_of_a_year(year: int) -> None:
    programme, day, found = load_programme(), date(year, 1, 1), []
    while day.year == year:
        if day.weekday() < 5 and not is_working_day(day, programme):
            found.append(f"{day:%m-%d}")
        day += timedelta(days=1)
    assert " ".join(found) == CLOSED[year]


def test_holidays_have_thai_and_english_names() -> None:
    programme = load_programme()
    assert holiday_name(date(2024, 2, 26), programme, "th") == "ชดเชยวันมาฆบูชา"
    assert holiday_name(date(2024, 2, 26), programme, "en") == "Makha Bucha (in lieu)"
    assert holiday_name(date(2024, 2, 27), programme, "th") is None
    assert holiday_name(date(2024, 5, 1), programme, "th") is None


def test_a_moved_day_says_over_what_it_moved() -> None:
    programme = load_programme()
    due = occurrence_named(programme, "result_2024_02")
    assert due
    days = [(one.day, one.holiday) for one in closed_days(due, programme, "th")]
    assert days == [(date(2024, 2, 25), None), (date(2024, 2, 26), "ชดเชยวันมาฆบูชา")]


def test_a_day_declared_later_and_one_taken_back() -> None:
    days = {"country": "TH", "also": [date(2024, 2, 27)], "but_not": [date(2024, 2, 26)]}
    programme = _programme({"monthly": {"day": 25, "first": "2024-02", "last": "2024-02"}})
    changed = _programme(
        {"monthly": {"day": 27, "first": "2024-02", "last": "2024-02"}}, holidays=days
    )
    assert is_working_day(date(2024, 2, 26), changed)
    assert not is_working_day(date(2024, 2, 26), programme)
    (due,) = occurrences(changed)
    assert (due.due_by, closed_days(due, changed, "th")[0].holiday) == (date(2024, 2, 28), "")


@pytest.mark.parametrize(
    ("when_closed", "expected"),
    [
        ("next_working_day", date(2024, 4, 1)),  # another month and another quarter
        ("previous_working_day", date(2024, 3, 29)),
        ("keep", date(2024, 3, 31)),
    ],
)
def test_a_due_day_at_the_end_of_a_quarter_stays_in_its_quarter(
    when_closed: str, expected: date
) -> None:
    """31 March 2024 was a Sunday."""
    programme = _programme(
        {"monthly": {"day": 31, "first": "2024-03", "last": "2024-03"}, "when_closed": when_closed}
    )
    (due,) = occurrences(programme)
    assert (due.due_on, due.due_by, str(due.quarter)) == (date(2024, 3, 31), expected, "2567Q2")
    assert working_day(expected, programme, when_closed) == expected


def test_the_31st_of_a_short_month_is_its_last_day() -> None:
    programme = _programme({"monthly": {"day": 31, "first": "2023-12", "last": "2024-05"}})
    said = [due.due_on.isoformat() for due in occurrences(programme)]
    assert said == [
        "2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31",
    ]  # fmt: skip


@pytest.mark.parametrize("day", [1, 15, 28, 29, 30, 31])
def test_months_follow_one_another_without_gap_or_overlap(day: int) -> None:
    programme = _programme(
        {"monthly": {"day": day, "first": "2023-10", "last": "2024-09"}, "covers": "month"}
    )
    in_order = sorted(occurrences(programme), key=lambda due: due.due_on)
    assert len(in_order) == 12
    for earlier, later in pairwise(in_order):
        assert later.covers_from == earlier.covers_to + timedelta(days=1)
        assert later.covers_to == later.due_on


def test_a_round_moved_before_it_was_to_open_is_open_when_due() -> None:
    """30 June 2024 was a Sunday."""
    programme = _programme(
        {
            "quarter": "2567Q3", "opens_on": date(2024, 6, 30), "due_on": date(2024, 6, 30),
            "when_closed": "previous_working_day",
        }
    )  # fmt: skip
    (due,) = occurrences(programme)
    assert due.opens_on == due.due_by == date(2024, 6, 28)


def test_a_round_due_before_its_quarter_covers_since_it_opened() -> None:
    programme = _programme(
        {
            "quarter": "2567Q2", "opens_on": date(2023, 11, 1), "due_on": date(2023, 12, 20),
            "covers": "until_due",
        }
    )  # fmt: skip
    (due,) = occurrences(programme)
    assert (due.covers_from, due.covers_to) == (date(2023, 11, 1), date(2023, 12, 20))


def test_the_shipped_programme_moves_nothing_before_it_opens() -> None:
    folder: Path = FOLDER
    assert folder.exists()
    for due in occurrences(load_programme()):
        assert due.opens_on <= due.due_by
        assert due.covers_from <= due.covers_to
