"""The desk's blueprint for requests and receipt codes, and what its pages share."""

from __future__ import annotations

from datetime import date

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.rules import Role
from app.subjects.rules import SOON_DAYS
from app.web import nav

bp = Blueprint("requests", __name__)
DESKS: tuple[Role, ...] = ("officer", "reviewer", "admin")
nav.register("requests.index", _l("Requests about data"), "shield", order=70)


def due_words(due_on: date, today: date) -> tuple[str, str]:
    """A badge's state and words for a request that waits: how long there is left."""
    left = (due_on - today).days
    if left < 0:
        return "late", ngettext("%(num)d day overdue", "%(num)d days overdue", -left)
    if left == 0:
        return "late", _("Due today")
    words = ngettext("%(num)d day left", "%(num)d days left", left)
    return ("due" if left <= max(SOON_DAYS) else "waiting"), words
