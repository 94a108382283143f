"""Invitations: from the link to a password or a passkey of one's own, and in.

Looking changes nothing, however often: only the last step uses the link up.  The code travels in
bodies alone, never in an address.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template
from flask.typing import ResponseReturnValue

from app.accounts import invitations, passkeys, passwords, second_factor
from app.accounts.access import allow_public, end_session, start_session
from app.accounts.browsers import agent
from app.accounts.ceremonies import (
    BODY_MAX,
    needed_site,
    new_challenge,
    read_answer,
    take_challenge,
)
from app.accounts.choosing import password_problems
from app.accounts.invitation_forms import CodeForm, FirstPasswordForm
from app.accounts.models import Account
from app.accounts.passkey_routes import default_label
from app.accounts.routes import STEPS
from app.accounts.sessions import actor_of, half_open_session, open_session
from app.accounts.stages import Stage
from app.shared.clock import now
from app.shared.db import db
from app.shared.decode import JsonRecord
from app.shared.work import Work, work
from app.web.json_body import read_json
from app.web.wording import wording

bp = Blueprint("invitations", __name__)
MAKE = "invitation"  # what the passkey's challenge is for


@bp.route("/invitation", methods=["GET", "POST"])
@allow_public
def show() -> ResponseReturnValue:
    """Take the link's code, and say whose account it opens.  Changes nothing."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            account = _read(form.code.data)
        except invitations.InvitationInvalid as refusal:
            form.form_errors.append(wording(refusal.code))
        else:
            return _account_page(FirstPasswordForm(formdata=None, code=form.code.data), account)
    status = 422 if form.errors else 200
    return render_template("accounts/invitation.html", form=form), status


@bp.post("/invitation/password")
@allow_public
def set_password() -> ResponseReturnValue:
    """Use the link up for a password of one's own, and go in or on to the second step."""
    form = FirstPasswordForm()
    account = _read(form.code.data or "")
    password = form.password.data or ""
    problems = password_problems(account, password)
    if not form.validate_on_submit() or not form.refuse(problems):
        return _account_page(form, account, 422)
    with work() as w:
        account = _spend(w, form.code.data or "")
        passwords.set_password(w.session, account, password, now=now())
        secret, stage = _begin(w, account)
    end_session()
    start_session(secret)
    return redirect(STEPS[stage](None), code=303)


@bp.post("/invitation/passkey/begin")
@allow_public
def begin_passkey() -> Response:
    """A challenge to make a passkey with.  The link stays good."""
    code = JsonRecord(read_json(BODY_MAX), frozenset({"code"})).word("code")
    account, site = _read(code), needed_site()
    challenge = new_challenge(MAKE, now=now())
    text = passkeys.adding_options(db.session(), account, site, challenge, afresh=True)
    return Response(text, mimetype="application/json")


@bp.post("/invitation/passkey")
@allow_public
def make_passkey() -> ResponseReturnValue:
    """Use the link up for a passkey, which is two factors at once: and in."""
    answer, texts = read_answer("code")
    site, instant = needed_site(), now()
    challenge = take_challenge(MAKE, now=instant)
    with work() as w:
        account = _spend(w, texts["code"] or "")
        passkeys.add(
            w.session, account, answer, site=site, challenge=challenge, label=default_label(),
            now=instant,
        )  # fmt: skip
        secret = open_session(w.session, account, proof="passkey", now=instant, agent=agent())
    end_session()
    start_session(secret)
    return {"to": "/"}


def _begin(w: Work, account: Account) -> tuple[str, Stage]:
    """A session of somebody with a new password, half open where a second factor is needed."""
    stage = second_factor.next_stage(w.session, account)
    if stage == "open":
        return open_session(w.session, account, proof="invitation", now=now(), agent=agent()), stage
    secret = half_open_session(
        w.session, account, stage, proof="invitation", now=now(), agent=agent()
    )
    return secret, stage


def _account_page(
    form: FirstPasswordForm, account: Account, status: int = 200
) -> ResponseReturnValue:
    html = render_template(
        "accounts/invitation_account.html",
        form=form,
        account=account,
        person=actor_of(account),
        resets=invitations.resets(db.session(), form.code.data or ""),
    )
    return html, status


def _read(code: str) -> Account:
    return invitations.read(db.session(), code, now=now(), allow_demo=_allow_demo())


def _spend(w: Work, code: str) -> Account:
    return invitations.spend(w.session, code, now=now(), allow_demo=_allow_demo())


def _allow_demo() -> bool:
    return not current_app.config["SETTINGS"].is_production
