"""`/metrics`: figures for Prometheus, for whoever holds the token of the settings."""

from __future__ import annotations

import hmac

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow_public
from app.shared.clock import now
from app.shared.db import db
from app.shared.job_log import job_figures
from app.shared.queue import connect
from app.upkeep.alarms import alarms
from app.upkeep.blueprint import bp
from app.upkeep.state import EVERYWHERE, look
from app.web.measuring import counted


@bp.get("/metrics")
@allow_public
def metrics() -> ResponseReturnValue:
    """Requests, queues, waiting work, storage.  Without the token there is no such page."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    from app.upkeep.figures import StateCollector

    settings = current_app.config["SETTINGS"]
    if not _may_ask(settings.metrics_token):
        abort(404)
    instant, registry = now(), counted()
    with connect(settings.redis_url) as connection:
        state = look(
            db.session(), connection, actor=EVERYWHERE, folder=settings.files_dir, now=instant
        )
        jobs = job_figures(connection)
    rings = alarms(state, instant, by_night=current_app.config["RETENTION_BY_NIGHT"])
    collector = StateCollector(
        state, jobs, rings, release=current_app.config["VERSION"], now=instant
    )
    body = generate_latest(registry) + generate_latest(collector)
    return body, 200, {"Content-Type": CONTENT_TYPE_LATEST}


def _may_ask(token: str) -> bool:
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and kind == "Bearer" and hmac.compare_digest(told.encode(), token.encode())
