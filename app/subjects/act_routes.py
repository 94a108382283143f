"""Answering a request: what the desk does for the person, and the reason where it does not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.areas.queries import DISTRICT_DIGITS
from app.networks.forgetting import forget_named
from app.networks.kinds import NETWORK_ORDER
from app.networks.queries import members_named
from app.records.queries import entry_for
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.work import work
from app.subjects import acts, queries, service
from app.subjects.blueprint import DESKS, bp
from app.subjects.forms import ContactForm, DecisionForm, MemberForm, Yes
from app.subjects.holding import Holding, holding_of
from app.subjects.models import SubjectRequest
from app.subjects.routes import facts, json_file
from app.subjects.service import RequestDecided
from app.subjects.showing import shown
from app.visits.models import Visit
from app.visits.queries import visit_for
from app.visits.service import forget_visitor, note_contact_seen
from app.visits.withdrawal import correct_contact

ORDERERS = NETWORK_ORDER.writers  # who writes orders erases from them


@bp.post("/requests/<uuid:request_id>/decide")
@allow(*DESKS)
def decide(request_id: UUID) -> ResponseReturnValue:
    """Answer it: done, or refused with the reason, which is kept (section 39(7))."""
    found = queries.request_for(db.session(), current_actor(), request_id)
    form = DecisionForm()
    if not form.validate_on_submit():
        return page(found, decision=form)
    try:
        with work() as w:
            service.decide(
                w.session, request_id, done=form.outcome.data == "done",
                decision=form.decision.data or "", actor=current_actor(), now=now(),
            )  # fmt: skip
    except RequestDecided as refusal:
        form.refuse([Problem("", refusal.code)])
        return page(found, decision=form)
    flash(_("The request is answered."), "done")
    return redirect(url_for(".index"), code=303)


@bp.post("/requests/<uuid:request_id>/correct")
@allow(*DESKS)
def correct(request_id: UUID) -> ResponseReturnValue:
    """Put the visit's name and phone right, and answer the request with it."""
    form = ContactForm()
    found, visit = _of_visit(request_id)
    if not form.validate_on_submit():
        return page(found, contact=form)
    values = {  # an empty box leaves what is there
        "leader_name": form.leader_name.data or visit.leader_name,
        "phone": form.stored_phone or visit.phone,
    }

    def put_right(session: Any) -> None:
        correct_contact(session, visit, **values, actor_id=current_actor().account_id, now=now())

    return _act(request_id, put_right, _("Name and phone were corrected."))


@bp.post("/requests/<uuid:request_id>/withdraw")
@allow(*DESKS)
def withdraw(request_id: UUID) -> ResponseReturnValue:
    """Take a consent back for the person, and answer the request with it."""
    _found, visit = _of_visit(request_id)
    actor_id = current_actor().account_id
    if request.form.get("what") == "photos":
        return _act(
            request_id,
            lambda session: acts.take_back_photos(session, visit, now=now(), actor_id=actor_id),
            _("The consent to publish photos was withdrawn."),
        )
    return _act(
        request_id,
        lambda session: acts.take_back_followup(session, visit, now=now(), actor_id=actor_id),
        _("The consent to be called was withdrawn; name and phone are erased."),
    )


@bp.post("/requests/<uuid:request_id>/forget")
@allow(*DESKS)
def forget(request_id: UUID) -> ResponseReturnValue:
    """Erase the person, and answer the request with it.  Counts stay."""
    actor = current_actor()
    _found, visit = _of_visit(request_id)
    reason = _("Asked for by the person")

    def erase(session: Any) -> None:
        acts.take_back_photos(session, visit, now=now(), actor_id=actor.account_id)
        forget_visitor(session, visit.id, actor=actor, now=now(), reason=reason)

    return _act(request_id, erase, _("The person was erased; the counts stay."))


