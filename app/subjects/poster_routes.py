"""The notice on paper: one A4 sheet that hangs where the visitor book lies (section 23)."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup

from app.accounts.access import allow, current_actor
from app.centres.models import Centre
from app.centres.queries import centre_for
from app.notices.service import ControllerFacts, controller
from app.notices.text import purposes
from app.shared.db import db
from app.shared.qr import qr_picture

bp = Blueprint("posters", __name__)


@bp.get("/centres/<uuid:centre_id>/notice")
@allow()
def notice(centre_id: UUID) -> ResponseReturnValue:
    """The sheet, to print; in Thai whatever the reader's language, for it hangs in Thailand."""
    centre = centre_for(db.session(), current_actor(), centre_id)
    office = controller(db.session())
    sheet = _sheet(centre, office)
    return render_template("subjects/poster.html", centre=centre, office=office, sheet=sheet)


def _sheet(centre: Centre, office: ControllerFacts) -> Markup:
    with force_locale("th"):
        html = render_template(
            "subjects/_sheet.html",
            centre=centre,
            office=office,
            visitor=purposes()["visitor"],
            site=request.host,
            notice_picture=qr_picture(f"{request.url_root}privacy"),
            mine_picture=qr_picture(f"{request.url_root}my-data"),
        )
    return Markup(html)  # noqa: S704 - a template of ours, which escaped what it was given
