"""A person's own account: what opens it, where it is open, what happened to it."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts import (
    happenings,
    passwords,
    queries,
    recovery,
    renewal,
    second_factor,
    sessions,
)
from app.accounts import one_time as apps
from app.accounts.access import (
    allow,
    current_actor,
    fresh,
    go_on_with,
    is_fresh,
    note_proof,
    session_secret,
)
from app.accounts.blueprint import bp
from app.accounts.choosing import password_problems
from app.accounts.forms import NewPasswordForm, ProofForm
from app.accounts.models import Account
from app.accounts.phones import sign_phones_out
from app.accounts.service import WrongCredentials
from app.accounts.tries import TooManyTries
from app.accounts.trying import counted, proof_tries, too_many, when_again
from app.shared.clock import now
from app.shared.db import db
from app.shared.panels import panels_for
from app.shared.work import work
from app.web import nav
from app.web.local_path import local_path
from app.web.wording import wording
from config import Settings

nav.register("accounts.own", _l("My account"), "user", order=5, account=True)


@bp.get("/account")
@allow()
def own() -> ResponseReturnValue:
    """The account of whoever is signed in."""
    account, session = _account(), db.session()
    codes_left, codes_since = recovery.count(session, account.id)
    return render_template(
        "accounts/own.html",
        account=account,
        app_since=apps.added_at(session, account.id),
        needed=second_factor.needs_factor(account),
        has_factor=second_factor.has_factor(session, account.id),
        codes_left=codes_left,
        codes_since=codes_since,
        browsers=_browsers(account),
        happened=queries.happened(session, account.id, happenings.SHOWN),
        say=happenings.say,
        panels=panels_for("account", account),
    )


@bp.route("/account/password", methods=["GET", "POST"])
@allow()
def password() -> ResponseReturnValue:
    """Choose another password: it ends every other session, and the phones' if wanted."""
    account, form = _account(), NewPasswordForm()
    if account.password_hash is None and not is_fresh():
        return redirect(url_for(".prove", next=url_for(".password")), code=303)
    if form.validate_on_submit():
        try:
            if _changed(account, form):
                return redirect(url_for(".own"), code=303)
        except TooManyTries as refusal:
            form.form_errors.append(when_again(refusal))
            return too_many(_password_page(form, account), refusal)
    return _password_page(form, account), 422 if form.is_submitted() else 200


def _password_page(form: NewPasswordForm, account: Account) -> str:
    return render_template("accounts/password.html", form=form, account=account)


def _changed(account: Account, form: NewPasswordForm) -> bool:
    """Whether the password is another one now; if not, the form says why.

    Raises:
        TooManyTries: the present one was wrong too often.
    """
    seen, chosen = account.password_hash, form.password.data or ""
    if seen is not None and not _is_right(account, form.present.data or ""):
        form.present.errors = [wording("wrong_password")]
        return False
    if not form.refuse(password_problems(account, chosen)):
        return False
    with work() as w:
        mine = w.session.get_one(Account, account.id, with_for_update=True, populate_existing=True)
        if mine.password_hash != seen:
            raise WrongCredentials  # changed in another window a moment ago
        passwords.set_password(w.session, mine, chosen, now=now())
        n = sessions.end_all(w.session, mine.id, now=now(), but_secret=session_secret())
        if form.end_phones.data:
            sign_phones_out(w.session, mine.id, now=now())
        secret = renewal.renew(w.session, session_secret() or "", now=now())
    go_on_with(secret)
    said = ngettext(
        "%(num)d other browser was signed out.", "%(num)d other browsers were signed out.", n
    )
    flash(" ".join([_("The password is changed."), *([said] if n else [])]), "done")
    return True


@bp.route("/account/prove", methods=["GET", "POST"])
@allow()
def prove() -> ResponseReturnValue:
    """Ask again who is there, before something dangerous; then back to where they were."""
    account, form = _account(), ProofForm()
    then = local_path(request.args.get("next")) or url_for(".own")
    if form.validate_on_submit():
        try:
            if _is_right(account, form.password.data or ""):
                note_proof()
                return redirect(then, code=303)
        except TooManyTries as refusal:
            form.form_errors.append(when_again(refusal))
            return too_many(_proof_page(form, account, then), refusal)
        form.password.errors = [wording("wrong_password")]
    return _proof_page(form, account, then), 422 if form.is_submitted() else 200


def _proof_page(form: ProofForm, account: Account, then: str) -> str:
    return render_template("accounts/prove.html", form=form, account=account, then=then)


@bp.post("/account/sessions/end")
@allow()
@fresh
def end_session_of_mine() -> ResponseReturnValue:
    """End one of one's own sessions, or all but this."""
    name, mine = request.form.get("name", ""), current_actor().account_id
    with work() as w:
        if name == "others":
            sessions.end_all(w.session, mine, now=now(), but_secret=session_secret())
        else:
            sessions.end_one(w.session, mine, name, now=now())
    flash(_("Signed out there."), "done")
    return redirect(url_for(".own"), code=303)


@bp.post("/account/one-time/remove")
@allow()
@fresh
def remove_one_time() -> ResponseReturnValue:
    """Take one's authenticator app away, unless it is the second factor that is needed."""
    account = _account()
    with work() as w:
        try:
            second_factor.remove_one_time(w.session, account, now=now())
        except second_factor.LastFactor as refusal:
            flash(wording(refusal.code), "warn")
        else:
            flash(_("The app is no longer asked for."), "done")
    return redirect(url_for(".own"), code=303)


@bp.route("/account/recovery-codes", methods=["GET", "POST"])
@allow()
@fresh
def recovery_codes() -> ResponseReturnValue:
    """How many recovery codes are left; new ones are shown once, on the page that answers."""
    account = _account()
    if request.method == "POST":
        with work() as w:
            seed = _settings().signing_key
            codes = recovery.make_codes(w.session, account.id, seed=seed, now=now())
        return render_template(
            "accounts/codes.html", codes=codes, then=url_for(".own"), made_at=now()
        )
    n_left, since = recovery.count(db.session(), account.id)
    return render_template("accounts/recovery_codes.html", n_left=n_left, since=since)


def _is_right(account: Account, typed: str) -> bool:
    """Whether it is the account's password.  Raises TooManyTries."""
    try:
        with counted(proof_tries(account.id), miss=WrongCredentials):
            if not passwords.verify(account.password_hash, typed):
                raise WrongCredentials
    except WrongCredentials:
        return False
    return True


def _browsers(account: Account) -> list[dict[str, object]]:
    settings, secret = _settings(), session_secret()
    living = sessions.list_sessions(
        db.session(), account.id, now=now(),
        idle=timedelta(days=settings.session_idle_days),
        longest=timedelta(days=settings.session_max_days),
    )  # fmt: skip
    return [
        {"entry": entry, "name": sessions.name_of(entry), "here": sessions.is_behind(entry, secret)}
        for entry in living
    ]


def _account() -> Account:
    return db.session().get_one(Account, current_actor().account_id)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
