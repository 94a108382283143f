"""The page for whoever runs the product: what is stuck, what fills up, what runs."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.accounts.access import allow, current_actor
from app.devices.phrases import DANGERS, ago
from app.shared.clock import now
from app.shared.db import db
from app.shared.queue import connect
from app.upkeep import state
from app.upkeep.alarms import Alarm, AlarmCode, alarms
from app.upkeep.blueprint import bp
from app.web import nav

nav.register("upkeep.show", _l("State of the system"), "board", roles=("admin",), order=90)

PENDING_WORDS: dict[str, LazyString] = {
    "photos": _l("Photos to process"),
    "findings": _l("Photos to examine"),
    "copies": _l("Sharing copies to make"),
    "checks": _l("Dropped files to check"),
    "packets": _l("Packets to build"),
    "parents": _l("Items that wait for what belongs before them"),
}
QUEUE_WORDS = {"photos": _l("Photos"), "packets": _l("Packets"), "upkeep": _l("Upkeep")}

_ALARMS: dict[AlarmCode, tuple[LazyString, LazyString]] = {
    "queue_away": (
        _l("The queue does not answer"),
        _l("What people send is kept and waits. See whether Redis runs and has disk space."),
    ),
    "no_worker": (
        _l("No worker serves the queue %(of)s"),
        _l("Start one. What waits is taken up by itself."),
    ),
    "sweep_late": (
        _l("Nobody has tidied up for more than two minutes"),
        _l("See whether the clock and a worker for upkeep run."),
    ),
    "work_late": (
        _l("%(of)s: %(num)s wait for too long"),
        _l("See whether the workers keep up; more of them may be started at any time."),
    ),
    "disk_low": (
        _l("The disk is nearly full"),
        _l("Make room or add a disk before it is: then phones keep what they cannot send."),
    ),
    "jobs_broken": (
        _l("%(num)s jobs of the queue %(of)s broke in seven days"),
        _l("The worker's log says why, under each job's number."),
    ),
    "packets_failed": (
        _l("%(num)s packets failed in seven days"),
        _l("Each packet's page says why. Ask for it again once that is mended."),
    ),
    "retention_late": (
        _l("Retention has not run for two nights"),
        _l("See whether the clock runs; or run it by hand: flask retention run."),
    ),
}


@bp.get("/state")
@allow("admin")
def show() -> ResponseReturnValue:
    """What waits and works, phones in danger, storage and versions; all at this moment."""
    session, actor, instant = db.session(), current_actor(), now()
    settings = current_app.config["SETTINGS"]
    with connect(settings.redis_url) as connection:
        found = state.look(session, connection, actor=actor, folder=settings.files_dir, now=instant)
    return render_template(
        "upkeep/state.html",
        state=found,
        alarms=alarms(found, instant, by_night=current_app.config["RETENTION_BY_NIGHT"]),
        alarm_words=_alarm_words,
        at=instant,
        dangers=state.phones_in_danger(session, actor, instant),
        versions=state.versions(session, _release()),
        ago=lambda moment: ago(moment, instant),
        pending_words=PENDING_WORDS,
        queue_words=QUEUE_WORDS,
        danger_words=DANGERS,
    )


def _alarm_words(alarm: Alarm) -> tuple[str, str]:
    """What is wrong, and the first thing to do."""
    what, then = _ALARMS[alarm.code]
    of = QUEUE_WORDS.get(alarm.of) or PENDING_WORDS.get(alarm.of) or ""
    return str(what) % {"of": of, "num": alarm.count}, str(then)


def _release() -> str:
    build = current_app.config["SETTINGS"].build
    return f"{current_app.config['VERSION']} {build}".strip()
