"""Forms: boxes that take what people really type, and say what is wrong in our own words.

Shape is read here (a number, a date, a choice); whether it is acceptable is asked of the
slice's `rules`, whose answers `PageForm.refuse` puts under the right fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from app.shared.errors import Problem
from app.shared.thai import ascii_digits, clean_text
from app.web.date_field import ThaiDateField
from app.web.wording import wording

__all__ = [
    "ChoiceChips",
    "DecimalBox",
    "IntegerBox",
    "LongTextBox",
    "MultiChips",
    "Needed",
    "PageForm",
    "TextBox",
    "ThaiDateField",
    "VersionBox",
    "csrf",
    "offered",
]

csrf = CSRFProtect()
_PLAIN_DECIMAL = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_LARGEST_VERSION = 2**31 - 1  # what the database's column holds


def init_app(app: Flask) -> None:
    """Protect every form.  A token lives as long as its session: forms stay open for hours."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    if "csrf" not in app.extensions:
        csrf.init_app(app)


class PageForm(FlaskForm):
    """The base of every form on a page."""

    def refuse(self, problems: Iterable[Problem]) -> bool:
        """Put each problem's sentence under its field (or above the form).  True if none."""
        acceptable = True
        for problem in problems:
            acceptable = False
            sentence = wording(problem.code, problem.facts)
            if problem.field in self:
                box = self[problem.field]
                box.errors = [*box.errors, sentence]
            else:
                self.form_errors.append(sentence)
        return acceptable


class Needed:
    """Validator: something must be given.  A zero counts as something."""

    def __call__(self, form: object, field: Any) -> None:
        """Stop with the sentence of `required` where nothing was given."""
        if field.data is None or field.data in ("", []):
            raise StopValidation(None if field.errors else wording("required"))


def offered(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """Key and words of each answer, as the `choices` of a select or of chips."""
    return [SelectChoice(key, words) for key, words in pairs]


class _Unremembered(Field):
    """A box that browsers keep nothing of: neither to suggest it to the next user of this
    computer nor in the file with which they open their windows again."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"autocomplete": "off"} | (kwargs.get("render_kw") or {})
        super().__init__(label, validators, **kwargs)


class TextBox(_Unremembered, StringField):
    """One line of text, cleaned; nothing typed is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = (clean_text(valuelist[0]) or None) if valuelist else None


class LongTextBox(_Unremembered, TextAreaField):
    """Several lines of text, cleaned; nothing typed is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = (clean_text(valuelist[0], lines=True) or None) if valuelist else None


class _NumberBox(StringField):
    """A number typed with Arabic or Thai digits; what cannot be read stays in the box."""

    keyboard = "numeric"

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        keyboard = {"inputmode": self.keyboard, "autocomplete": "off"}
        kwargs["render_kw"] = keyboard | (kwargs.get("render_kw") or {})
        super().__init__(label, validators, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; an empty box is None."""
        self.data = None
        typed = _plain_digits(valuelist[0]) if valuelist else ""
        if typed:
            try:
                self.data = self._read(typed)
            except ValueError:
                raise ValueError(wording("not_a_number")) from None

    def _read(self, typed: str) -> Any:
        raise NotImplementedError


class IntegerBox(_NumberBox):
    """A whole number: `12`, `๑๒`, `1,200`."""

    def _read(self, typed: str) -> int:
        if not typed.removeprefix("-").isdecimal() or len(typed) > 12:
            raise ValueError(typed)
        return int(typed)


class DecimalBox(_NumberBox):
    """A number with decimals: `2.5`, `๒.๕`, `1,250.50`; a `Decimal`."""

    keyboard = "decimal"

    def _read(self, typed: str) -> Decimal:
        if not _PLAIN_DECIMAL.fullmatch(typed) or len(typed) > 20:
            raise ValueError(typed)  # Decimal itself reads 1e999999 and NaN
        return Decimal(typed)


class VersionBox(HiddenField):
    """The version that a form was filled from.

    What can be none is read as 0, which no record has: such a form is stale, not a failure.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number back."""
        sent = valuelist[0] if valuelist else ""
        number = int(sent) if sent.isdecimal() and len(sent) <= 10 else 0
        self.data = number if number <= _LARGEST_VERSION else 0


def _plain_digits(typed: str) -> str:
    return ascii_digits(typed).strip().replace(",", "").replace(" ", "").replace("\u2212", "-")


class ChoiceChips(RadioField):
    """One of a few answers.  None chosen is None; whether that is acceptable, rules decide."""

    def pre_validate(self, form: object) -> None:
        """Refuse an answer that was not offered."""
        if self.data is not None and self.data not in _keys(self.iter_choices()):
            raise StopValidation(wording("not_a_choice"))


class MultiChips(SelectMultipleField):
    """Any of a few answers, as a list in the order they are offered."""

    data: Any
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def pre_validate(self, form: object) -> None:
        """Refuse an answer that was not offered."""
        offered = _keys(self.iter_choices())
        chosen: list[Any] = self.data or []
        if any(key not in offered for key in chosen):
            raise StopValidation(wording("not_a_choice"))
        self.data = [key for key in offered if key in chosen]


def _keys(choices: Iterable[Any]) -> list[Any]:
    return [choice.value for choice in choices]
