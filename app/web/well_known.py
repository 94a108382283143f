"""Addresses that programs look for: whom to tell of a hole, where passwords change, no robots."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Flask, Response, abort, current_app, redirect
from flask.typing import ResponseReturnValue

from app.shared.clock import now
from app.web.access_mark import mark
from app.web.nav import door_url

bp = Blueprint("well_known", __name__)
_GOOD_FOR = timedelta(days=180)  # RFC 9116 2.5.5: less than a year


def init_app(app: Flask) -> None:
    """Add the addresses."""
    app.register_blueprint(bp)


@bp.get("/robots.txt")
@mark("public")
def robots() -> ResponseReturnValue:
    """Nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@bp.get("/.well-known/security.txt")
@mark("public")
def security() -> ResponseReturnValue:
    """Whom to tell of a weakness (RFC 9116), where the office named somebody."""
    settings = current_app.config["SETTINGS"]
    if not settings.security_contact:
        abort(404)
    until = (now() + _GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: th, en",
        f"Canonical: {settings.site}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/.well-known/change-password")
@mark("public")
def change_password() -> ResponseReturnValue:
    """Where a keeper of passwords sends people to change theirs."""
    return redirect(door_url("accounts.own") or "/", code=302)
