"""Reports for whoever owes them: what is due, the report as it is put together, sending it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.review import desk_routes, item_routes, seal_routes, service  # noqa: F401
from app.review.blueprint import SENDERS, bp, ring
from app.review.forms import SendForm
from app.review.owed import by_occurrence, owed_by
from app.review.phrases import BADGES, STANDINGS
from app.review.report_page import Report, report_asked, report_page
from app.rounds.programme import programmes_in_force
from app.rounds.words import occurrence_title
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.work import work

_PATH = "/submissions/<programme>/<occurrence>/<unit>"


@bp.get("/submissions")
@allow(*SENDERS)
def owed() -> ResponseReturnValue:
    """What the reader's district or centre owes, by due day: its state and the next step."""
    programmes = programmes_in_force()
    asked = request.args.get("year", "")
    chosen = next((one for one in programmes if str(one.fiscal_year) == asked), programmes[0])
    today = bangkok_day(now())
    rows = owed_by(db.session(), current_actor(), chosen, today)
    return render_template(
        "review/owed.html",
        turn=by_occurrence([r for r in rows if r.standing in ("returned", "missing", "draft")]),
        waiting=by_occurrence([row for row in rows if row.standing == "submitted"]),
        coming=by_occurrence([row for row in rows if row.standing == "not_open"]),
        done=by_occurrence([row for row in rows if row.standing in ("accepted", "waived")]),
        programmes=programmes,
        chosen=chosen,
        today=today,
        title_of=occurrence_title,
        badges=BADGES,
        standings=STANDINGS,
    )


@bp.get(_PATH)
@allow()
def draft(programme: str, occurrence: str, unit: str) -> ResponseReturnValue:
    """The report: as it would be sent now, or as it was sent."""
    return report_page(report_asked(programme, occurrence, unit))


@bp.post(f"{_PATH}/send")
@allow(*SENDERS)
def send(programme: str, occurrence: str, unit: str) -> ResponseReturnValue:
    """Send it as it is now.  Twice is harmless: the edition that was seen comes with it."""
    report, form = report_asked(programme, occurrence, unit), SendForm()
    if not form.validate_on_submit():
        return report_page(report, form=form)
    try:
        with work() as w:
            sent = service.submit(
                w.session, report.programme, report.occurrence, report.unit,
                seen_edition=form.seen_edition, actor=current_actor(), now=now(),
                words=form.note.data, why_late=form.why_late.data,
            )  # fmt: skip
            ring(w, sent.id)
    except NotFound:
        raise
    except DomainError as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        return report_page(report_asked(programme, occurrence, unit), form=form)
    flash(_("The report is sent. The province checks it now."), "done")
    return redirect(_here(report), code=303)


def _here(report: Report) -> str:
    return url_for("review.draft", **report.address)
