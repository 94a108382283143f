"""Access: every view says who may use it, and nothing runs before that is checked.

A view without a mark is refused to everyone (and fails tests/test_access.py): forgetting is
safe.  A role that may not use a view gets 404, the same as for a foreign record.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts import service
from app.accounts.rules import Actor, Role
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.web.errors import wants_json

View = TypeVar("View", bound=Callable[..., object])
PUBLIC = "public"
DEVICE = "device"  # a phone's view: `app.devices.access` checks its bearer
SECRET = "sign_in"  # noqa: S105  (name of the cookie's field, not a secret)


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
    """A new cookie at sign-in: what was known of this browser before is worth nothing."""
    session.clear()
    session.permanent = True
    session[SECRET] = secret


def end_session() -> None:
    """End this browser's session, here and on the server.  Ending it twice is harmless."""
    if secret := session_secret():
        with work() as w:
            service.sign_out(w.session, secret, now=now())
    session.clear()


def init_app(app: Flask) -> None:
    """Check access before every request, and tell templates who is here."""
    app.before_request(_check)
    app.context_processor(lambda: {"actor": actor_or_none()})


def _load_actor() -> Actor | None:
    secret = session_secret()
    if secret is None:
        return None
    settings = current_app.config["SETTINGS"]
    instant = now()
    actor = service.actor_for(
        db.session(),
        secret,
        now=instant,
        idle=timedelta(days=settings.session_idle_days),
        longest=timedelta(days=settings.session_max_days),
    )
    if actor is None:
        session.pop(SECRET, None)
    elif service.needs_touch(db.session(), secret, now=instant):
        with work() as w:
            service.touch(w.session, secret, now=instant)
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
