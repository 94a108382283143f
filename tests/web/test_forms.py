"""Form boxes: what people type is understood, and refusals stand under the right field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.shared.errors import Problem
from app.web.forms import (
    ChoiceChips,
    DecimalBox,
    IntegerBox,
    MultiChips,
    Needed,
    PageForm,
    TextBox,
    offered,
)


class BookForm(PageForm):
    class Meta:
        csrf = False

    name = TextBox("Name", [Needed()])
    people = IntegerBox("People")
    rai = DecimalBox("Rai")
    kind = ChoiceChips("Kind", choices=offered([("learn", "L"), ("study", "S")]))
    topics = MultiChips("Topics", choices=offered([("soil", "S"), ("water", "W"), ("forest", "F")]))


def fill(**values: Any) -> BookForm:
    return BookForm(MultiDict({"name": "กลุ่ม"} | values))


@pytest.mark.parametrize(
    ("text", "count"), [("12", 12), ("๑๒", 12), (" 1,200 ", 1200), ("-3", -3), ("", None)]
)
def test_a_count_may_be_typed_with_thai_digits(frame: Flask, text: str, count: int | None) -> None:
    with frame.test_request_context():
        form = fill(people=text)
        assert form.validate(), form.errors
        assert form.people.data == count


@pytest.mark.parametrize("text", ["twelve", "1.5", "1e9", "²", "0x10", "9" * 13, "--1"])
def test_what_is_no_count_is_refused_and_stays_in_the_box(frame: Flask, text: str) -> None:
    with frame.test_request_context():
        form = fill(people=text)
        assert not form.validate()
        assert form.people.data is None
        assert f'value="{text}"' in str(form.people())


def test_rai_may_have_decimals_but_is_never_infinite(frame: Flask) -> None:
    with frame.test_request_context():
        assert fill(rai="๒.๕").rai.data == Decimal("2.5")
        for text in ("inf", "nan", "2,5x"):
            assert not fill(rai=text).validate()


def test_an_answer_that_was_not_offered_is_refused(frame: Flask) -> None:
    with frame.test_request_context():
        assert not fill(kind="party").validate()
        assert not fill(topics="gold").validate()


def test_no_answer_is_none_for_the_rules_to_judge(frame: Flask) -> None:
    with frame.test_request_context():
        form = fill()
        assert form.validate(), form.errors
        assert form.kind.data is None
        assert form.topics.data == []


def test_many_answers_come_in_the_order_they_were_offered(frame: Flask) -> None:
    with frame.test_request_context():
        form = BookForm(MultiDict([("name", "ก"), ("topics", "forest"), ("topics", "soil")]))
        assert form.validate(), form.errors
        assert form.topics.data == ["soil", "forest"]


def test_blanks_are_not_a_name(frame: Flask) -> None:
    with frame.test_request_context():
        form = BookForm(MultiDict({"name": " \u202e\u200b ".replace("\u200b", "")}))
        assert not form.validate()
        assert len(form.name.errors) == 1


def test_a_refusal_of_the_rules_stands_under_its_field(frame: Flask) -> None:
    with frame.test_request_context("/?lang=en"):
        form = fill()
        form.validate()
        good = form.refuse([Problem("people", "out_of_range", {"min": 1, "max": 50})])
        assert not good
        assert form.people.errors == ["This must be between 1 and 50."]


def test_a_refusal_of_no_field_stands_above_the_form(frame: Flask) -> None:
    with frame.test_request_context("/?lang=en"):
        form = fill()
        form.validate()
        assert not form.refuse([Problem("", "conflict")])
        assert "Somebody changed this" in form.form_errors[0]
