"""Adding accounts: needs areas and centres to choose from, so it stands above them."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.accounts.rules import check_account
from app.accounts.service import AccountExists, add_account
from app.administration.forms import AccountForm
from app.areas.queries import areas_under
from app.centres.queries import list_centres
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import Problem
from app.shared.work import work
from app.web.forms import offered
from app.web.locale import page_locale
from config import Settings

bp = Blueprint("administration", __name__)


@bp.route("/accounts/new", methods=["GET", "POST"])
@allow("admin")
def new_account() -> ResponseReturnValue:
    """Add an account."""
    actor = current_actor()
    form = AccountForm()
    centre_areas = _offer(form)
    if form.validate_on_submit():
        draft = form.to_draft(province=_province(), centre_areas=centre_areas)
        if form.refuse(check_account(draft)):
            try:
                with work() as w:
                    account = add_account(w.session, draft, actor_id=actor.account_id, now=now())
            except AccountExists as refusal:
                form.refuse([Problem("username", refusal.code)])
            else:
                flash(_("The account %(name)s is ready.", name=account.username), "done")
                return redirect(url_for("accounts.index"), code=303)
    status = 422 if form.errors else 200
    return render_template("administration/new_account.html", form=form), status


def _offer(form: AccountForm) -> dict[str, str]:
    """Fill the selects with what lies in the administrator's area; returns centre id -> area."""
    actor = current_actor()
    districts = areas_under(db.session(), actor.area_code, "district")
    form.area_code.choices = offered(
        [("", _("Choose")), *((d.code, d.name_in(page_locale())) for d in districts)]
    )
    centres = list_centres(db.session(), actor)
    form.centre_id.choices = offered(
        [("", _("Choose")), *((str(c.id), f"{c.code} {c.name}") for c in centres)]
    )
    return {str(c.id): c.subdistrict_code for c in centres}


def _province() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.province_code
