"""The register's pages: the list with its clocks, one incident, what was done about it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.access import allow, current_actor
from app.areas.queries import areas_under
from app.incidents import letter_routes, phone_routes, queries, service, words
from app.incidents.blueprint import bp, incident_words
from app.incidents.forms import (
    FoundForm,
    IncidentForm,
    JudgeForm,
    ReasonForm,
    StepForm,
    ToldForm,
    area_choices,
    clock_values,
)
from app.incidents.lost_phone import note_found
from app.incidents.models import Action, Incident, IncidentStep
from app.incidents.rules import check_incident, check_reason, clock_of, moment
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import Problem
from app.shared.work import work
from app.web import nav
from app.web.forms import PageForm
from app.web.locale import page_locale
from app.web.wording import wording

nav.register("incidents.index", _l("Data incidents"), "warn", roles=queries.DESKS, order=84)
__all__ = ["bp", "letter_routes", "phone_routes"]
WHOM: dict[str, Action] = {"office": "told_office", "people": "told_people"}


@bp.get("/incidents")
@allow("officer", "reviewer", "admin")
def index() -> ResponseReturnValue:
    """The register of the actor's area: open ones with their clock running, or closed ones."""
    actor, instant = current_actor(), now()
    closed, after = request.args.get("show") == "closed", request.args.get("after")
    page = queries.list_incidents(db.session(), actor, closed=closed, after=after)
    return render_template(
        "incidents/index.html",
        rows=[(incident, clock_of(incident, instant)) for incident in page.items],
        next_cursor=page.next_cursor,
        after=after,
        closed=closed,
        counts=queries.counts(db.session(), actor),
        **incident_words(),
    )


@bp.route("/incidents/new", methods=["GET", "POST"])
@allow("officer", "reviewer", "admin")
def new() -> ResponseReturnValue:
    """Enter an incident; the clock runs from when it was learned of."""
    form = _facts_form(IncidentForm(data=clock_values("aware", now())))
    if form.validate_on_submit():
        draft = form.to_draft()
        if draft and form.refuse(check_incident(draft, now=now())):
            with work() as w:
                incident = service.open_incident(w.session, draft, actor=current_actor(), now=now())
            flash(_("The incident is in the register. Judge the risk next."), "done")
            return redirect(url_for(".show", incident_id=incident.id), code=303)
    return _facts_page(form, None)


@bp.get("/incidents/<uuid:incident_id>")
@allow("officer", "reviewer", "admin")
def show(incident_id: UUID) -> ResponseReturnValue:
    """One incident: clock, facts, who was on the phone, what was done, what is to be done."""
    return _show(queries.incident_for(db.session(), current_actor(), incident_id))


@bp.route("/incidents/<uuid:incident_id>/edit", methods=["GET", "POST"])
@allow("officer", "reviewer", "admin")
def edit(incident_id: UUID) -> ResponseReturnValue:
    """Correct the facts; what stood there before is kept in the steps."""
    actor = current_actor()
    incident = queries.incident_for(db.session(), actor, incident_id)
    form = _facts_form(IncidentForm(data=IncidentForm.values_of(incident)), incident)
    if form.validate_on_submit():
        draft = form.to_draft()
        if draft and form.refuse(check_incident(draft, now=now())):

            def correct(session: Session, found: Incident) -> None:
                service.correct(session, found, draft, actor=actor, now=now())

            return _act(incident_id, form, correct, _("The facts are corrected."))
    return _facts_page(form, incident)


@bp.post("/incidents/<uuid:incident_id>/notes")
@allow("officer", "reviewer", "admin")
def note(incident_id: UUID) -> ResponseReturnValue:
    """Append what was done."""
    form, actor = StepForm(), current_actor()
    if not form.validate_on_submit() or not form.refuse(check_reason("words", form.words.data)):
        return _refused(incident_id, "step", form)

    def add(session: Session, incident: Incident) -> None:
        service.add_step(session, incident, "noted", actor=actor, now=now(), words=form.words.data)

    return _act(incident_id, form, add, _("Noted."))


@bp.post("/incidents/<uuid:incident_id>/judge")
@allow("officer", "reviewer", "admin")
def judge(incident_id: UUID) -> ResponseReturnValue:
    """Say how high the risk is, and why."""
    form, actor = JudgeForm(), current_actor()
    if not form.validate_on_submit() or not form.refuse(check_reason("reason", form.reason.data)):
        return _refused(incident_id, "judge", form)

    def act(session: Session, incident: Incident) -> None:
        reason = form.reason.data or ""
        service.judge(session, incident, form.risk.data, reason, actor=actor, now=now())

    return _act(incident_id, form, act, _("The risk is judged."))


