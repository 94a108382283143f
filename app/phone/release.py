"""A release, as a phone keeps it: every file of the shell with its hash, and one name for all.

The name changes with the program, the build's own mark, the programme and the areas, because the
shell's pages are part of it; so a phone learns of any of them by a new service worker.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Response, current_app, make_response, request, url_for

from app.phone.blueprint import bp
from app.web.assets import AssetsMissing, dist_folder
from app.web.locale import LANGUAGES

MARK = "Lakthan-Shell"  # on our shell, and on no captive portal's page
KEPT_S = 20  # every start of every phone asks; two shells take 50 ms to render
_KEY = "phone.release"
_PAGES = ("phone.shell", "phone.more")
_FILE = re.compile(r'(?:href|src)="(/static/[^"?#]+)')


@dataclass(frozen=True, slots=True)
class Release:
    """What the service worker is told: `integrity` holds every address that is to be kept."""

    version: str
    shell: dict[str, str]  # language -> the page that answers every address of the phone
    pages: list[str]  # the shells, and what their scripts put into them
    files: list[str]
    integrity: dict[str, str]
    script: bytes


@bp.after_request
def mark_shell(answer: Response) -> Response:
    """Say that this is our shell; the service worker keeps nothing that does not."""
    if request.endpoint in _PAGES and answer.status_code < 400:
        answer.headers[MARK] = release_name()
    return answer


def release_name() -> str:
    """The program's version, and the build's own mark where it has one."""
    config = current_app.config
    return "+".join(filter(None, (config["VERSION"], config["SETTINGS"].build)))


def present_release() -> Release:
    """The release that is served now.

    Raises:
        AssetsMissing: the scripts were not built.
    """
    built_at = _stamp()
    until, stamp, known = current_app.extensions.get(_KEY, (0.0, 0, None))
    if known is None or stamp != built_at or time.monotonic() > until:
        known = _release()
        current_app.extensions[_KEY] = (time.monotonic() + KEPT_S, built_at, known)
    release: Release = known
    return release


def _stamp() -> int:
    try:
        return (dist_folder() / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError as error:
        raise AssetsMissing("nothing is built: run `make assets`") from error


def _release() -> Release:
    script = (dist_folder() / _json("manifest.json")["sw.js"]).read_bytes()
    pages = {
        url_for(endpoint, lang=language): _page(endpoint, language)
        for endpoint in _PAGES
        for language in LANGUAGES
    }
    files = _files(pages.values())
    integrity = {address: _digest(html) for address, html in pages.items()} | {
        address: _digest(path.read_bytes()) for address, path in files.items()
    }
    named = json.dumps([release_name(), _digest(script), integrity], sort_keys=True)
    version = hashlib.sha256(named.encode()).hexdigest()[:16]
    shell = {language: url_for("phone.shell", lang=language) for language in LANGUAGES}
    return Release(version, shell, sorted(pages), sorted(files), integrity, script)


def _page(endpoint: str, language: str) -> bytes:
    """The page as a phone gets it: the same view, asked without cookies."""
    view = current_app.view_functions[endpoint]
    with (
        current_app.app_context(),  # of its own: language and actor are kept in `g`
        current_app.test_request_context(f"/phone?lang={language}", base_url=request.root_url),
    ):
        return make_response(current_app.ensure_sync(view)()).get_data()


def _files(pages: Iterable[bytes]) -> dict[str, Path]:
    """Address -> file: what the bundler says the shell needs, and what its pages name."""
    built = _json("shell.json")
    names = [f"dist/{name}" for name in [*built["needed"], *built["later"]]]
    for html in pages:
        names += [address.removeprefix("/static/") for address in _FILE.findall(html.decode())]
    root = Path(current_app.static_folder or "static")
    return {url_for("static", filename=name): root / name for name in names}


def _json(name: str) -> dict[str, str]:
    parsed: dict[str, str] = json.loads((dist_folder() / name).read_text("utf-8"))
    return parsed


def _digest(content: bytes) -> str:
    """As `integrity` in a browser writes it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()
