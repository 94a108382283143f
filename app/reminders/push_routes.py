"""What a browser tells this server about its pushes, and the little worker that shows them."""

from __future__ import annotations

from pathlib import PurePath

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow, allow_public, current_actor, session_secret
from app.reminders.blueprint import bp, settings
from app.reminders.subscriptions import Browser, forget, subscribe
from app.shared.clock import now
from app.shared.errors import Malformed
from app.shared.work import work
from app.web.assets import AssetsMissing, asset_url, dist_folder
from app.web.json_body import read_json

LARGEST_BODY = 4_096  # bytes; a subscription has some 500


@bp.post("/reminders/push")
@allow()
def push_on() -> ResponseReturnValue:
    """Send the actor's reminders to this browser, while it stays signed in."""
    browser = _browser(read_json(LARGEST_BODY))
    with work() as w:
        subscribe(
            w.session,
            browser,
            actor=current_actor(),
            secret=session_secret() or "",
            services=settings().push_services,
            now=now(),
        )
    return "", 204


@bp.post("/reminders/push/off")
@allow()
def push_off() -> ResponseReturnValue:
    """Send nothing to this browser any more."""
    body = read_json(LARGEST_BODY)
    with work() as w:
        forget(w.session, _text(body, "endpoint"))
    return "", 204


@bp.get("/reminders/push/worker.js")
@allow_public
def push_worker() -> ResponseReturnValue:
    """The worker's script.  Its scope is this folder, in which no page is: it answers no request,
    so that it stands in nobody's way, the phone's own worker least of all."""
    try:
        script = (dist_folder() / PurePath(asset_url("push_worker.js")).name).read_bytes()
    except (AssetsMissing, FileNotFoundError):
        abort(503)
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _browser(body: object) -> Browser:
    keys = body.get("keys") if isinstance(body, dict) else None
    return Browser(_text(body, "endpoint"), _text(keys, "p256dh"), _text(keys, "auth"))


def _text(body: object, name: str) -> str:
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str):
        raise Malformed(name, "text")
    return value