@bp.post("/incidents/<uuid:incident_id>/told/<any(office,people):whom>")
@allow("officer", "reviewer", "admin")
def told(incident_id: UUID, whom: str) -> ResponseReturnValue:
    """Note when the Commission, or those concerned, were told."""
    form, actor = ToldForm(prefix=f"{whom}-"), current_actor()
    valid = form.validate_on_submit()
    at = moment(form.told_on.data, form.told_time.data) if valid else None
    if valid and (at is None or at > now()):
        form.refuse(
            [Problem("told_time", "bad_time") if at is None else Problem("told_on", "in_future")]
        )
    if at is None or form.errors:
        return _refused(incident_id, whom, form)

    def act(session: Session, incident: Incident) -> None:
        service.told(
            session,
            incident,
            WHOM[whom],
            at,
            form.words.data,
            actor=actor,
            now=now(),
        )

    return _act(incident_id, form, act, _("Noted."))


@bp.post("/incidents/<uuid:incident_id>/found")
@allow("officer", "reviewer", "admin")
def found(incident_id: UUID) -> ResponseReturnValue:
    """Note that the phone came back."""
    form, actor = FoundForm(), current_actor()

    def act(session: Session, incident: Incident) -> None:
        note_found(session, incident, form.words.data, actor=actor, now=now())

    done = _("Noted. The phone stays out of use until it is enrolled again with a new code.")
    return _act(incident_id, form, act, done)


@bp.post("/incidents/<uuid:incident_id>/close")
@allow("officer", "reviewer", "admin")
def close(incident_id: UUID) -> ResponseReturnValue:
    """End it, with the reason."""
    return _end(incident_id, service.close, _("The incident is closed."))


@bp.post("/incidents/<uuid:incident_id>/reopen")
@allow("officer", "reviewer", "admin")
def reopen(incident_id: UUID) -> ResponseReturnValue:
    """Take it up again, with the reason."""
    return _end(incident_id, service.reopen, _("The incident is open again."))


def _end(incident_id: UUID, how: Callable[..., None], done: str) -> ResponseReturnValue:
    form, actor = ReasonForm(), current_actor()
    if not form.validate_on_submit() or not form.refuse(check_reason("reason", form.reason.data)):
        return _refused(incident_id, "end", form)

    def act(session: Session, incident: Incident) -> None:
        how(session, incident, form.reason.data or "", actor=actor, now=now())

    return _act(incident_id, form, act, done)


def _act(
    incident_id: UUID, form: PageForm, act: Callable[[Session, Incident], None], done: str
) -> ResponseReturnValue:
    """Do one act on an incident in scope, and show it; a refusal is said above the page."""
    actor = current_actor()
    try:
        with work() as w:
            act(w.session, queries.incident_for(w.session, actor, incident_id))
    except (service.IncidentClosed, service.RiskNotJudged, service.PeopleNotTold) as refusal:
        flash(wording(refusal.code, refusal.facts), "error")
    else:
        flash(done, "done")
    return redirect(url_for(".show", incident_id=incident_id), code=303)


def _refused(incident_id: UUID, name: str, form: PageForm) -> ResponseReturnValue:
    incident = queries.incident_for(db.session(), current_actor(), incident_id)
    return _show(incident, **{name: form}), 422


def _show(incident: Incident, **refused: PageForm) -> str:
    session, instant = db.session(), now()
    steps = queries.steps_of(session, incident.id)
    blank = {"formdata": None, "data": clock_values("told", instant)}
    forms: dict[str, PageForm] = {
        "step": StepForm(formdata=None),
        "judge": JudgeForm(formdata=None),
        "office": ToldForm(prefix="office-", **blank),
        "people": ToldForm(prefix="people-", **blank),
        "end": ReasonForm(formdata=None),
        "found": FoundForm(formdata=None),
    }
    return render_template(
        "incidents/show.html",
        incident=incident,
        clock=clock_of(incident, instant),
        steps=steps,
        opened=steps[0][0].facts if steps else {},
        phone=queries.phone_of(session, incident),
        message=letter_routes.message_for(session, incident),
        forms={name: _own_ids(name, form) for name, form in (forms | refused).items()},
        aware_day=bangkok_day(incident.aware_at).isoformat(),
        changed_fields=_changed_fields,
        **incident_words(),
    )


def _own_ids(name: str, form: PageForm) -> PageForm:
    """Many forms stand on the page: each box an id of its own, or labels name another's box."""
    for box in form:
        box.id = box.label.field_id = f"{name}-{box.short_name}"
    return form


def _changed_fields(step: IncidentStep) -> str:
    """Which facts a correction changed, in words."""
    return ", ".join(str(words.FIELDS.get(name, name)) for name in step.facts.get("before", {}))


def _facts_form(form: IncidentForm, incident: Incident | None = None) -> IncidentForm:
    actor, session = current_actor(), db.session()
    prefix = actor.area_code
    provinces = [] if len(prefix) >= 4 else areas_under(session, prefix[:2], "province")
    districts = areas_under(session, prefix[:4], "district")
    known = [(area.code, area.name_in(page_locale())) for area in [*provinces, *districts]]
    choices = area_choices(actor, known)
    if incident and incident.area_code not in {code for code, _name in choices}:
        choices.append((incident.area_code, str(incident_words()["place"](incident.area_code))))
    return form.offer(choices)


def _facts_page(form: IncidentForm, incident: Incident | None) -> ResponseReturnValue:
    html = render_template("incidents/form.html", form=form, incident=incident)
    return html, 422 if form.errors else 200
