"""The visitor book's blueprint, and the words all its pages share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.rules import Role
from app.areas.queries import areas_by_code, place_name
from app.rounds.programme import choice_label, load_programme
from app.shared.clock import Quarter
from app.shared.db import db
from app.shared.personal import mask_name, mask_phone, show_phone
from app.visits.models import Visit
from app.web import nav
from app.web.filters import thai_day

bp = Blueprint("visits", __name__)
nav.register("visits.index", _l("Visitor book"), "book", order=20)
WRITERS: tuple[Role, ...] = (
    "volunteer",
    "officer",
    "admin",
)  # a reviewer reads, and asks those who write
QUARTERS_OFFERED = 8  # two fiscal years back: what a reviewer compares


def add_filters(app: Flask) -> None:
    """Give templates the ways of showing a phone and a name."""
    app.jinja_env.filters.update(
        phone=show_phone, masked_phone=mask_phone, masked_name=mask_name, visitors=visitors_name
    )
    app.jinja_env.globals["shown_value"] = shown_value


def locale() -> str:
    """The reader's language, `th` or `en`."""
    return str(get_locale() or "th")


def choice_words(list_name: str) -> Callable[[str | None], str]:
    """A function from a stored key to its words in the programme's list."""
    choices, language = getattr(load_programme(), list_name), locale()
    return lambda key: choice_label(choices, key, language)


def place_words() -> Callable[[str | None], str]:
    """A function from an area code to its name with the areas above it."""
    areas, language = areas_by_code(db.session()), locale()
    return lambda code: place_name(areas, code, language) if code else ""


def visitors_name(visit: Visit) -> str:
    """What to call the visitors where names of people are not shown."""
    if visit.group_name:
        return visit.group_name
    return _("Individual visitor") if visit.n_total == 1 else _("Individual visitors")


def shown_value(field: str, value: object) -> str:
    """A value out of a record's history, in words."""
    lists = {"kind": "visit_kinds", "sector": "visitor_sectors", "topics": "topics"}
    if value is None or value == []:
        return _("nothing")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field in lists:
        words = choice_words(lists[field])
        keys = value if isinstance(value, list) else [value]
        return ", ".join(words(str(key)) for key in keys)
    if field == "visit_date":
        return thai_day(date.fromisoformat(str(value)))
    return str(value)


def quarters_offered(today: date) -> list[Quarter]:
    """The quarters a list can be narrowed to, newest first."""
    quarters = [Quarter.of_day(today)]
    while len(quarters) < QUARTERS_OFFERED:
        quarters.append(quarters[-1].previous())
    return quarters
