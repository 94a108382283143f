"""The phone's screens: which there are, and what their forms are made of.

A screen `visit-form` has its markup in templates/phone/_visit_form.html, as
`<template id="screen-visit-form">`, and its script in static/src/js/phone/screens/visit-form.js.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.queries import areas_under
from app.areas.words import place_words
from app.notices.service import contact_line
from app.rounds.programme import Choice, Programme, load_programme
from app.shared.db import db
from app.visits.forms import VisitForm
from app.web.locale import page_locale

# What it takes to write a visit down comes with the shell, all else in one more piece: a phone on
# a bad line has the visitor book first.
FIRST = ("home", "visit", "visit-form")
MORE = (
    "camera",
    "centre",
    "centres",
    "device",
    "enrol",
    "followup",
    "followup-form",
    "followups",
    "install",
    "outbox",
    "record",
    "record-form",
    "records",
    "rounds",
    "visits",
)
SCREENS = (*FIRST, *MORE)
_CHOICES = (
    "visit_kinds",
    "visitor_sectors",
    "topics",
    "followup_methods",
    "followup_uses",
    "outcomes",
)


def screen_files(names: Iterable[str]) -> list[str]:
    """The templates of these screens."""
    return [f"phone/_{name.replace('-', '_')}.html" for name in names]


def shell_facts() -> dict[str, Any]:
    """What the screens' templates may name: the same for everybody, of no person and no day."""
    programme = load_programme()
    return {
        "programme": programme_facts(programme),
        "visit_form": blank_visit_form(programme),
        "contact_words": contact_line(db.session()) or programme.contact.in_(page_locale()),
    }


def programme_facts(programme: Programme) -> dict[str, Any]:
    """The programme's lists as the phone's rules and lists read them."""
    return {
        "name": programme.name,
        "followup_months": programme.followup_months,
        **{name: [_answer(choice) for choice in getattr(programme, name)] for name in _CHOICES},
    }


def blank_visit_form(programme: Programme) -> VisitForm:
    """The visitor book's form with nothing in it; centres and the day are the phone's to fill."""
    form = VisitForm(formdata=None, data={"visit_date": None}, meta={"csrf": False})
    words = place_words()
    places = [
        (area.code, words(area.code)) for area in areas_under(db.session(), "", "subdistrict")
    ]
    form.offer(programme, page_locale(), centres=[], places=[("", _("Not asked")), *places])
    form.visit_date.data = None
    return form


def _answer(choice: Choice) -> dict[str, str]:
    return {"key": choice.key, "th": choice.th, "en": choice.en}
