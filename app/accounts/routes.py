"""Signing in and out, and the administration of accounts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import queries, service
from app.accounts.access import (
    actor_or_none,
    allow,
    allow_public,
    current_actor,
    end_session,
    start_session,
)
from app.accounts.forms import SignInForm
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.web import nav
from app.web.local_path import local_path
from app.web.wording import wording

bp = Blueprint("accounts", __name__)
nav.register("accounts.index", _l("Accounts"), "user", roles=("admin",), order=82)


@bp.route("/sign-in", methods=["GET", "POST"])
@allow_public
def sign_in() -> ResponseReturnValue:
    """Let someone in, and on to where they wanted to go."""
    if actor_or_none():
        return redirect(local_path(request.args.get("next")) or "/")
    form = SignInForm()
    settings = current_app.config["SETTINGS"]
    if form.validate_on_submit():
        try:
            with work() as w:
                secret, _account = service.sign_in(
                    w.session,
                    login=form.login.data,
                    password=form.password.data,
                    now=now(),
                    allow_demo=not settings.is_production,
                )
        except service.WrongCredentials as refusal:
            form.form_errors.append(wording(refusal.code))
        else:
            start_session(secret)
            return redirect(local_path(request.args.get("next")) or "/", code=303)
    status = 422 if form.errors else 200
    return render_template("accounts/sign_in.html", form=form, env=settings.env), status


@bp.post("/sign-out")
@allow_public
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server.  Signing out twice is harmless."""
    end_session()
    response = redirect(url_for("accounts.sign_in"), code=303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/accounts")
@allow("admin")
def index() -> ResponseReturnValue:
    """Accounts of the administrator's area."""
    accounts = queries.accounts_in_scope(db.session(), current_actor())
    return render_template("accounts/index.html", accounts=accounts)


@bp.post("/accounts/<uuid:account_id>/disable")
@allow("admin")
def disable(account_id: UUID) -> ResponseReturnValue:
    """Close an account; its sessions end at once."""
    actor = current_actor()
    if account_id == actor.account_id:
        flash(_("You cannot close your own account."), "warn")
        return redirect(url_for(".index"), code=303)
    with work() as w:
        account = service.disable_account(w.session, account_id, actor=actor, now=now())
    flash(_("The account %(name)s is closed.", name=account.username), "done")
    return redirect(url_for(".index"), code=303)
