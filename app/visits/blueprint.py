"""The visitor book's blueprint, and the words all its pages share."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.rules import Role
from app.rounds.words import choice_words
from app.visits.models import Visit
from app.web import nav
from app.web.filters import thai_day

bp = Blueprint("visits", __name__)
nav.register("visits.index", _l("Visitor book"), "book", order=20)
# A reviewer reads, and asks those who write.
WRITERS: tuple[Role, ...] = ("volunteer", "officer", "admin")


def add_filters(app: Flask) -> None:
    """Give templates what to call visitors, and a history's values in words."""
    app.jinja_env.filters["visitors"] = visitors_name
    app.jinja_env.globals["shown_value"] = shown_value


def visitors_name(visit: Visit) -> str:
    """What to call the visitors where names of people are not shown."""
    if visit.group_name:
        return visit.group_name
    return _("Individual visitor") if visit.n_total == 1 else _("Individual visitors")


_LISTS = {  # column of a visit or a follow-up -> the programme's list of its answers
    "kind": "visit_kinds",
    "sector": "visitor_sectors",
    "topics": "topics",
    "outcomes": "outcomes",
    "method": "followup_methods",
    "used": "followup_uses",
}
_DAYS = ("visit_date", "followed_on", "next_due_on")


def shown_value(field: str, value: object) -> str:
    """A value out of a record's history, in words."""
    if value is None or value == []:
        return _("nothing")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field in _LISTS:
        words = choice_words(_LISTS[field])
        keys = value if isinstance(value, list) else [value]
        return ", ".join(words(str(key)) for key in keys)
    if field in _DAYS:
        return thai_day(date.fromisoformat(str(value)))
    return str(value)
