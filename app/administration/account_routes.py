"""One account for those who manage it: what it is, its phones, what happened, and what is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import happenings, invitations, managing, passkeys, second_factor
from app.accounts.access import allow, current_actor, fresh
from app.accounts.managing import AccountChange, check_change
from app.accounts.models import Account
from app.accounts.rules import Actor
from app.accounts.service import AccountExists
from app.administration import queries
from app.administration.blueprint import MANAGERS, bp
from app.administration.forms import ChangeForm, OwnForm
from app.administration.links import link_page
from app.administration.places import offer_places, province
from app.administration.words import ROLES
from app.areas.words import place_words
from app.devices import phrases
from app.devices.rules import dangers
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError, Problem
from app.shared.work import Work, work
from app.web.wording import wording

_REFUSALS = (managing.OwnAccount, managing.LastAdministrator)


@bp.get("/accounts/<uuid:account_id>")
@allow(*MANAGERS)
def show(account_id: UUID) -> ResponseReturnValue:
    """One account."""
    actor, session, instant = current_actor(), db.session(), now()
    account = queries.account_for(session, actor, account_id)
    return render_template(
        "administration/account.html",
        account=account,
        own=account.id == actor.account_id,
        roles=ROLES,
        passkeys=len(passkeys.of_account(session, account.id)),
        has_app=second_factor.has_one_time(session, account.id),
        needs_factor=second_factor.needs_factor(account),
        invitation=invitations.open_of(session, account.id, now=instant),
        has_way_in=invitations.has_way_in(session, account),
        last_seen=queries.last_seen(session, account.id),
        devices=[(d, dangers(d, instant)) for d in queries.devices_of(session, account.id)],
        happened=queries.happened_to(session, account.id, happenings.SHOWN),
        say=happenings.say,
        place_words=place_words(),
        ago=partial(phrases.ago, now=instant),
        amount=phrases.amount,
        danger_words=phrases.DANGERS,
    )


@bp.route("/accounts/<uuid:account_id>/edit", methods=["GET", "POST"])
@allow(*MANAGERS)
@fresh
def edit(account_id: UUID) -> ResponseReturnValue:
    """Change name, phone, role or place.  What one may do oneself, somebody else changes."""
    actor = current_actor()
    account = queries.account_for(db.session(), actor, account_id)
    form, asked = _edit_form(account, actor)
    if form.validate_on_submit():
        change = asked()
        if form.refuse(check_change(change)) and _change(form, account_id, change, actor):
            flash(_("The account %(name)s is changed.", name=account.username), "done")
            return redirect(url_for(".show", account_id=account_id), code=303)
    status = 422 if form.errors else 200
    page = render_template("administration/edit_account.html", form=form, account=account)
    return page, status


@bp.post("/accounts/<uuid:account_id>/invite")
@allow(*MANAGERS)
@fresh
def invite(account_id: UUID) -> ResponseReturnValue:
    """Make a new link; the page that answers shows it, once."""
    with work() as w:
        code, entry = invitations.invite(w.session, account_id, actor=current_actor(), now=now())
        account = w.session.get_one(Account, account_id)
    return link_page(account, code, entry)


@bp.post("/accounts/<uuid:account_id>/withdraw")
@allow(*MANAGERS)
def withdraw(account_id: UUID) -> ResponseReturnValue:
    """Make the unused link worthless.  Twice is harmless."""
    with work() as w:
        invitations.withdraw(w.session, account_id, actor=current_actor(), now=now())
    flash(_("The link is withdrawn."), "done")
    return redirect(url_for(".show", account_id=account_id), code=303)


@bp.post("/accounts/<uuid:account_id>/close")
@allow(*MANAGERS)
@fresh
def close(account_id: UUID) -> ResponseReturnValue:
    """Close the account; its sessions end at once."""
    return _do(account_id, _close)


@bp.post("/accounts/<uuid:account_id>/reopen")
@allow(*MANAGERS)
@fresh
def reopen(account_id: UUID) -> ResponseReturnValue:
    """Open the account again."""
    return _do(account_id, _reopen)


@bp.post("/accounts/<uuid:account_id>/end-sessions")
@allow(*MANAGERS)
@fresh
def end_sessions(account_id: UUID) -> ResponseReturnValue:
    """Sign the account out everywhere."""
    return _do(account_id, _end_sessions)


def _close(w: Work, account_id: UUID, actor: Actor) -> str:
    account = managing.close_account(w.session, account_id, actor=actor, now=now())
    return _("The account %(name)s is closed.", name=account.username)


def _reopen(w: Work, account_id: UUID, actor: Actor) -> str:
    account = managing.reopen_account(w.session, account_id, actor=actor, now=now())
    return _("The account %(name)s is open again.", name=account.username)


def _end_sessions(w: Work, account_id: UUID, actor: Actor) -> str:
    count = managing.end_sessions_of(w.session, account_id, actor=actor, now=now())
    return ngettext("Signed out of %(num)d browser.", "Signed out of %(num)d browsers.", count)


def _do(account_id: UUID, act: Callable[[Work, UUID, Actor], str]) -> ResponseReturnValue:
    """Do it and say so on the account's page, or say there why not."""
    try:
        with work() as w:
            said, tone = act(w, account_id, current_actor()), "done"
    except _REFUSALS as refusal:
        said, tone = wording(refusal.code), "warn"
    flash(said, tone)
    return redirect(url_for(".show", account_id=account_id), code=303)


def _edit_form(
    account: Account, actor: Actor
) -> tuple[ChangeForm | OwnForm, Callable[[], AccountChange]]:
    if account.id == actor.account_id:
        own = OwnForm(obj=account)
        return own, lambda: own.to_change(account)
    form = ChangeForm(obj=account)
    areas = offer_places(form, actor)
    if not form.is_submitted():
        form.area_code.data = account.area_code[:4] if account.role == "officer" else ""
        form.centre_id.data = str(account.centre_id or "")
    return form, lambda: form.to_change(province=province(), centre_areas=areas)


def _change(
    form: ChangeForm | OwnForm, account_id: UUID, change: AccountChange, actor: Actor
) -> bool:
    """Whether it was done; a refusal stands under its field."""
    fields: dict[type[DomainError], str] = {
        AccountExists: "phone", managing.OwnAccount: "role", managing.LastAdministrator: "role",
    }  # fmt: skip
    try:
        with work() as w:
            managing.change_account(w.session, account_id, change, actor=actor, now=now())
    except tuple(fields) as refusal:
        form.refuse([Problem(fields[type(refusal)], refusal.code)])
        return False
    return True
