"""A submission at the reviewer's desk: its report, its items one by one, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.findings import panel
from app.review import items, queries, service
from app.review.blueprint import REVIEWERS, bp, ring
from app.review.content import KINDS, Content
from app.review.forms import ReasonForm, VerdictForm, WordsForm
from app.review.models import Submission
from app.review.report_page import (
    Report,
    centres_by_code,
    report_asked,
    report_page,
    report_words,
    sent_back,
    waive_form,
)
from app.review.steps import Reason
from app.review.units import units_named
from app.rounds.queries import occurrence_for
from app.rounds.seals import seal_of
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.work import work
from app.web.wording import wording


@bp.get("/review/<uuid:submission_id>")
@allow()
def show(submission_id: UUID) -> ResponseReturnValue:
    """The report and its items; whoever does not review it is led to the report itself."""
    report = _report(submission_id)
    if current_actor().role not in REVIEWERS:
        return redirect(url_for("review.draft", **report.address), code=303)
    return _page(report)


@bp.post("/review/<uuid:submission_id>/items/<kind>/<uuid:item_id>")
@allow(*REVIEWERS)
def judge(submission_id: UUID, kind: str, item_id: UUID) -> ResponseReturnValue:
    """Say that an item is in order, or what is to be mended.  The last word counts."""
    report = _report(submission_id)
    form = VerdictForm()
    form.offer(report.programme.return_reasons)
    if not form.validate_on_submit():
        for sentence in _sentences(form):
            flash(sentence, "error")
        return redirect(_back(submission_id, kind, item_id), code=303)
    try:
        with work() as w:
            told = form.told if form.chosen == "return" else Reason()
            service.judge(
                w.session, submission_id, kind, item_id, form.chosen,
                reason=told, actor=current_actor(), now=now(),
            )  # fmt: skip
    except NotFound:
        raise
    except DomainError as refusal:
        flash(wording(refusal.code, refusal.facts), "error")
        return redirect(_back(submission_id, kind, item_id), code=303)
    return redirect(_back(submission_id, kind, request.form.get("next") or item_id), code=303)


@bp.post("/review/<uuid:submission_id>/accept")
@allow(*REVIEWERS)
def accept(submission_id: UUID) -> ResponseReturnValue:
    """Accept it as it is."""
    form = ReasonForm().offer((), needed=False)
    form.validate_on_submit()
    step = partial(service.accept, expected_version=form.version.data or 0)
    return _take(submission_id, step, _("The report is accepted."), url_for("review.desk"))


@bp.post("/review/<uuid:submission_id>/return")
@allow(*REVIEWERS)
def return_(submission_id: UUID) -> ResponseReturnValue:
    """Send it back: the items marked so, or the whole for a reason."""
    report = _report(submission_id)
    form = ReasonForm().offer(report.programme.return_reasons, needed=False)
    if not form.validate_on_submit():
        return _page(report, returning=form)
    step = partial(service.return_, expected_version=form.version.data or 0, reason=form.told)
    done = _("The report is sent back. Its people see what is to be mended.")
    return _take(submission_id, step, done, url_for("review.desk"))


@bp.post("/review/<uuid:submission_id>/reopen")
@allow(*REVIEWERS)
def reopen(submission_id: UUID) -> ResponseReturnValue:
    """Take back that it was accepted or waived, with the reason."""
    report, form = _report(submission_id), WordsForm()
    if not form.validate_on_submit():
        return _page(report, reopening=form)
    reason = Reason(words=form.reason.data)
    step = partial(service.reopen, expected_version=form.version.data or 0, reason=reason)
    here = url_for(".show", submission_id=submission_id)
    return _take(submission_id, step, _("The report is open again."), here)


def _take(
    submission_id: UUID, step: Callable[..., object], done: str, to: str
) -> ResponseReturnValue:
    """Take one step of the submission, or say why not."""
    try:
        with work() as w:
            step(w.session, submission_id, actor=current_actor(), now=now())
            ring(w, submission_id)
    except NotFound:
        raise
    except DomainError as refusal:
        return _refused(submission_id, refusal)
    flash(done, "done")
    return redirect(to, code=303)


@bp.post("/submissions/<programme>/<occurrence>/<unit>/waive")
@allow(*REVIEWERS)
def waive(programme: str, occurrence: str, unit: str) -> ResponseReturnValue:
    """Say that it need not be sent, with the reason; also before anything was sent."""
    report = report_asked(programme, occurrence, unit)
    form = waive_form(report, typed=True)
    if not form.validate_on_submit():
        return report_page(report, waiving=form)
    try:
        with work() as w:
            waived = service.waive(
                w.session, report.programme, report.occurrence, report.unit,
                expected_version=form.version.data or 0, reason=form.told,
                actor=current_actor(), now=now(),
            )  # fmt: skip
            ring(w, waived.id)
    except NotFound:
        raise
    except DomainError as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        return report_page(report_asked(programme, occurrence, unit), waiving=form)
    flash(_("This report is waived: it need not be sent."), "done")
    return redirect(url_for("review.draft", **report.address), code=303)


def _report(submission_id: UUID) -> Report:
    session = db.session()
    sent = queries.submission_for(session, current_actor(), submission_id)
    found = occurrence_for(sent.programme, sent.occurrence)
    unit = units_named(session, [sent.unit_code]).get(sent.unit_code)
    if found is None or unit is None:
        raise NotFound(kind="submission")
    return Report(found[0], found[1], unit, sent)


def _page(
    report: Report,
    *,
    returning: ReasonForm | None = None,
    reopening: WordsForm | None = None,
) -> ResponseReturnValue:
    sent = report.submission
    if sent is None:
        raise NotFound(kind="submission")
    session = db.session()
    edition = queries.edition_of(session, sent)
    content = Content.of(edition.content) if edition else None
    refused = bool((returning and returning.errors) or (reopening and reopening.errors))
    version = {"version": sent.version}
    blank = ReasonForm(formdata=None, data=version)
    sealed = seal_of(session, sent.district_code, Quarter.parse(sent.quarter))
    html = render_template(
        "review/show.html",
        report=report,
        sent=sent,
        edition=edition,
        content=content,
        steps=queries.steps_of(session, sent),
        sealed=sealed,
        sent_back=sent_back(report),
        today=bangkok_day(now()),
        returning=returning or blank.offer(report.programme.return_reasons, needed=False),
        reopening=reopening or WordsForm(formdata=None, data=version),
        takes_verdicts=sent.state == "submitted" and not sealed,
        **_walk(report, sent, content),
        **report_words(report, content),
        **panel.words(),
    )
    return html, 422 if refused else 200


def _walk(report: Report, sent: Submission, content: Content | None) -> dict[str, Any]:
    """The items of the kind that is asked for, and how far the reviewer is."""
    if content is None:
        return {"kind": "", "rows": [], "judged": None, "kinds_held": []}
    session, actor = db.session(), current_actor()
    held = list(content.kinds())
    asked = request.args.get("kind", "")
    kind = asked if asked in dict(held) else ""
    last = items.pages_of(content, kind) if kind in KINDS else 1
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    rows = items.rows_of(session, actor, sent, content, kind, page) if kind else []
    earlier = {}
    if kind == "photo":
        codes = {row.centre_code for row in rows if row.centre_code}
        earlier = items.earlier_photos(session, actor, codes, report.occurrence.quarter)
    return {
        "kind": kind, "kinds_held": held, "rows": rows, "page": page, "last_page": last,
        "judged": items.judged(session, sent, content), "earlier": earlier,
        "changes": items.changes_since(session, sent, content),
        "centres_by_code": centres_by_code(row.centre_code for row in rows),
    }  # fmt: skip


def _refused(submission_id: UUID, refusal: DomainError) -> ResponseReturnValue:
    flash(wording(refusal.code, refusal.facts), "error")
    return redirect(url_for(".show", submission_id=submission_id), code=303)


def _back(submission_id: UUID, kind: str, item_id: object) -> str:
    """To the page of items that the form stood on, at an item."""
    page = request.form.get("page", "1")
    known = kind if kind in KINDS else ""
    number = page if page.isascii() and page.isdecimal() else "1"
    return url_for(
        ".show", submission_id=submission_id, kind=known, page=number, _anchor=f"item-{item_id}"
    )


def _sentences(form: VerdictForm) -> list[str]:
    return [str(one) for errors in form.errors.values() for one in errors] or [
        wording("bad_request")
    ]
