"""The centres' pages: a list, a page for each, and adding and changing them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.centres import queries, service
from app.centres.forms import CentreForm
from app.centres.models import Centre
from app.centres.rules import check_centre
from app.rounds.words import choice_pairs, choice_words
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError, Problem
from app.shared.panels import panels_for
from app.shared.work import work
from app.web import nav
from app.web.forms import offered

bp = Blueprint("centres", __name__)
nav.register(
    "centres.index", _l("Centres"), "leaf", roles=("officer", "reviewer", "admin"), order=40
)


@bp.get("/centres")
@allow("officer", "reviewer", "admin")
def index() -> ResponseReturnValue:
    """Centres in scope, by official code."""
    actor = current_actor()
    filters = {name: request.args.get(name, "") for name in ("search", "district", "status")}
    after = request.args.get("after")
    page, total = queries.page_centres(db.session(), actor, after=after, **filters)
    return render_template(
        "centres/index.html",
        page=page,
        total=total,
        after=after,
        asked={name: value for name, value in filters.items() if value},
        filters=filters,
        districts=areas_under(db.session(), actor.area_code[:4], "district"),
        **_words(),
    )


@bp.get("/centres/<uuid:centre_id>")
@allow()
def show(centre_id: UUID) -> ResponseReturnValue:
    """One centre and what was captured there."""
    centre = queries.centre_for(db.session(), current_actor(), centre_id)
    return render_template(
        "centres/show.html", centre=centre, panels=panels_for("centre", centre), **_words()
    )


@bp.route("/centres/new", methods=["GET", "POST"])
@allow("admin", "officer")
def new() -> ResponseReturnValue:
    """Add a centre in the actor's area."""
    form = _form()
    if form.validate_on_submit():
        draft = form.to_draft()
        if form.refuse(check_centre(draft)):
            try:
                with work() as w:
                    centre = service.add_centre(w.session, draft, actor=current_actor(), now=now())
            except DomainError as refusal:
                _refuse(form, refusal)
            else:
                flash(_("The centre is saved."), "done")
                return redirect(url_for(".show", centre_id=centre.id), code=303)
    return _form_page(form, None)


@bp.route("/centres/<uuid:centre_id>/edit", methods=["GET", "POST"])
@allow("admin", "officer")
def edit(centre_id: UUID) -> ResponseReturnValue:
    """Change a centre; the audit log keeps which columns changed."""
    actor = current_actor()
    centre = queries.centre_for(db.session(), actor, centre_id)
    form = _form(centre)
    if form.validate_on_submit():
        draft = form.to_draft()
        if form.refuse(check_centre(draft)):
            try:
                with work() as w:
                    fresh = queries.centre_for(w.session, actor, centre_id)
                    service.change_centre(w.session, fresh, draft, actor=actor, now=now())
            except DomainError as refusal:
                _refuse(form, refusal)
            else:
                flash(_("The centre is saved."), "done")
                return redirect(url_for(".show", centre_id=centre_id), code=303)
    return _form_page(form, centre)


def _form(centre: Centre | None = None) -> CentreForm:
    form = CentreForm(data=CentreForm.values_of(centre) if centre else None)
    form.plot_class.choices = offered(choice_pairs("plot_classes"))
    name = place_words()
    form.subdistrict_code.choices = offered(
        (area.code, f"{name(area.code)} ({area.code})")
        for area in areas_under(db.session(), current_actor().area_code, "subdistrict")
    )
    return form


def _form_page(form: CentreForm, centre: Centre | None) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return render_template("centres/form.html", form=form, centre=centre), status


def _refuse(form: CentreForm, refusal: DomainError) -> None:
    field = "code" if refusal.code == "centre_exists" else "subdistrict_code"
    form.refuse([Problem(field, refusal.code, refusal.facts)])


def _words() -> dict[str, object]:
    """What templates need to say a place and a class in words."""
    return {"place_words": place_words(), "class_name": choice_words("plot_classes")}
