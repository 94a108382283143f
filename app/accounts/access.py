"""Access: every view says who may use it, and nothing runs before that is checked.

A view without a mark is refused to everyone (and fails tests/test_access.py): forgetting is
safe.  A role that may not use a view gets 404, the same as for a foreign record.

`allow` says who; `fresh` says that they have shown it only just now.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts import browsers, renewal, sessions
from app.accounts.rules import Actor, Role
from app.accounts.sessions import HalfOpen
from app.accounts.stages import Proof
from app.audit.service import record
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import Forbidden
from app.shared.work import work
from app.web.errors import wants_json
from app.web.local_path import local_path
from config import Settings

View = TypeVar("View", bound=Callable[..., object])
PUBLIC = "public"
DEVICE = "device"  # a phone's view: `app.devices.access` checks its bearer
SECRET = "sign_in"  # noqa: S105  (name of the cookie's field, not a secret)


class ProofNeeded(Forbidden):
    """A dangerous act: whoever is signed in must first show again who they are."""

    code = "proof_needed"


def allow(*roles: Role) -> Callable[[View], View]:
    """Mark a view as usable by these roles (none named: by everyone signed in)."""
    allowed = frozenset(roles or ("volunteer", "officer", "reviewer", "admin"))

    def mark(view: View) -> View:
        view.access = allowed  # type: ignore[attr-defined]
        return view

    return mark


def allow_public(view: View) -> View:
    """Mark a view as usable without signing in."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor:
    """Who acts in this request.  401 where nobody is signed in."""
    actor = actor_or_none()
    if actor is None:
        abort(401)
    return actor


def actor_or_none() -> Actor | None:
    """Who acts in this request, if anybody does."""
    if "actor" not in g:
        g.actor = _load_actor()
    actor: Actor | None = g.actor
    return actor


def session_secret() -> str | None:
    """What this browser's cookie holds, whether or not it is still worth anything."""
    secret = session.get(SECRET)
    return secret if isinstance(secret, str) else None


def start_session(secret: str) -> None:
    """A new cookie at sign-in: what was known of this browser before is worth nothing.

    `secret` is what `sessions.open_session` or `sessions.half_open_session` gave, committed.  An
    open one makes the browser known to its account, and the account told if it was not.
    """
    session.clear()
    session.permanent = True
    session[SECRET] = secret
    g.pop("actor", None)
    g.pop("csrf_token", None)  # kept there for the request; it belongs to the session before
    actor = actor_or_none()
    if actor and browsers.remember(actor.account_id):
        with work() as w:
            record(
                w.session, actor_id=actor.account_id, action="account.new_browser",
                kind="account", object_id=actor.account_id, now=now(),
                facts={"agent": browsers.agent()},
            )  # fmt: skip


def half_open() -> HalfOpen | None:
    """The sign-in of this browser that waits for its second step, if there is one."""
    secret = session_secret()
    return sessions.half_open(db.session(), secret, now=now()) if secret else None


def finish_sign_in(proof: Proof) -> None:
    """Open the sign-in that waits for its second step, which has just been shown or made.

    Raises:
        NotFound: none waits here any more.
    """
    with work() as w:
        secret = sessions.finish(w.session, session_secret() or "", proof=proof, now=now())
    start_session(secret)


def note_proof() -> None:
    """Note that whoever is signed in has shown again who they are: under a new secret."""
    with work() as w:
        secret = renewal.renew(w.session, session_secret() or "", now=now())
    go_on_with(secret)


def go_on_with(secret: str) -> None:
    """Put the secret that `renewal.renew` gave, committed, into this browser's cookie.

    The form token stays: what is half filled in in another tab can still be sent.
    """
    session[SECRET] = secret


def account_to_set_up() -> UUID:
    """Whose second factors may be made here and now.

    That is who is signed in with a fresh proof, or whose sign-in waits for just that.  401 else.

    Raises:
        ProofNeeded: signed in, and the proof is too old.
    """
    if actor := actor_or_none():
        if not is_fresh():
            raise ProofNeeded
        return actor.account_id
    waiting = half_open()
    if waiting is None or waiting.stage != "enrol":
        abort(401)
    return waiting.account_id


def is_fresh() -> bool:
    """Whether whoever is signed in has shown who they are within the last quarter of an hour."""
    secret = session_secret()
    return secret is not None and sessions.is_fresh(db.session(), secret, now=now())


def fresh(view: View) -> View:
    """Ask for the password or a passkey again before a dangerous act, if it was long ago.

    A page leads to where it is asked and back again; of a form that was sent nothing is kept, it
    comes back to the page it stood on.  A program gets 403 `proof_needed`.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> object:
        if is_fresh():
            return view(*args, **kwargs)
        if wants_json():
            raise ProofNeeded
        return redirect(url_for("accounts.prove", next=_way_back()), code=303)

    guarded.fresh = True  # type: ignore[attr-defined]
    return cast("View", guarded)


def _way_back() -> str:
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    path = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    return local_path(path) or url_for("accounts.own")


def end_session() -> None:
    """End this browser's session, here and on the server.  Ending it twice is harmless."""
    if secret := session_secret():
        with work() as w:
            sessions.sign_out(w.session, secret, now=now())
    session.clear()


def init_app(app: Flask) -> None:
    """Check access before every request, and tell templates who is here."""
    app.before_request(_check)
    app.context_processor(lambda: {"actor": actor_or_none()})


def _load_actor() -> Actor | None:
    secret = session_secret()
    if secret is None:
        return None
    instant = now()
    settings: Settings = current_app.config["SETTINGS"]
    actor = sessions.actor_for(
        db.session(),
        secret,
        now=instant,
        idle=timedelta(days=settings.session_idle_days),
        longest=timedelta(days=settings.session_max_days),
    )
    # A dead secret stays in the cookie: taken out, the answer to a page that was already asked for
    # when the secret was renewed would take the new one away.
    if actor and sessions.needs_touch(db.session(), secret, now=instant):
        with work() as w:
            sessions.touch(w.session, secret, now=instant)
    return actor


def _check() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint == "static":
        return None  # routing answers with its own 404 or 405; files under static/ are public
    access: frozenset[str] | str = getattr(
        current_app.view_functions[endpoint], "access", frozenset()
    )
    if access in (PUBLIC, DEVICE):
        return None
    actor = actor_or_none()
    if actor is None:
        if request.method == "GET" and not wants_json():
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
        abort(401)
    if actor.role not in access:
        abort(404)
    return None
