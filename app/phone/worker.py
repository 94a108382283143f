"""The service worker's script: the list of this release, and the program that keeps it."""

from __future__ import annotations

import json

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.phone.blueprint import bp
from app.phone.release import Release, present_release
from app.web.assets import AssetsMissing


@bp.get("/sw.js")
@allow_public
def worker() -> ResponseReturnValue:
    """The script.  Browsers ask at every start whether it changed, so it is always asked anew."""
    try:
        release = present_release()
    except AssetsMissing:
        abort(503)  # a phone goes on with the version it has
    answer = Response(_script(release), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.headers["Service-Worker-Allowed"] = "/"
    answer.set_etag(release.version)
    return answer.make_conditional(request)


def _script(release: Release) -> bytes:
    told = {
        "version": release.version,
        "shell": release.shell,
        "pages": release.pages,
        "files": release.files,
        "integrity": release.integrity,
    }
    return f"self.LAKTHAN={json.dumps(told, sort_keys=True)};\n".encode() + release.script
