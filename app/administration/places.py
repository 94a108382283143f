"""What a manager may give an account: roles, districts and centres of their own area."""

from __future__ import annotations

from flask import current_app
from flask_babel import lazy_gettext as _l

from app.accounts.rules import Actor
from app.administration.forms import PlaceForm
from app.administration.words import ROLES
from app.areas.queries import areas_under
from app.centres.queries import list_centres
from app.shared.db import db
from app.web.forms import offered
from app.web.locale import page_locale
from config import Settings


def offer_places(form: PlaceForm, actor: Actor) -> dict[str, str]:
    """Fill the choices with what the actor may give; returns centre id -> area code."""
    if actor.role == "officer":
        form.role.choices = offered([("volunteer", ROLES["volunteer"])])
        form.role.data = form.role.data or "volunteer"
    districts = areas_under(db.session(), actor.area_code, "district")
    form.area_code.choices = offered(
        [("", _l("Choose")), *((d.code, d.name_in(page_locale())) for d in districts)]
    )
    centres = list_centres(db.session(), actor)
    form.centre_id.choices = offered(
        [("", _l("Choose")), *((str(c.id), f"{c.code} {c.name}") for c in centres)]
    )
    return {str(c.id): c.subdistrict_code for c in centres}


def province() -> str:
    """The code of the province that this installation serves."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.province_code
