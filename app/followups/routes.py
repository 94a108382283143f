"""The follow-ups' pages: one check to write, show, correct and strike out."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.audit.history import StaleVersion
from app.followups import queries, service
from app.followups.forms import FollowupForm, StrikeOutForm, step_choices
from app.followups.models import Followup
from app.followups.reading import LISTS, bp
from app.followups.rules import VisitFacts, check_followup, current_step
from app.rounds.programme import load_programme
from app.rounds.seals import QuarterSealed
from app.rounds.words import choice_words
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.panels import panels_for
from app.shared.record import capture_of
from app.shared.work import work
from app.visits.blueprint import WRITERS
from app.visits.models import Visit
from app.visits.queries import visit_for
from app.visits.service import note_contact_seen
from app.web.locale import page_locale

__all__ = ["bp"]


@bp.route("/followups/new", methods=["GET", "POST"])
@allow(*WRITERS)
def new() -> ResponseReturnValue:
    """Write down one check on `?visit=`.  The form's own id makes a second click harmless."""
    visit = _asked_visit()
    form = _form(visit)
    if form.validate_on_submit():
        programme = load_programme()
        draft = form.to_draft(
            visit_id=visit.id, capture=form.id.capture, programme_version=programme.name
        )
        problems = check_followup(draft, visit=VisitFacts.of(visit), now=now(), programme=programme)
        if form.refuse(problems):
            try:
                with work() as w:
                    followup, created = service.record_followup(
                        w.session, draft, actor=current_actor(), now=now()
                    )
            except DomainError as refusal:
                form.refuse([Problem("", refusal.code, refusal.facts)])
            else:
                known = _("This follow-up was already saved.")
                flash(_("Follow-up saved.") if created else known, "done")
                return redirect(url_for(".show", followup_id=followup.id), code=303)
    return _form_page(form, visit)


@bp.post("/followups/contact")
@allow(*WRITERS)
def contact() -> ResponseReturnValue:
    """The form again with name and phone shown; the audit log keeps who looked and when."""
    actor, visit = current_actor(), _asked_visit()
    with work() as w:
        note_contact_seen(w.session, visit, actor=actor, now=now(), door="followup")
    return _form_page(_form(visit, typed=False), visit, reveal=True)


@bp.get("/followups/<uuid:followup_id>")
@allow()
def show(followup_id: UUID) -> ResponseReturnValue:
    """One check with its photos."""
    return _show(queries.followup_for(db.session(), current_actor(), followup_id))


@bp.route("/followups/<uuid:followup_id>/edit", methods=["GET", "POST"])
@allow(*WRITERS)
def edit(followup_id: UUID) -> ResponseReturnValue:
    """Correct a check: a new version, with who, when and what changed."""
    actor = current_actor()
    followup = queries.followup_for(db.session(), actor, followup_id)
    visit = followup.visit
    form = _offered(FollowupForm(data=FollowupForm.values_of(followup)), visit)
    if form.validate_on_submit():
        form.id.data, programme = followup_id, load_programme()
        draft = form.to_draft(
            visit_id=visit.id,
            capture=capture_of(followup),
            programme_version=followup.programme_version,
        )
        problems = check_followup(draft, visit=VisitFacts.of(visit), now=now(), programme=programme)
        if form.refuse(problems):
            expected = form.version.data or 0
            try:
                with work() as w:
                    service.edit_followup(
                        w.session, draft, expected_version=expected, actor=actor, now=now()
                    )
            except (StaleVersion, QuarterSealed) as refusal:
                form.refuse([Problem("", refusal.code, refusal.facts)])
            else:
                flash(_("The follow-up is corrected."), "done")
                return redirect(url_for(".show", followup_id=followup_id), code=303)
    return _form_page(form, visit, followup=followup)


@bp.post("/followups/<uuid:followup_id>/delete")
@allow(*WRITERS)
def delete(followup_id: UUID) -> ResponseReturnValue:
    """Strike a check out, with the reason; its visit is due again."""
    actor, form = current_actor(), StrikeOutForm()
    followup = queries.followup_for(db.session(), actor, followup_id)
    if not form.validate_on_submit():
        return _show(followup, form)
    try:
        with work() as w:
            service.delete_followup(
                w.session, followup_id, reason=form.reason.data or "", actor=actor, now=now()
            )
    except QuarterSealed as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        return _show(queries.followup_for(db.session(), actor, followup_id), form)
    flash(_("The follow-up is struck out and no longer counts."), "done")
    return redirect(url_for("visits.show", visit_id=followup.visit_id), code=303)


def _asked_visit() -> Visit:
    """The visit named in the address or the form.  Raises NotFound."""
    try:
        visit_id = UUID(request.values.get("visit", ""))
    except ValueError as error:
        raise NotFound(kind="visit") from error
    return visit_for(db.session(), current_actor(), visit_id)


def _form(visit: Visit, *, typed: bool = True) -> FollowupForm:
    """The form for `visit`: the step that is due, and everybody who came, are filled in.

    `typed`: with what was sent, if anything was.
    """
    months = load_programme().followup_months
    step = current_step(visit.visit_date, visit.next_followup_on, months)
    usual = {"step_months": str(step or ""), "n_followed": visit.n_total}
    form = FollowupForm(data=usual) if typed else FollowupForm(formdata=None, data=usual)
    return _offered(form, visit)


def _offered(form: FollowupForm, visit: Visit) -> FollowupForm:
    programme = load_programme()
    form.visit.data = str(visit.id)
    form.offer(programme, page_locale(), steps=step_choices(programme.followup_months))
    return form


def _form_page(
    form: FollowupForm, visit: Visit, *, reveal: bool = False, followup: Followup | None = None
) -> ResponseReturnValue:
    html = render_template(
        "followups/form.html", form=form, visit=visit, reveal=reveal, followup=followup
    )
    return html, 422 if form.errors else 200


def _show(followup: Followup, reason: StrikeOutForm | None = None) -> ResponseReturnValue:
    html = render_template(
        "followups/show.html",
        followup=followup,
        visit=followup.visit,
        reason=reason or StrikeOutForm(formdata=None),
        writes=current_actor().role in WRITERS,
        history=queries.history_of(db.session(), followup),
        panels=panels_for("followup", followup),
        words={name: choice_words(name) for name in LISTS},
    )
    return html, 422 if reason is not None else 200
