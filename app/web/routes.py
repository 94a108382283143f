"""Pages of the frame itself: the language switch, and the guide to its own parts."""

from __future__ import annotations

from flask import Blueprint, Flask, redirect, request
from werkzeug.wrappers import Response

from app.web.access_mark import mark
from app.web.local_path import here_path, local_path
from app.web.locale import LANGUAGES, remember_language
from app.web.styleguide import bp as styleguide

bp = Blueprint("web", __name__)


def init_app(app: Flask) -> None:
    """Add the routes; the style guide only where nobody works with real data."""
    app.jinja_env.globals["here_path"] = here_path
    app.register_blueprint(bp)
    if getattr(app.config.get("SETTINGS"), "env", "production") != "production":
        app.register_blueprint(styleguide)


@bp.post("/language")
@mark("public")
def choose_language() -> Response:
    """Remember the reader's language and go back to the page they were on."""
    back = local_path(request.form.get("back")) or "/"
    response = redirect(back, code=303)
    language = request.form.get("lang", "")
    return remember_language(response, language) if language in LANGUAGES else response
