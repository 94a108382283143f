"""Passkeys: what the script of a page asks, and one's own passkeys on the account's page.

Every ceremony has two steps: `…/begin` gives the browser a challenge, the other takes its key's
answer.  Refusals look alike, so nobody learns which accounts there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import passkeys
from app.accounts.access import (
    account_to_set_up,
    actor_or_none,
    allow,
    allow_public,
    current_actor,
    end_session,
    finish_sign_in,
    fresh,
    note_proof,
    start_session,
)
from app.accounts.browsers import agent
from app.accounts.ceremonies import (
    needed_site,
    new_challenge,
    read_answer,
    site_here,
    take_challenge,
)
from app.accounts.models import Account
from app.accounts.sessions import open_session
from app.shared.clock import now
from app.shared.db import db
from app.shared.panels import register_panel
from app.shared.work import Work, work
from app.web.local_path import local_path

bp = Blueprint("passkeys", __name__)
ASK, ADD, PROVE = "ask", "add", "prove"


def init_app(app: Flask) -> None:
    """Show one's passkeys on the account's page, and tell templates where there can be any."""
    register_panel("account", own_passkeys, order=20)
    app.context_processor(lambda: {"passkeys_here": site_here})


def own_passkeys(_account: object) -> str:
    """One's passkeys, with the ways to add, rename and remove them."""
    found = passkeys.of_account(db.session(), current_actor().account_id)
    return render_template("accounts/_passkeys.html", passkeys=found, most=passkeys.MOST)


@bp.post("/passkeys/sign-in/begin")
@allow_public
def ask() -> Response:
    """A challenge for whatever passkey the person chooses."""
    return _options(passkeys.asking_options(needed_site(), new_challenge(ASK, now=now())))


@bp.post("/passkeys/sign-in")
@allow_public
def sign_in() -> ResponseReturnValue:
    """Let in whose passkey answered: it is two factors at once."""
    answer, texts = read_answer("next")
    with _proved(answer, ASK) as (w, account):
        secret = open_session(w.session, account, proof="passkey", now=now(), agent=agent())
    end_session()
    start_session(secret)
    return {"to": local_path(texts["next"]) or "/"}


@bp.post("/passkeys/prove/begin")
@allow()
def ask_again() -> Response:
    """A challenge before a dangerous act."""
    return _options(passkeys.asking_options(needed_site(), new_challenge(PROVE, now=now())))


@bp.post("/passkeys/prove")
@allow()
def prove() -> ResponseReturnValue:
    """Note that whoever is signed in has shown again who they are."""
    answer, texts = read_answer("next")
    with _proved(answer, PROVE) as (_w, account):
        if account.id != current_actor().account_id:
            raise passkeys.PasskeyRefused
    note_proof()
    return {"to": local_path(texts["next"]) or "/"}


@bp.post("/passkeys/add/begin")
@allow_public  # `account_to_set_up` asks who is here: also who is about to come in
def begin_adding() -> Response:
    """A challenge to make a passkey with."""
    account = db.session().get_one(Account, account_to_set_up())
    challenge = new_challenge(f"{ADD}:{account.id}", now=now())
    return _options(passkeys.adding_options(db.session(), account, needed_site(), challenge))


@bp.post("/passkeys/add")
@allow_public
def add() -> ResponseReturnValue:
    """Keep the passkey that was made; it finishes a sign-in that waited for a second factor."""
    answer, texts = read_answer("next", "label")
    account_id, site, instant = account_to_set_up(), needed_site(), now()
    challenge = take_challenge(f"{ADD}:{account_id}", now=instant)
    with work() as w:
        account = w.session.get_one(Account, account_id)
        passkeys.add(
            w.session, account, answer, site=site, challenge=challenge,
            label=texts["label"] or default_label(), now=instant,
        )  # fmt: skip
    if actor_or_none() is None:
        finish_sign_in("passkey")
        return {"to": local_path(texts["next"]) or "/"}
    flash(_("The passkey is kept. Next time, sign in with it."), "done")
    return {"to": local_path(texts["next"]) or url_for("accounts.own")}


@bp.get("/account/passkeys/new")
@allow()
@fresh
def new() -> ResponseReturnValue:
    """Make a passkey on this phone, or on a security key."""
    return render_template("accounts/new_passkey.html", label=default_label())


@bp.post("/account/passkeys/<uuid:passkey_id>/rename")
@allow()
def rename(passkey_id: UUID) -> ResponseReturnValue:
    """Call one's own passkey something else."""
    with work() as w:
        label = request.form.get("label", "")
        passkeys.rename(w.session, passkey_id, current_actor().account_id, label)
    return redirect(url_for("accounts.own"), code=303)


@bp.post("/account/passkeys/<uuid:passkey_id>/remove")
@allow()
@fresh
def remove(passkey_id: UUID) -> ResponseReturnValue:
    """Take one's own passkey away, unless it is the last way in."""
    with work() as w:
        account = w.session.get_one(Account, current_actor().account_id)
        try:
            gone = passkeys.remove(w.session, passkey_id, account, now=now())
        except passkeys.LastWayIn:
            flash(_("This passkey stays: without it you could not sign in any more."), "warn")
        else:
            flash(_("The passkey %(label)s is gone.", label=gone.label), "done")
    return redirect(url_for("accounts.own"), code=303)


def default_label() -> str:
    """What a passkey is called unless its owner says otherwise: the browser it was made in."""
    return agent() or _("Passkey")


@contextmanager
def _proved(answer: passkeys.Answer, purpose: str) -> Iterator[tuple[Work, Account]]:
    """A unit of work in which this browser's challenge was answered, and by whose passkey.

    That a counter went back is noted, although everything else is rolled back.
    """
    site, instant = needed_site(), now()
    challenge = take_challenge(purpose, now=instant)
    allow_demo = not current_app.config["SETTINGS"].is_production
    try:
        with work() as w:
            yield w, passkeys.prove(
                w.session, answer, site=site, challenge=challenge, now=instant,
                allow_demo=allow_demo,
            )  # fmt: skip
    except passkeys.CounterWentBack as refusal:
        with work() as w:
            passkeys.note_counter(w.session, refusal, now=instant)
        raise


def _options(text: str) -> Response:
    return Response(text, mimetype="application/json")
