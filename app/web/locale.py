"""Language: Thai unless the reader chose English.  The phone's own language decides nothing:
many officers carry phones set to English and write Thai."""

from __future__ import annotations

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response

LANGUAGES = ("th", "en")
COOKIE = "lang"
_YEAR_S = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Choose the language of every answer, and tell templates which it is."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "th")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Bangkok")
    Babel(app, locale_selector=chosen_language)
    app.context_processor(lambda: {"page_locale": page_locale()})


def chosen_language() -> str:
    """The language of this request: `?lang=` for one page, else the cookie, else Thai."""
    if not has_request_context():
        return "th"
    for asked in (request.args.get("lang"), request.cookies.get(cookie_name())):
        if asked in LANGUAGES:
            return str(asked)
    return "th"


def cookie_name() -> str:
    """The cookie's name; over TLS no neighbouring host can set one called `__Host-`."""
    secure = current_app.config.get("SESSION_COOKIE_SECURE")
    return f"__Host-{COOKIE}" if secure else COOKIE


def page_locale() -> str:
    """The reader's language, `th` or `en`; also the page's `lang` attribute."""
    return str(get_locale() or "th")


def remember_language(response: Response, language: str) -> Response:
    """Keep the reader's choice for a year."""
    response.set_cookie(
        cookie_name(),
        language,
        max_age=_YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")),
    )
    return response
