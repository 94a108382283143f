"""The visitor book's pages: one visit to write, show and correct, and a whole paper page."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import allow, current_actor
from app.accounts.ceilings import at_most
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.centres.models import Centre
from app.centres.queries import list_centres
from app.keeping.service import UnderLegalHold
from app.notices.service import contact_line
from app.rounds.programme import load_programme
from app.rounds.words import choice_pairs, choice_words
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.forgetting import forget_elsewhere
from app.shared.panels import panels_for
from app.shared.record import capture_of
from app.shared.work import work
from app.visits import queries, reading, service
from app.visits.blueprint import WRITERS, add_filters, bp
from app.visits.forms import ForgetForm, LineForm, PageHeadForm, ReasonForm, VisitForm
from app.visits.models import Visit
from app.visits.rules import check_visit
from app.web.forms import offered
from app.web.locale import page_locale
from app.web.wording import wording

__all__ = ["bp", "init_app", "reading"]

SHOWN_CONTACT = "contact_shown"  # the form field that says that name and phone are in the form
LAST_CENTRE = "visits_centre"  # cookie field: where this browser wrote the last visit
MOST_LINES = 40  # a page of the paper book has 20 to 25


def init_app(app: Flask) -> None:
    """Give templates the slice's filters."""
    add_filters(app)


@bp.route("/visits/new", methods=["GET", "POST"])
@allow(*WRITERS)
def new() -> ResponseReturnValue:
    """Write one visit in the book.  The form's own id makes a second click harmless."""
    form = _visit_form(VisitForm(data={"centre_id": _usual_centre()}))
    if form.validate_on_submit():
        draft = form.to_draft(capture=form.id.capture, programme_version=load_programme().name)
        if form.refuse(check_visit(draft, now=now(), programme=load_programme())):
            try:
                with work() as w:
                    visit, created = service.record_visit(
                        w.session, draft, actor=current_actor(), now=now()
                    )
            except DomainError as refusal:
                _refuse(form, refusal)
            else:
                session[LAST_CENTRE] = form.centre_id.data
                flash(_("Visit saved.") if created else _("This visit was already saved."), "done")
                return redirect(url_for(".show", visit_id=visit.id), code=303)
    return _form_page(form, None)


@bp.get("/visits/<uuid:visit_id>")
@allow()
def show(visit_id: UUID) -> ResponseReturnValue:
    """One visit with its photos, follow-ups and history; name and phone masked."""
    return _show(queries.visit_for(db.session(), current_actor(), visit_id))


@bp.post("/visits/<uuid:visit_id>/contact")
@allow(*WRITERS)
@at_most("look")
def contact(visit_id: UUID) -> ResponseReturnValue:
    """Show name and phone this once; the audit log keeps who looked and when."""
    actor = current_actor()
    with work() as w:
        visit = queries.visit_for(w.session, actor, visit_id)
        service.note_contact_seen(w.session, visit, actor=actor, now=now())
    return _show(visit, reveal=True)


@bp.route("/visits/<uuid:visit_id>/edit", methods=["GET", "POST"])
@allow(*WRITERS)
def edit(visit_id: UUID) -> ResponseReturnValue:
    """Correct a visit: a new version, with who, when and what changed."""
    actor = current_actor()
    visit = queries.visit_for(db.session(), actor, visit_id)
    shown = SHOWN_CONTACT in request.form or not (visit.leader_name or visit.phone)
    form = _edit_form(visit, shown=shown)
    if form.validate_on_submit():
        form.id.data = visit_id
        draft = form.to_draft(capture=capture_of(visit), programme_version=visit.programme_version)
        if form.refuse(check_visit(draft, now=now(), programme=load_programme())):
            expected = form.version.data or 0
            try:
                with work() as w:
                    service.edit_visit(
                        w.session, draft, expected_version=expected, actor=actor, now=now()
                    )
            except DomainError as refusal:
                _refuse(form, refusal)
            else:
                flash(_("The visit is corrected."), "done")
                return redirect(url_for(".show", visit_id=visit_id), code=303)
    return _form_page(form, visit)


@bp.post("/visits/<uuid:visit_id>/edit/contact")
@allow(*WRITERS)
@at_most("look")
def edit_contact(visit_id: UUID) -> ResponseReturnValue:
    """The form of a correction with name and phone in it; the audit log keeps who looked."""
    actor = current_actor()
    with work() as w:
        visit = queries.visit_for(w.session, actor, visit_id)
        service.note_contact_seen(w.session, visit, actor=actor, now=now(), door="edit")
    return _form_page(_edit_form(visit, shown=True, fresh=True), visit)


def _edit_form(visit: Visit, *, shown: bool, fresh: bool = False) -> VisitForm:
    """The form of a correction.  `fresh`: the request is no answer to it yet."""
    values = VisitForm.values_of(visit)
    form = VisitForm(formdata=None, data=values) if fresh else VisitForm(data=values)
    form = _visit_form(form, visit)
    return form if shown else form.keep_contact(visit)


@bp.post("/visits/<uuid:visit_id>/delete")
@allow(*WRITERS)
def delete(visit_id: UUID) -> ResponseReturnValue:
    """Strike a visit out, with the reason."""
    actor, form = current_actor(), ReasonForm()
    visit = queries.visit_for(db.session(), actor, visit_id)
    if not form.validate_on_submit():
        return _show(visit, reason=form)
    try:
        with work() as w:
            service.delete_visit(
                w.session,
                visit_id,
                expected_version=form.version.data or 0,
                reason=form.reason.data or "",
                actor=actor,
                now=now(),
            )
    except (service.StaleVersion, service.QuarterSealed) as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        return _show(queries.visit_for(db.session(), actor, visit_id), reason=form)
    flash(_("The visit is struck out and no longer counts."), "done")
    return redirect(url_for(".index"), code=303)


