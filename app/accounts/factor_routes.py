"""The second step of signing in: showing a second factor, or setting one up."""

from __future__ import annotations

from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import one_time as apps
from app.accounts import recovery, second_factor, sessions
from app.accounts.access import (
    allow,
    allow_public,
    current_actor,
    finish_sign_in,
    fresh,
    half_open,
    session_secret,
    start_session,
)
from app.accounts.blueprint import bp
from app.accounts.forms import CodeForm, OneTimeForm
from app.accounts.models import Account
from app.accounts.sessions import HalfOpen
from app.accounts.stages import Proof, Stage
from app.accounts.tries import TooManyTries
from app.accounts.trying import show_code, too_many, when_again
from app.shared.clock import now
from app.shared.db import db
from app.shared.qr import qr_picture
from app.shared.work import work
from app.web.local_path import local_path
from app.web.wording import wording
from config import Settings


@bp.route("/sign-in/factor", methods=["GET", "POST"])
@allow_public  # `_waiting` lets in only who has shown a password just now
def factor() -> ResponseReturnValue:
    """Ask for a code of the authenticator app, a recovery code or a passkey."""
    waiting, form = _waiting("factor"), CodeForm()
    then = local_path(request.args.get("next"))
    if form.validate_on_submit():
        try:
            proof = show_code(waiting.account_id, form.code.data or "")
        except TooManyTries as refusal:
            form.form_errors.append(when_again(refusal))
            return too_many(_factor_page(form, waiting, then), refusal)
        except apps.WrongCode as refusal:
            form.code.errors = [wording(refusal.code)]
        else:
            finish_sign_in(proof)
            return redirect(_after(proof, then), code=303)
    return _factor_page(form, waiting, then), 422 if form.is_submitted() else 200


def _factor_page(form: CodeForm, waiting: HalfOpen, then: str | None) -> str:
    return render_template(
        "accounts/factor.html",
        form=form,
        then=then,
        has_app=second_factor.has_one_time(db.session(), waiting.account_id),
        has_passkey=second_factor.has_passkey(db.session(), waiting.account_id),
    )


@bp.get("/sign-in/set-up")
@allow_public  # `_waiting`
def set_up() -> ResponseReturnValue:
    """Lead whoever needs a second factor to make one: nothing else is open until then."""
    _waiting("enrol")
    then = local_path(request.args.get("next"))
    return render_template("accounts/set_up.html", then=then)


@bp.route("/sign-in/set-up/app", methods=["GET", "POST"])
@allow_public  # `_waiting`
def set_up_app() -> ResponseReturnValue:
    """Set up an authenticator app on the way in."""
    waiting = _waiting("enrol")
    then = local_path(request.args.get("next"))
    return _set_up(waiting.account_id, then=then or "/", back=url_for(".set_up", next=then))


@bp.route("/account/one-time", methods=["GET", "POST"])
@allow()
@fresh
def one_time() -> ResponseReturnValue:
    """Set up an authenticator app, or another one in its place."""
    own = url_for(".own")
    return _set_up(current_actor().account_id, then=own, back=own)


def _set_up(account_id: UUID, *, then: str, back: str) -> ResponseReturnValue:
    """Show a new secret; when the app has shown that it has it, keep it."""
    form, seed = OneTimeForm(), _settings().signing_key
    account = db.session().get_one(Account, account_id)
    secret = _offered(form, account_id)
    if form.validate_on_submit():
        try:
            return _kept(account, secret, form.code.data or "", then)
        except apps.WrongCode:
            form.code.errors = [wording("wrong_first_code")]
    form.offer.data = apps.offer(seed, account_id, secret, now=now())
    address = apps.address(secret, account.username)
    page = render_template(
        "accounts/one_time.html",
        form=form,
        picture=qr_picture(address),
        address=address,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        back=back,
    )
    return page, 422 if form.is_submitted() else 200


def _offered(form: OneTimeForm, account_id: UUID) -> str:
    """The secret that the form was shown with, or a new one."""
    if not form.is_submitted():
        return apps.new_secret()
    try:
        return apps.offered(_settings().signing_key, account_id, form.offer.data or "", now=now())
    except apps.OfferOver as refusal:
        flash(wording(refusal.code), "warn")
        return apps.new_secret()


def _kept(account: Account, secret: str, typed: str, then: str) -> ResponseReturnValue:
    """Keep the app, make recovery codes, open the way in if it waited for that.

    Nothing is counted: whoever sets an app up has its secret before them.

    Raises:
        WrongCode: nothing was kept.
    """
    seed, instant, opened = _settings().signing_key, now(), None
    waits = half_open() is not None
    with work() as w:
        apps.confirm(w.session, account.id, secret, typed, seed=seed, now=instant)
        codes = recovery.make_codes(w.session, account.id, seed=seed, now=instant)
        if waits:
            opened = sessions.finish(
                w.session, session_secret() or "", proof="one_time", now=instant
            )
    if opened:
        start_session(opened)
    return render_template("accounts/codes.html", codes=codes, then=then, made_at=instant)


def _waiting(stage: Stage) -> HalfOpen:
    """The sign-in that waits in this stage; others start from the beginning."""
    waiting = half_open()
    if waiting is None or waiting.stage != stage:
        if session_secret():
            flash(_("That took too long. Please sign in once more."), "warn")
        abort(redirect(url_for(".sign_in", next=local_path(request.args.get("next")))))
    return waiting


def _after(proof: Proof, then: str | None) -> str:
    if proof == "recovery":
        flash(_("That recovery code is used up. Look at how many are left."), "warn")
        return url_for(".own")
    return then or "/"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
