"""The programme's answers in the reader's words."""

from __future__ import annotations

from collections.abc import Callable

from app.rounds.programme import choice_label, load_programme
from app.web.locale import page_locale


def choice_words(list_name: str) -> Callable[[str | None], str]:
    """A function from a stored key to its words in the programme's list."""
    choices, locale = getattr(load_programme(), list_name), page_locale()
    return lambda key: choice_label(choices, key, locale)


def choice_pairs(list_name: str) -> list[tuple[str, str]]:
    """Key and words of every answer in the programme's list, for a select."""
    locale = page_locale()
    return [(c.key, c.in_(locale)) for c in getattr(load_programme(), list_name)]
