"""Days as people in Thailand type them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.shared.thai import thai_date, to_thai_digits
from app.web.date_field import ThaiDateField, parse_day

VALENTINE = date(2024, 2, 13)


class DayForm(Form):
    day = ThaiDateField("Day")


@pytest.mark.parametrize(
    "text",
    [
        "13/2/2567",
        "13-02-2567",
        "13.2.2567",
        "๑๓/๒/๒๕๖๗",
        "13 ก.พ. 2567",
        "13 กพ 2567",
        "๑๓ กุมภาพันธ์ ๒๕๖๗",
        "13 กุมภาพันธ์ พ.ศ. 2567",
        "  13   ก.พ.   2567 ",
        "2024-02-13",
        "2567-02-13",
        "13/2/2024",
        "13 Feb 2567 BE",
        "13 February 2024",
    ],
)
def test_a_day_is_understood_however_it_is_written(text: str) -> None:
    assert parse_day(text) == VALENTINE


@pytest.mark.parametrize(
    "text",
    ["", "13", "13/2", "13/2/67", "31/2/2567", "29/2/2566", "0/1/2567", "13/13/2567",
     "13 กพพ. 2567", "13/2/2067543", "13/2/0", "2/13/2567", "<b>", "13/2/2567; drop"],
)  # fmt: skip
def test_what_is_no_day_is_refused_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2456, 12, 31)))
def test_every_day_we_print_can_be_typed_back(day: date) -> None:
    for style in ("long", "short"):
        assert parse_day(thai_date(day, style)) == day
        assert parse_day(to_thai_digits(thai_date(day, style))) == day


def test_three_boxes_make_a_day(frame: Flask) -> None:
    with frame.test_request_context():
        form = DayForm(MultiDict({"day-day": "๑๓", "day-month": "2", "day-year": "2567"}))
        assert form.validate()
        assert form.day.data == VALENTINE


def test_one_box_of_its_own_name_is_read_too(frame: Flask) -> None:
    with frame.test_request_context():
        form = DayForm(MultiDict({"day": "2024-02-13"}))
        assert form.validate()
        assert form.day.data == VALENTINE


def test_empty_boxes_are_no_day_and_no_error(frame: Flask) -> None:
    with frame.test_request_context():
        form = DayForm(MultiDict({"day-day": "", "day-month": "", "day-year": " "}))
        assert form.validate()
        assert form.day.data is None


@pytest.mark.parametrize("parts", [("31", "2", "2567"), ("13", "", "2567"), ("13", "2", "")])
def test_a_day_that_cannot_be_read_stays_in_its_boxes(
    frame: Flask, parts: tuple[str, str, str]
) -> None:
    day, month, year = parts
    with frame.test_request_context():
        form = DayForm(MultiDict({"day-day": day, "day-month": month, "day-year": year}))
        assert not form.validate()
        assert len(form.day.errors) == 1
        assert form.day.data is None
        html = str(form.day())
    assert f'value="{day}"' in html
    assert f'value="{year}"' in html


def test_a_stored_day_is_shown_with_its_buddhist_year_and_thai_month(frame: Flask) -> None:
    with frame.test_request_context():
        html = str(DayForm(data={"day": VALENTINE}).day())
    assert 'value="2567"' in html
    assert '<option value="2" selected>กุมภาพันธ์</option>' in html


def test_what_is_typed_cannot_break_out_of_its_box(frame: Flask) -> None:
    with frame.test_request_context():
        form = DayForm(MultiDict({"day-day": '"><script>', "day-month": "2", "day-year": "1"}))
        form.validate()
        assert "<script>" not in str(form.day())
