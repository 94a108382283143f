"""A day, asked the way Thai offices write it: day, month by name, Buddhist year.

Phones' own date pickers show Christian years and hide the year behind a small arrow; people
over sixty pick 2024 for 2567 or the other way round.  Three plain boxes leave nothing to guess.
One box of the field's own name is read as well: `13/2/2567`, `13 ก.พ. 2567`, `2024-02-13`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.widgets import html_params

from app.shared.clock import BUDDHIST_OFFSET, gregorian_year
from app.shared.thai import MONTHS, MONTHS_SHORT, ascii_digits
from app.web.filters import MONTHS_EN, MONTHS_EN_LONG, thai_day
from app.web.locale import page_locale
from app.web.wording import wording

PARTS = ("day", "month", "year")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_NUMBERS = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$")
_NAMED = re.compile(r"^(\d{1,2})\s*([^\d\s]+)\s*(?:พ\.?ศ\.?\s*)?(\d{4})(?:\s*BE)?$")
_FIRST_YEAR = 1900  # Gregorian; an older year is a slip of the finger (2067 becomes none)


def parse_day(text: str) -> date:
    """Read a day as people write it, in either era, with either digits.

    A year from 2400 on is Buddhist.  Raises ValueError for anything that is not a day.
    """
    typed = " ".join(ascii_digits(text).split())
    if match := _ISO.match(typed):
        return _day(match[3], match[2], match[1])
    if match := _NUMBERS.match(typed):
        return _day(match[1], match[2], match[3])
    if match := _NAMED.match(typed):
        return _day(match[1], str(_month(match[2])), match[3])
    raise ValueError(f"not a day: {text!r}")


def _day(day: str, month: str, year: str) -> date:
    found = date(gregorian_year(int(year)), int(month), int(day))
    if found.year < _FIRST_YEAR:
        raise ValueError(f"not a year: {year!r}")
    return found


def _month(word: str) -> int:
    plain = word.replace(".", "").casefold()
    for names in (MONTHS, MONTHS_SHORT, MONTHS_EN, MONTHS_EN_LONG):
        for number, name in enumerate(names, start=1):
            if name.replace(".", "").casefold() == plain:
                return number
    raise ValueError(f"not a month: {word!r}")


class ThaiDateWidget:
    """Three boxes; what was typed stays in them when it cannot be read."""

    def __call__(self, field: ThaiDateField, **kwargs: Any) -> Markup:
        """Render the day box, the list of months and the year box."""
        day, month, year = field.shown()
        parts = (
            self._box(field, "day", gettext("Day"), day, maxlength=2, **kwargs),
            self._months(field, month, **kwargs),
            self._box(field, "year", gettext("Year (BE)"), year, maxlength=4, **kwargs),
        )
        return Markup('<div class="date-box__parts">') + Markup("").join(parts) + Markup("</div>")

    def _box(
        self, field: ThaiDateField, part: str, label: str, value: str, **kwargs: Any
    ) -> Markup:
        attributes = self._attributes(field, part) | kwargs
        attributes |= {
            "type": "text",
            "inputmode": "numeric",
            "autocomplete": "off",
            "value": value,
        }
        return self._part(field, part, label, Markup("<input ") + _params(attributes) + Markup(">"))

    def _months(self, field: ThaiDateField, chosen: str, **kwargs: Any) -> Markup:
        options = [Markup('<option value="">{}</option>').format(gettext("Month"))]
        for number, name in enumerate(_month_names(), start=1):
            is_chosen = Markup(" selected") if str(number) == chosen else Markup("")
            options.append(
                Markup('<option value="{}"{}>{}</option>').format(number, is_chosen, name)
            )
        attributes = _params(self._attributes(field, "month") | kwargs)
        select = Markup("<select ") + attributes + Markup(">") + Markup("").join(options)
        return self._part(field, "month", gettext("Month"), select + Markup("</select>"))

    def _attributes(self, field: ThaiDateField, part: str) -> dict[str, Any]:
        return {
            "id": f"{field.id}-{part}",
            "name": f"{field.name}-{part}",
            "data-date-part": part,
            "aria-invalid": "true" if field.errors else False,
        }

    def _part(self, field: ThaiDateField, part: str, label: str, control: Markup) -> Markup:
        return Markup(
            '<div class="date-box__part date-box__part--{}"><label for="{}-{}">{}</label>{}</div>'
        ).format(part, field.id, part, label, control)


class ThaiDateField(Field):
    """A day (`datetime.date`) or None.  A day that does not exist is refused as `bad_date`."""

    widget = ThaiDateWidget()

    typed: tuple[str, ...] | None = None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Gather the three boxes into one text, or take the one box of the field's own name."""
        if formdata is not None and f"{self.name}-day" in formdata:
            self.typed = tuple(
                ascii_digits(formdata.get(f"{self.name}-{part}") or "").strip() for part in PARTS
            )
            together = "/".join(self.typed) if any(self.typed) else ""
            formdata = MultiDict({self.name: together})
        super().process(formdata, data, extra_filters)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; nothing typed is None."""
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = parse_day(valuelist[0])
            except ValueError:
                raise ValueError(wording("bad_date")) from None

    def shown(self) -> tuple[str, ...]:
        """Day, month and Buddhist year as the boxes show them."""
        if self.typed:
            return self.typed
        if self.data is None:
            return "", "", ""
        day: date = self.data
        return str(day.day), str(day.month), str(day.year + BUDDHIST_OFFSET)

    def _value(self) -> str:
        return thai_day(self.data) if self.data else ""


def _month_names() -> tuple[str, ...]:
    return MONTHS if page_locale() == "th" else MONTHS_EN_LONG


def _params(attributes: dict[str, Any]) -> Markup:
    return Markup(html_params(**attributes))  # noqa: S704 - html_params escapes every value