@bp.post("/visits/<uuid:visit_id>/forget")
@allow("officer", "reviewer", "admin")
def forget(visit_id: UUID) -> ResponseReturnValue:
    """Erase the person, keep the counts.  The reason is kept, so it must name nobody."""
    actor, form = current_actor(), ForgetForm()
    visit = queries.visit_for(db.session(), actor, visit_id)
    if not form.validate_on_submit():
        return _show(visit, reason=form)
    try:
        with work() as w:
            reason = form.reason.data or ""
            service.forget_visitor(w.session, visit_id, actor=actor, now=now(), reason=reason)
            if form.photos_too.data:
                forget_elsewhere(w.session, "visit_photos", visit_id)
    except UnderLegalHold as refusal:
        form.refuse([Problem("", refusal.code)])
        return _show(queries.visit_for(db.session(), actor, visit_id), reason=form)
    flash(_("Name, phone and remarks are erased. The counts stay."), "done")
    return redirect(url_for(".show", visit_id=visit_id), code=303)


@bp.route("/visits/page", methods=["GET", "POST"])
@allow(*WRITERS)
def page() -> ResponseReturnValue:
    """Key in a page of the paper book: good lines are saved, the others stay with their reason."""
    head = PageHeadForm(data={"centre_id": _usual_centre()})
    head.centre_id.choices = offered(_centre_choices())
    more = "more" in request.form
    count = min(max(head.lines.data or 10, 1) + (5 if more else 0), MOST_LINES)
    lines = [_line_form(number) for number in range(count)]
    head.lines.data, head.lines.raw_data = count, None
    if not head.is_submitted() or more or not head.validate():
        return _lines_page(head, lines)
    written = [line for line in lines if not line.untouched]
    waiting = [line for line in written if not _save_line(head, line)]
    saved = len(written) - len(waiting)
    if saved:
        session[LAST_CENTRE] = head.centre_id.data
        flash(ngettext("%(num)d visit saved.", "%(num)d visits saved.", saved), "done")
    if waiting or not written:
        return _lines_page(head, waiting or lines, nothing=not written)
    return redirect(url_for(".index", centre=head.centre_id.data), code=303)


def _save_line(head: PageHeadForm, line: LineForm) -> bool:
    """Judge and save one line, alone: a bad line never holds up the others."""
    if not line.validate():
        return False
    programme = load_programme()
    draft = line.to_draft(head, programme.name)
    if not line.refuse(check_visit(draft, now=now(), programme=programme)):
        return False
    try:
        with work() as w:
            service.record_visit(w.session, draft, actor=current_actor(), now=now())
    except DomainError as refusal:
        line.refuse([Problem("", refusal.code, refusal.facts)])
        return False
    return True


def _line_form(number: int) -> LineForm:
    line = LineForm(prefix=f"line{number}-")
    line.kind.choices = offered(choice_pairs("visit_kinds"))
    return line


def _lines_page(
    head: PageHeadForm, lines: list[LineForm], *, nothing: bool = False
) -> ResponseReturnValue:
    if nothing:
        head.form_errors.append(wording("no_line"))
    bad = head.errors or any(line.errors for line in lines)
    html = render_template("visits/page.html", head=head, lines=lines, most=MOST_LINES)
    return html, 422 if bad else 200


def _visit_form(form: VisitForm, visit: Visit | None = None) -> VisitForm:
    areas = areas_under(db.session(), "", "subdistrict")
    name = place_words()
    centres = _centre_choices() if visit is None else [_centre_choice(visit.centre)]
    places = [("", _("Not asked"))] + [(area.code, name(area.code)) for area in areas]
    return form.offer(load_programme(), page_locale(), centres=centres, places=places)


def _centre_choices() -> list[tuple[str, str]]:
    """Open centres in scope; someone with many must choose one."""
    centres = list_centres(db.session(), current_actor(), status="active")
    choices = [_centre_choice(centre) for centre in centres]
    return choices if len(choices) == 1 else [("", _("Choose a centre")), *choices]


def _centre_choice(centre: Centre) -> tuple[str, str]:
    return str(centre.id), f"{centre.code} {centre.name}"


def _usual_centre() -> str:
    """The volunteer's own centre, the one asked for, or the one of the last visit written."""
    actor = current_actor()
    if actor.centre_id:
        return str(actor.centre_id)
    return request.args.get("centre") or str(session.get(LAST_CENTRE, ""))


def _form_page(form: VisitForm, visit: Visit | None) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    html = render_template(
        "visits/form.html",
        form=form,
        visit=visit,
        today=bangkok_day(now()),
        contact_words=contact_line(db.session()) or load_programme().contact.in_(page_locale()),
    )
    return html, status


def _refuse(form: VisitForm, refusal: DomainError) -> None:
    """Say under the right field why the domain refused."""
    if isinstance(refusal, NotFound):
        raise refusal
    fields = {"unknown_centre": "centre_id", "unknown_area": "origin_subdistrict_code"}
    form.refuse([Problem(fields.get(refusal.code, ""), refusal.code, refusal.facts)])


def _show(
    visit: Visit, *, reveal: bool = False, reason: ReasonForm | None = None
) -> ResponseReturnValue:
    html = render_template(
        "visits/show.html",
        visit=visit,
        reveal=reveal,
        forgetting=ForgetForm(formdata=None),
        reason=reason or ReasonForm(formdata=None, data={"version": visit.version}),
        writes=current_actor().role in WRITERS,
        history=queries.history_of(db.session(), visit),
        panels=panels_for("visit", visit),
        place=place_words(),
        words={n: choice_words(n) for n in ("visit_kinds", "visitor_sectors", "topics")},
    )
    return html, 422 if reason is not None else 200
