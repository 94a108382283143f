"""The request log: one line for every answer, and one more where a door was tried.

A line holds the request's number, the route's name (never the address: it may hold a secret), the
method, the status, the time it took, and whose account it was.  No query, no body, no name, no
network address: what a proxy in front writes down by law (traffic data, 90 days) is found again by
the number, which every answer carries as `X-Request-Id`.  A tried door has `from`, a keyed digest
of the address that changes every day: enough to see that somebody keeps trying.
"""

from __future__ import annotations

import hmac
import logging
import time

from flask import Flask, Response, current_app, g, request

from app.shared.clock import bangkok_day, now
from app.shared.keys import derived_key
from app.shared.logs import follow, security_event
from app.web.headers import request_id

log = logging.getLogger("lakthan.requests")
_ALWAYS_TOLD = {  # codes of refusals that say by themselves that a door was tried
    "csrf", "cross_site", "bad_host", "forbidden", "too_many_requests", "device_unknown",
    "device_revoked", "account_disabled", "code_invalid", "wrong_credentials", "maker_is_checker",
}  # fmt: skip
_PROVES = ("accounts.sign_in", "accounts.second_factor", "devices.enrol_phone")
_QUIET = ("static",)  # the same for everybody, and many to a page


def init_app(app: Flask) -> None:
    """Write a line for every answer."""
    app.before_request(_note_start)
    app.after_request(_write)
    app.teardown_request(_leave)


def _note_start() -> None:
    g.started = time.perf_counter()
    follow(request=request_id())


def _leave(_error: BaseException | None) -> None:
    follow()  # the thread goes on to somebody else's request


def _write(response: Response) -> Response:
    status, route = response.status_code, request.endpoint or "none"
    if route not in _QUIET or status >= 400:
        log.info(
            "request=%s method=%s route=%s status=%s ms=%.0f account=%s%s",
            request_id(), _method(), route, status, _spent_ms(), _account_id() or "-",
            f" code={g.refusal}" if "refusal" in g else "",
        )  # fmt: skip
    if event := event_of(status, g.get("refusal", "")):
        security_event(
            event, request=request_id(), route=route, account=_account_id(), **{"from": _origin()}
        )
    return response


def event_of(status: int, refusal: str) -> str | None:
    """The name under which this answer stands in the security log, if it belongs there."""
    if refusal in _ALWAYS_TOLD:
        return refusal
    if request.endpoint in _PROVES and request.method == "POST" and status >= 400:
        return "sign_in_failed"
    if status == 404:
        return _what_was_hidden()
    return {401: "not_signed_in", 429: "too_many_requests"}.get(status)


def _what_was_hidden() -> str | None:
    """Whether a 404 hides a page that is not for this role, or a record that may be foreign."""
    view = current_app.view_functions.get(request.endpoint or "")
    access, actor = getattr(view, "access", None), g.get("actor")
    if actor is None or not isinstance(access, frozenset):
        return None
    if actor.role not in access:
        return "role_refused"
    return "not_theirs" if request.view_args else None


def _method() -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
    return request.method if request.method in known else "other"


def _spent_ms() -> float:
    return (time.perf_counter() - g.get("started", time.perf_counter())) * 1000


def _account_id() -> str | None:
    """Who it was, where the request asked: never asked here, as the database may be away."""
    who = g.get("actor") or getattr(g.get("phone"), "actor", None)
    return str(who.account_id) if who else None


def _origin() -> str:
    key = derived_key(current_app.config["SETTINGS"].signing_key, b"lakthan request log")
    today = f"{bangkok_day(now())} {request.remote_addr}"
    return hmac.digest(key, today.encode(), "sha256").hex()[:8]
