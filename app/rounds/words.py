"""The programme's answers in the reader's words."""

from __future__ import annotations

from collections.abc import Callable

from app.rounds.calendar import Occurrence
from app.rounds.programme import choice_label, load_programme, programme_named
from app.shared.clock import BUDDHIST_OFFSET
from app.shared.thai import MONTHS
from app.web.filters import MONTHS_EN_LONG
from app.web.locale import page_locale


def choice_words(list_name: str, under: str | None = None) -> Callable[[str | None], str]:
    """A function from a stored key to its words in the programme's list.

    `under` is the version a record was filled under (`khok_nong_na_2567.1`): its words come first;
    a key that it lacks is looked for in the programme in force.
    """
    locale, now = page_locale(), getattr(load_programme(), list_name)
    choices = (*getattr(programme_named(under), list_name), *now) if under else now
    return lambda key: choice_label(choices, key, locale)


def choice_pairs(list_name: str) -> list[tuple[str, str]]:
    """Key and words of every answer in the programme's list, for a select."""
    locale = page_locale()
    return [(c.key, c.in_(locale)) for c in getattr(load_programme(), list_name)]


def occurrence_title(occurrence: Occurrence) -> str:
    """What a round is called; a recurring one with its month: `… กุมภาพันธ์ 2567`."""
    locale = page_locale()
    title = occurrence.title.in_(locale)
    if occurrence.month is None:
        return title
    months = MONTHS if locale == "th" else MONTHS_EN_LONG
    month = months[occurrence.month.month - 1]
    return f"{title} {month} {occurrence.month.year + BUDDHIST_OFFSET}"
