"""The findings' pages: the reviewer's queue, an answer, a decision, two photos side by side.

Nothing here opens a picture.
"""

from __future__ import annotations

from uuid import UUID

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.audit.history import StaleVersion
from app.findings import pair_queries, panel, phrases, queries, service
from app.findings.forms import AnswerForm, DecisionForm, sent_answer, sent_decision
from app.findings.models import KINDS
from app.findings.queries import STAGES, FindingFilter
from app.findings.service import FindingAnswered, FindingDecided, OwnFinding
from app.photos.blueprint import id_or_400
from app.photos.queries import centres_with_photos, photo_for
from app.photos.reading import page_of
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.web import nav
from app.web.local_path import local_path
from app.web.wording import wording

bp = Blueprint("findings", __name__)
nav.register(
    "findings.index", _l("Worth a look"), "eye", roles=("officer", "reviewer", "admin"), order=60
)


@bp.get("/photos/findings")
@allow()
def index() -> ResponseReturnValue:
    """What there is to ask about photos, the newest first, for whoever answers and decides."""
    actor, session = current_actor(), db.session()
    wanted, after = _filter(), request.args.get("after")
    page = queries.list_findings(session, actor, wanted, after=after)
    return render_template(
        "findings/index.html",
        items=queries.shown(session, actor, page.items),
        photos=queries.photos_by_id(session, actor, page.items),
        next_cursor=page.next_cursor,
        after=after,
        wanted=wanted,
        counts=queries.count_by_stage(session, actor, wanted),
        stages=phrases.STAGES,
        centres=centres_with_photos(session, actor),
        districts=areas_under(session, actor.area_code[:4], "district"),
        args={n: v for n, v in request.args.items() if n in ("kind", "centre", "area") and v},
        **panel.words(),
    )


@bp.post("/photos/findings/<uuid:finding_id>/answer")
@allow("volunteer", "officer", "admin")
def answer(finding_id: UUID) -> ResponseReturnValue:
    """Answer a finding, once."""
    actor, form = current_actor(), sent_answer(finding_id)
    photo_id = queries.finding_for(db.session(), actor, finding_id).photo_id
    if not form.validate_on_submit():
        return _refused(photo_id, finding_id, form)
    try:
        with work() as w:
            service.answer_finding(
                w.session, finding_id, form.answer.data or "", actor=actor, now=now()
            )
    except (FindingAnswered, FindingDecided) as refusal:
        flash(wording(refusal.code), "error")
    else:
        flash(_("The answer is kept. The reviewer sees it now."), "done")
    return _back(photo_id, finding_id)


@bp.post("/photos/findings/<uuid:finding_id>/decision")
@allow("reviewer", "admin")
def decision(finding_id: UUID) -> ResponseReturnValue:
    """Settle a finding, or call it doubtful."""
    actor, form = current_actor(), sent_decision(finding_id)
    photo_id = queries.finding_for(db.session(), actor, finding_id).photo_id
    if not form.validate_on_submit() or form.chosen is None:
        return _refused(photo_id, finding_id, form)
    try:
        with work() as w:
            service.decide(
                w.session, finding_id, form.chosen, form.note.data,
                seen=form.seen_at, actor=actor, now=now(),
            )  # fmt: skip
    except (StaleVersion, OwnFinding) as refusal:
        flash(wording(refusal.code), "error")
    else:
        flash(_("The decision is kept."), "done")
    return _back(photo_id, finding_id)


@bp.get("/photos/pairs/<uuid:earlier_id>/<uuid:later_id>")
@allow()
def pair(earlier_id: UUID, later_id: UUID) -> ResponseReturnValue:
    """Two photos that show the same picture, side by side."""
    actor, session = current_actor(), db.session()
    found = pair_queries.pair_for(session, actor, earlier_id, later_id)
    later = found.later.photo
    asked = queries.findings_of(session, actor, later) if later else []
    return render_template(
        "findings/pair.html",
        pair=found,
        items=[one for one in asked if one.finding.about == str(earlier_id)],
        place_words=place_words(),
        **panel.words(),
    )


def _filter() -> FindingFilter:
    given = request.args
    stage, kind, area = given.get("stage") or "open", given.get("kind"), given.get("area")
    chosen_stage = next((known for known in STAGES if known == stage), None)
    chosen_kind = next((known for known in KINDS if known == kind), None)
    if chosen_stage is None or (kind and chosen_kind is None):
        abort(400)
    if area and not (area.isascii() and area.isdigit() and len(area) <= 6):
        abort(400)
    centre_id = id_or_400(given["centre"]) if given.get("centre") else None
    return FindingFilter(chosen_stage, chosen_kind, centre_id, area or None)


def _refused(
    photo_id: UUID, finding_id: UUID, form: AnswerForm | DecisionForm
) -> ResponseReturnValue:
    """The photo's page with the form as it was typed and what is wrong with it."""
    panel.keep_refused(finding_id, form)
    page = make_response(page_of(photo_for(db.session(), current_actor(), photo_id)))
    page.status_code = 422
    return page


def _back(photo_id: UUID, finding_id: UUID) -> ResponseReturnValue:
    """To the page the form stood on, else to the photo's."""
    here = local_path(request.form.get("back"))
    own = url_for("photos.show", photo_id=photo_id, _anchor=f"finding-{finding_id}")
    return redirect(here or own, code=303)
