"""Pages: what is kept how long, what is due, and what the nights did."""

from __future__ import annotations

from datetime import date

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow, current_actor
from app.keeping.holds import holds
from app.retention import hold_routes, log_routes, processing_routes, runs
from app.retention.blueprint import KEEPERS, bp, shared_words
from app.retention.survey import MOST_COUNTED, survey
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from config import Settings

__all__ = ["bp", "hold_routes", "init_app", "log_routes", "processing_routes"]


def init_app(app: Flask) -> None:
    """Let pages say whether nights come by themselves."""
    settings: Settings = app.config["SETTINGS"]
    app.config["RETENTION_BY_NIGHT"] = settings.env != "demo"


@bp.get("")
@allow(*KEEPERS)
def index() -> ResponseReturnValue:
    """Every class with its period, the next night, and the last runs."""
    session, actor = db.session(), current_actor()
    return render_template(
        "retention/index.html",
        runs=runs.latest(session, most=14),
        total=runs.total,
        next_at=runs.next_night(now()),
        standing=sum(hold.lifted_at is None for hold in holds(session, actor)),
        **shared_words(),
    )


@bp.get("/due")
@allow(*KEEPERS)
def due() -> ResponseReturnValue:
    """What the next night would do: a dry run, which changes nothing."""
    day = _asked_day() or bangkok_day(runs.next_night(now()))
    found = survey(db.session(), day, area=current_actor().area_code, most=MOST_COUNTED)
    return render_template(
        "retention/due.html", found=found, day=day, most=MOST_COUNTED, **shared_words()
    )


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args["day"]) if request.args.get("day") else None
    except ValueError:
        return None
