"""Where records belong, as pages ask for it: centres, districts, and a list's filter."""

from __future__ import annotations

from typing import Any

from flask import request, session
from flask_babel import gettext as _

from app.accounts.access import current_actor
from app.accounts.rules import Actor
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.centres.models import Centre
from app.centres.queries import list_centres
from app.records.choices import Pairs
from app.records.kinds import Level
from app.records.queries import EntryFilter
from app.rounds.programme import load_programme
from app.rounds.queries import quarters_known
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.visits.routes import LAST_CENTRE
from app.web.asked import asked_id, asked_quarter
from app.web.locale import page_locale


def asked_filter() -> EntryFilter:
    """The filter in the page's address; what makes no sense there is ignored."""
    asked = request.args
    return EntryFilter(
        search=asked.get("q", "")[:100],
        centre_id=asked_id("centre"),
        quarter=asked_quarter(),
        district=asked.get("district", "")[:4],
    )


def filter_choices(actor: Actor) -> dict[str, object]:
    """What a list's filter offers this reader."""
    volunteer = actor.role == "volunteer"
    return {
        "quarters": quarters_known(load_programme(), bangkok_day(now())),
        "centres": [] if volunteer else list_centres(db.session(), actor),
        "districts": [] if volunteer else district_choices(actor),
    }


def district_choices(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the districts this reader sees; none for a volunteer."""
    if actor.centre_id:
        return []
    found = areas_under(db.session(), actor.area_code[:4], "district")
    return [(area.code, area.name_in(page_locale())) for area in found]


def usual_centre() -> str:
    """The volunteer's own centre, the one asked for, or the one written for last."""
    actor = current_actor()
    if actor.centre_id:
        return str(actor.centre_id)
    return request.args.get("centre") or str(session.get(LAST_CENTRE, ""))


def centre_choices(actor: Actor, level: Level) -> list[tuple[str, str]]:
    """Open centres in scope; what is either's may be the district's own."""
    active = list_centres(db.session(), actor, status="active")
    choices = [_centre_choice(centre) for centre in active]
    if actor.centre_id:
        return choices
    if level == "either":
        return [("", _("The district as a whole")), *choices]
    return choices if len(choices) == 1 else [("", _("Choose a centre")), *choices]


def place_of(row: Any) -> tuple[Pairs, Pairs]:
    """The centre and the district of a stored record, which stay what they are."""
    whole = ("", _("The district as a whole"))
    centre = _centre_choice(row.centre) if row.centre else whole
    return [centre], [(row.district_code, place_words()(row.district_code))]


def _centre_choice(centre: Centre) -> tuple[str, str]:
    return str(centre.id), f"{centre.code} {centre.name}"
