"""The privacy notice for everybody, and the page where the office says who it is."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import actor_or_none, allow, allow_public, current_actor
from app.notices import queries, service
from app.notices.forms import ControllerForm
from app.notices.service import FIELDS, controller
from app.notices.text import purposes
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import Problem
from app.shared.work import work
from app.web import nav

bp = Blueprint("notices", __name__)
nav.register("notices.edit", _l("Privacy notice"), "shield", roles=("admin",), order=84)


def init_app(app: Flask) -> None:
    """Let every form say who asks, and warn whoever can mend it that nobody has said so."""
    app.jinja_env.globals["data_controller"] = lambda: controller(db.session())
    app.jinja_env.globals["kept_for"] = lambda: purposes()["visitor"].how_long


@bp.get("/privacy")
@allow_public
def show() -> ResponseReturnValue:
    """The notice: why, what, how long, who sees it, and what people can do about it."""
    actor = actor_or_none()
    return render_template(
        "notices/show.html",
        office=controller(db.session()),
        kept=purposes(),
        may_edit=actor is not None and actor.role == "admin",
    )


@bp.route("/privacy/office", methods=["GET", "POST"])
@allow("admin")
def edit() -> ResponseReturnValue:
    """Say who answers for the data: looked at first, then saved as a new version."""
    present = controller(db.session())
    form = ControllerForm(data={name: getattr(present, name) for name in FIELDS})
    if not form.is_submitted():
        form.version.data = present.version
    preview = None
    if form.validate_on_submit():
        if "save" not in request.form:
            preview = form.to_facts()
        elif _save(form):
            flash(_("The notice is in force."), "done")
            return redirect(url_for(".show"), code=303)
    html = render_template(
        "notices/edit.html", form=form, preview=preview, present=present,
        history=queries.history(db.session()), kept=purposes(),
    )  # fmt: skip
    return html, 422 if form.errors or form.form_errors else 200


def _save(form: ControllerForm) -> bool:
    try:
        with work() as w:
            service.set_controller(w.session, form.to_facts(), actor=current_actor(), now=now())
    except service.StaleController as refusal:
        return form.refuse([Problem("", refusal.code)])
    return True
