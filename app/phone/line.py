"""The gate for browsers inside chat applications: they lose what is written, so lead out.

LINE keeps its browser's storage apart and empties it at will, offers no installing and hides its
address line; Facebook's and Messenger's are the same.  LINE opens the phone's own browser for an
address with `openExternalBrowser=1`.  Whoever is still inside afterwards gets a page that shows
the way with pictures, and never a second redirect: no loop.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.phone.blueprint import bp
from app.web.locale import page_locale

PARAM = "openExternalBrowser"
_LINE = re.compile(r" Line/\d")
_FACEBOOK = re.compile(r"\bFB(?:AN|AV|_IAB)/|\[FB(?:AN|AV)")
_IPHONE = re.compile(r"\b(?:iPhone|iPad|iPod)\b")
# Asked for by programs, files of the page itself, and what a phone must get in any browser.
_PASS = ("/api/", "/static/", "/healthz", "/readyz", "/sw.js", "/manifest")


@bp.before_app_request
def lead_out() -> ResponseReturnValue | None:
    """Send a page opened inside LINE to the phone's browser; show the way where that fails."""
    chat = chat_browser(request.user_agent.string)
    if chat is None or not _is_page():
        return None
    if chat == "LINE" and PARAM not in request.args:
        return redirect(outside_address())
    return render_template(
        "phone/line.html",
        chat=chat,
        iphone=bool(_IPHONE.search(request.user_agent.string)),
        address=request.host_url.rstrip("/") + outside_address(),
        other_language=outside_address(lang="en" if page_locale() == "th" else "th"),
    )


def chat_browser(user_agent: str) -> str | None:
    """The chat application whose own browser this is, or None for a real browser."""
    if _LINE.search(user_agent):
        return "LINE"
    return "Facebook" if _FACEBOOK.search(user_agent) else None


def outside_address(**changed: str) -> str:
    """The path and query asked for, marked to be opened in the phone's own browser.

    Whatever was asked, it is a path on this site: `//elsewhere` is not taken for another host.
    """
    changed = {**changed, PARAM: "1"}
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in changed]
    path = quote(f"{request.script_root}/{request.path.lstrip('/')}")
    return f"{path}?{urlencode([*kept, *changed.items()])}"


def _is_page() -> bool:
    """Whether a person is opening a page: scripts and pictures do not ask for HTML."""
    return (
        request.method == "GET"
        and "text/html" in request.headers.get("Accept", "")
        and not request.path.startswith(_PASS)
    )
