"""The shell: one page for every screen of the phone.  It holds no data and asks no cookie."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.phone import (  # noqa: F401 - they register themselves
    drawings,
    followup_form,
    line,
    manifest,
    plain_json,
    record_forms,
    worker,
)
from app.phone.blueprint import bp
from app.phone.screens import FIRST, MORE, screen_files, shell_facts
from app.phone.words import more_words, shell_words

__all__ = ["bp"]


@bp.get("/phone")
@bp.get("/phone/<path:screen>")
@allow_public
def shell(screen: str = "") -> ResponseReturnValue:
    """The frame, the first screens' templates and all words; what is shown, the script decides.

    The same bytes for everybody who reads the same language, so a phone may keep them.
    """
    return _same_for_all("phone/shell.html", FIRST, words=shell_words())


@bp.get("/phone/more")
@allow_public
def more() -> ResponseReturnValue:
    """The templates of the other screens, which the shell's script puts in when one is opened."""
    return _same_for_all("phone/more.html", MORE, words=more_words())


def _same_for_all(template: str, screens: Iterable[str], **facts: object) -> ResponseReturnValue:
    g.actor = None  # nobody: looking for somebody would read the session's cookie
    html = render_template(template, screens=screen_files(screens), **facts, **shell_facts())
    # Indentation is nothing to a browser, and half a kilobyte on every phone.
    answer = make_response("\n".join(text.strip() for text in html.splitlines() if text.strip()))
    answer.headers["Cache-Control"] = "public, no-cache"  # the same for everybody
    answer.add_etag()
    return answer.make_conditional(request)
