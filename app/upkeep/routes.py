"""`/healthz` and `/readyz`: for machines, without sign-in, telling no secrets."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.shared.db import db
from app.upkeep import health

bp = Blueprint("upkeep", __name__)


@bp.get("/healthz")
@allow_public
def healthz() -> ResponseReturnValue:
    """Alive: this process answers."""
    return {"status": "alive"}


@bp.get("/readyz")
@allow_public
def readyz() -> ResponseReturnValue:
    """Ready: database, queue and disk are usable.  503 names the part that is not."""
    settings = current_app.config["SETTINGS"]
    parts = {
        "database": health.database_ready(db.session()),
        "queue": health.queue_ready(settings.redis_url),
        "disk": health.disk_ready(settings.files_dir),
    }
    ready = all(parts.values())
    body = {
        "status": "ready" if ready else "not ready",
        "parts": {name: "ok" if fine else "down" for name, fine in parts.items()},
    }
    return body, 200 if ready else 503
