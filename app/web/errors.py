"""Errors: a status for every refusal.

People get a page; programs get problem+json (RFC 9457) with the same code and sentence.
"""

from __future__ import annotations

import json
import logging

from flask import Flask, current_app, g, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.shared.db import is_away
from app.shared.errors import DomainError, Forbidden, Malformed, NotFound
from app.web.headers import request_id
from app.web.locale import page_locale
from app.web.wording import wording

log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    414: "address_too_long",
    415: "unsupported_media_type",
    429: "too_many_requests",
    431: "request_too_large",
    500: "internal",
    503: "unavailable",
}
STATUSES = {  # codes whose status their class does not tell; everything else is 422
    "bad_cursor": 400,
    "bad_host": 400,
    "malformed_json": 400,
    "rescue_unknown_device": 404,
    "not_signed_in": 401,
    "device_unknown": 401,
    "device_revoked": 401,
    "code_invalid": 401,
    "wrong_credentials": 401,
    "second_factor_needed": 401,
    "second_factor_unset": 403,
    "wrong_code": 401,
    "conflict": 409,
    "stale_version": 409,
    "visit_conflict": 409,
    "followup_conflict": 409,
    "photo_conflict": 409,
    "wrong_offset": 409,
    "upload_gone": 410,
    "tus_version": 412,
    "file_too_large": 413,
    "request_too_large": 413,
    "not_an_image": 415,
    "unsupported_media_type": 415,
    "too_many_requests": 429,
    "too_much_asked": 429,
    "too_many_uploads": 429,
    "checksum_mismatch": 460,  # as tus 1.0 asks; HTTP itself knows no such number
    "line_cut": 503,
    "lines_busy": 503,
    "checks_busy": 503,
    "disk_full": 507,
    "locker_unreadable": 503,
    "unavailable": 503,
}
TITLES = {
    401: _l("Please sign in"),
    403: _l("Not for you to do"),
    404: _l("Not found"),
    409: _l("Two versions"),
    413: _l("Too large"),
    429: _l("A moment, please"),
    503: _l("Back in a moment"),
}
_UNPROCESSABLE = 422
_RETRY_AFTER_S = 5  # a restart of the database takes about that long
_FOREIGN = ("cross_site", "bad_host")  # who asks so is told nothing of who is signed in
_OURS = 500  # from here on the fault is ours, and the page must not need the database


def init_app(app: Flask) -> None:
    """Answer every refusal and every failure."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _bad_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database_failed)
    app.log_exception = _log_failure  # type: ignore[method-assign]


def status_of(error: DomainError) -> int:
    """The HTTP status that says what happened to a program; the code says it precisely."""
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, Forbidden):
        return 403
    if isinstance(error, Malformed):
        return 400
    if error.code.endswith(("_conflict", "_exists")):
        return 409
    return STATUSES.get(error.code, _UNPROCESSABLE)


def wants_json() -> bool:
    """Whether the client is a program: of the API, or one that sends or prefers JSON."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    accepted = request.accept_mimetypes
    best = accepted.best_match(["text/html", PROBLEM_JSON, "application/json"])
    return best in (PROBLEM_JSON, "application/json")


def problem(
    status: int, code: str, detail: str, facts: dict[str, object] | None = None
) -> Response:
    """A refusal as problem+json: `code` for the program, `detail` for its user."""
    g.refusal = code  # for the log
    body = {
        "type": f"urn:lakthan:problem:{code}",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id(),
    }
    if facts:
        body["facts"] = facts
    text = json.dumps(body, ensure_ascii=False, default=str)
    return Response(text, status=status, content_type=PROBLEM_JSON)


def _refused(error: DomainError) -> Response:
    sentence = wording(error.code, error.facts)
    response = _answer(status_of(error), error.code, sentence, error.facts)
    if "retry_after_s" in error.facts:
        response.headers["Retry-After"] = str(error.facts["retry_after_s"])
    return response


def _log_failure(exc_info: object) -> None:
    """What Flask would log with the whole path, which may hold a secret: the route is enough."""
    log.error("request %s to %s failed", request_id(), request.endpoint, exc_info=exc_info)  # type: ignore[arg-type]


def _bad_token(error: CSRFError) -> Response:
    return _answer(400, "csrf", wording("csrf"))


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return Response.force_type(error.get_response())  # a redirect, or a ready answer
    status = error.code or 500
    code = CODES.get(status, "bad_request" if status < _OURS else "internal")
    if status >= _OURS:
        log.error("request %s failed with %s", request_id(), status)
    response = _answer(status, code, wording(code))
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value  # Allow of a 405, Retry-After of a 429 or 503
    return response


def _database_failed(error: DBAPIError) -> Response:
    """A database that is away is told so, with when to try again; any other failure is ours."""
    if not is_away(error):
        raise error
    log.error("request %s: the database is away: %s", request_id(), type(error.orig).__name__)
    response = _answer(503, "unavailable", wording("unavailable"))
    response.headers["Retry-After"] = str(_RETRY_AFTER_S)
    return response


def _answer(
    status: int, code: str, sentence: str, facts: dict[str, object] | None = None
) -> Response:
    if wants_json():
        return problem(status, code, sentence, facts)
    if status >= _OURS or code in _FOREIGN:
        return _bare_answer(status, code, sentence)
    g.refusal = code
    html = render_template("web/error.html", **_shown(status, code, sentence))
    return Response(html, status=status, content_type="text/html; charset=utf-8")


def _bare_answer(status: int, code: str, sentence: str) -> Response:
    """A page that asks neither the database nor the session who is there."""
    g.refusal = code
    template = current_app.jinja_env.get_template("web/error_bare.html")
    html = template.render(**_shown(status, code, sentence), page_locale=page_locale())
    return Response(html, status=status, content_type="text/html; charset=utf-8")


def _shown(status: int, code: str, sentence: str) -> dict[str, object]:
    return {
        "status": status,
        "code": code,
        "title": title_of(status),
        "sentence": sentence,
        "request_id": request_id(),
    }


def title_of(status: int) -> str:
    """The heading of an error page."""
    return str(TITLES.get(status) or gettext("That did not work"))
