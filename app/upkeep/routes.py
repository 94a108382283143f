"""`/healthz` and `/readyz`: for machines, without sign-in, telling no secrets."""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.shared.clock import now
from app.shared.db import db
from app.upkeep import health, metrics_routes, state_routes
from app.upkeep.blueprint import bp

__all__ = ["bp", "metrics_routes", "state_routes"]


@bp.get("/healthz")
@allow_public
def healthz() -> ResponseReturnValue:
    """Alive: this process answers."""
    return {"status": "alive"}


@bp.get("/readyz")
@allow_public
def readyz() -> ResponseReturnValue:
    """Ready: database, queue, disk and bucket are usable.  503 names the part that is not.

    Work that waits too long and a sweep that is late are told, and take nobody out of service:
    what people send in is kept all the same.  `?without=queue` tells of the queue and stays ready:
    for whoever sends requests on, where many web hosts share one Redis (deploy/kubernetes).
    """
    settings, session = current_app.config["SETTINGS"], db.session()
    grounds = {
        "database": health.database_ready(session),
        "queue": health.queue_ready(settings.redis_url),
        "disk": health.disk_ready(settings.files_dir),
    }
    if settings.store:
        grounds["store"] = current_app.extensions["files"].ready()
    spared = request.args.get("without", "")
    ready = all(fine for name, fine in grounds.items() if name != spared)
    late = health.late(session, now()) if grounds["database"] else {}
    body = {
        "status": "ready" if ready else "not ready",
        "parts": {name: "ok" if fine else "down" for name, fine in grounds.items()}
        | {name: "late" if is_late else "ok" for name, is_late in late.items()},
    }
    return body, 200 if ready else 503
