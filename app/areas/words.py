"""Areas in the reader's words."""

from __future__ import annotations

from collections.abc import Callable

from app.areas.queries import areas_by_code, place_name
from app.areas.whereabouts import near_words
from app.shared.db import db
from app.web.locale import page_locale


def place_words() -> Callable[[str | None], str]:
    """A function from an area code to its name with the areas above it."""
    areas, locale = areas_by_code(db.session()), page_locale()
    return lambda code: place_name(areas, code, locale) if code else ""


def place_near(code: str | None) -> str:
    """A stored whereabouts' code in words; empty where none is known.  Reads nothing then."""
    return near_words(areas_by_code(db.session()), code, page_locale()) if code else ""
