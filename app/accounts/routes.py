"""Signing in and out, and the administration of accounts."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import browsers, factor_routes, own_routes, service
from app.accounts.access import (
    actor_or_none,
    allow_public,
    end_session,
    start_session,
)
from app.accounts.blueprint import bp
from app.accounts.entering import begin
from app.accounts.forms import SignInForm
from app.accounts.stages import Stage
from app.accounts.tries import TooManyTries
from app.accounts.trying import counted, password_tries, when_again
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.web.local_path import local_path
from app.web.wording import wording

__all__ = ["bp", "factor_routes", "own_routes"]
STEPS: dict[Stage, Callable[[str | None], str]] = {
    "open": lambda then: then or "/",
    "factor": lambda then: url_for("accounts.factor", next=then),
    "enrol": lambda then: url_for("accounts.set_up", next=then),
}


@bp.route("/sign-in", methods=["GET", "POST"])
@allow_public
def sign_in() -> ResponseReturnValue:
    """Let someone in, or on to their second step, and on to where they wanted to go."""
    if actor_or_none():
        return redirect(local_path(request.args.get("next")) or "/")
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.errors else 200)
    login, password = form.login.data or "", form.password.data or ""
    try:
        stage = _enter(login, password)
    except service.WrongCredentials as refusal:
        form.form_errors.append(wording(refusal.code))
        return _sign_in_page(form, 422)
    except TooManyTries as refusal:
        form.form_errors.append(when_again(refusal))
        page, status = _sign_in_page(form, 429)
        return page, status, {"Retry-After": str(refusal.retry_after_s)}
    return redirect(STEPS[stage](local_path(request.args.get("next"))), code=303)


def _enter(login: str, password: str) -> Stage:
    """Check and start a session; returns how far it is open.

    Raises:
        WrongCredentials: for every reason alike.
        TooManyTries: it may not be tried yet.
    """
    allow_demo = not current_app.config["SETTINGS"].is_production
    with counted(password_tries(login), miss=service.WrongCredentials):
        account = service.check_credentials(
            db.session(), login=login, password=password, allow_demo=allow_demo
        )
    with work() as w:
        secret, stage = begin(
            w.session, account, password=password, now=now(), agent=browsers.agent()
        )
    start_session(secret)
    return stage


def _sign_in_page(form: SignInForm, status: int) -> tuple[str, int]:
    env = current_app.config["SETTINGS"].env
    then = local_path(request.args.get("next"))
    return render_template("accounts/sign_in.html", form=form, env=env, then=then), status


@bp.post("/sign-out")
@allow_public
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server.  Signing out twice is harmless."""
    end_session()
    response = redirect(url_for("accounts.sign_in"), code=303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
