"""While a backup is brought back nothing is served: the database may still know whom we forgot."""

from __future__ import annotations

from flask import Flask, abort, request

from config import Settings

MARK = "restoring"  # a file of this name below LAKTHAN_VAR, as long as it lasts


def init_app(app: Flask) -> None:
    """Answer 503 to everybody but whoever asks whether the process lives."""
    settings: Settings = app.config["SETTINGS"]
    mark = settings.var_dir / MARK

    @app.before_request
    def wait_for_the_restore() -> None:
        if request.endpoint != "upkeep.healthz" and mark.exists():
            abort(503)