@bp.post("/requests/<uuid:request_id>/forget-member")
@allow(*ORDERERS)
def forget_member(request_id: UUID) -> ResponseReturnValue:
    """Erase a member of the district's network, and answer the request with it."""
    actor = current_actor()
    found = queries.request_for(db.session(), actor, request_id)
    form = _member_form(found)
    if form is None:  # it is another request by now, or nobody is named any more: see for yourself
        return render_again(found)
    if not form.validate_on_submit():
        return page(found, member=form)
    order_id, version, place = form.chosen

    def erase(session: Any) -> None:
        order = entry_for(session, NETWORK_ORDER, actor, order_id)
        forget_named(
            session, order, place, expected_version=version, now=now(), cause="request",
            actor_id=actor.account_id,
        )  # fmt: skip

    return _act(
        request_id, erase, _("The person was erased from the orders; the sectors stay filled.")
    )


@bp.post("/requests/<uuid:request_id>/copy")
@allow(*DESKS)
def copy(request_id: UUID) -> ResponseReturnValue:
    """Everything that is held, to print and hand over.  That it was looked at is noted."""
    return render_template("subjects/copy.html", **facts(_looked_at(request_id)))


@bp.post("/requests/<uuid:request_id>/copy.json")
@allow(*DESKS)
def copy_json(request_id: UUID) -> ResponseReturnValue:
    """The same as a file that programs read."""
    return json_file(_looked_at(request_id))


def render_again(found: SubjectRequest) -> ResponseReturnValue:
    """The page as it is now, for who pressed what is not there any more."""
    return page(found)[0], 422


def page(
    found: SubjectRequest,
    *,
    decision: DecisionForm | None = None,
    contact: ContactForm | None = None,
    member: MemberForm | None = None,
    refusal: DomainError | None = None,
) -> tuple[str, int]:
    """One request's page, with what was wrong."""
    decision = decision or DecisionForm(formdata=None)
    if refusal:
        decision.refuse([Problem("", refusal.code, refusal.facts)])
    html = render_template(
        "subjects/request.html",
        found=found,
        visit=_visit_of(found),
        decision=decision,
        contact=contact or ContactForm(formdata=None),
        forget=member or _member_form(found, blank=True),
        yes=Yes(formdata=None),
        decides=current_actor().role in DESKS and found.state == "open",
        **shown([found]),
    )
    return html, 422 if decision.form_errors or decision.errors or contact or member else 200


def _act(request_id: UUID, act: Any, decision: str) -> ResponseReturnValue:
    """Do it and answer the request with it, in one transaction."""
    try:
        with work() as w:
            act(w.session)
            service.decide(
                w.session, request_id, done=True, decision=decision, actor=current_actor(),
                now=now(),
            )  # fmt: skip
    except NotFound:
        raise
    except DomainError as refusal:
        found = queries.request_for(db.session(), current_actor(), request_id)
        return page(found, refusal=refusal)
    flash(decision, "done")
    return redirect(url_for(".show", request_id=request_id), code=303)


def _member_form(found: SubjectRequest, *, blank: bool = False) -> MemberForm | None:
    """For an open request to be forgotten that is about no visit, where somebody may be meant."""
    actor = current_actor()
    asks = found.kind == "forget" and found.state == "open" and found.visit_id is None
    if not asks or actor.role not in ORDERERS or len(found.area_code) < DISTRICT_DIGITS:
        return None
    members = members_named(db.session(), actor, found.area_code[:DISTRICT_DIGITS])
    if not members:
        return None
    return (MemberForm(formdata=None) if blank else MemberForm()).offer(members)


def _of_visit(request_id: UUID) -> tuple[SubjectRequest, Visit]:
    found = queries.request_for(db.session(), current_actor(), request_id)
    visit = _visit_of(found)
    if visit is None:
        raise NotFound(kind="visit")
    return found, visit


def _visit_of(found: SubjectRequest) -> Visit | None:
    """The visit it is about, if it still stands and the actor may see it."""
    if found.visit_id is None:
        return None
    try:
        return visit_for(db.session(), current_actor(), found.visit_id)
    except NotFound:
        return None


def _looked_at(request_id: UUID) -> Holding:
    _found, visit = _of_visit(request_id)
    with work() as w:
        note_contact_seen(w.session, visit, actor=current_actor(), now=now(), door="request")
    return holding_of(db.session(), visit.id)
