"""Held items on a page: two versions side by side, and a person who decides."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.areas.words import place_words
from app.rounds.programme import load_programme
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound
from app.shared.work import work
from app.sync import decisions, held_queries
from app.sync.blueprint import pages
from app.sync.comparison import compare
from app.sync.held_queries import origin_of
from app.sync.verdicts import Invalid
from app.web import nav
from app.web.wording import wording

DESKS = ("officer", "reviewer", "admin")
REASON_MAX = 300  # the column's
_REASONS = {  # why an item lies here; what was refused later says why in its own words
    "stale_version": _l("Somebody else corrected it in the meantime."),
    "struck_out": _l("It was struck out in the meantime."),
    "visit_conflict": _l("It was sent twice with different content."),
    "followup_conflict": _l("It was sent twice with different content."),
    "photo_conflict": _l("It was sent twice with different content."),
    "record_conflict": _l("It was sent twice with different content."),
}
nav.register("held.index", _l("Two versions"), "question", roles=DESKS, order=64)


@pages.get("/held")
@allow("officer", "reviewer", "admin")
def index() -> ResponseReturnValue:
    """What phones sent that somebody must decide about, the newest first."""
    actor, session = current_actor(), db.session()
    after = request.args.get("after")
    page = held_queries.list_conflicts(session, actor, after=after)
    place = place_words()
    return render_template(
        "sync/held.html",
        items=[compare(session, held, actor, place) for held in page.items],
        next_cursor=page.next_cursor,
        after=after,
        waiting=held_queries.waiting_count(session, actor),
        decides=actor.role in decisions.DECIDERS,
        sentence=_sentence,
    )


@pages.post("/held/<uuid:held_id>/take")
@allow("officer", "admin")
def take(held_id: UUID) -> ResponseReturnValue:
    """Make the phone's version the newest; the history says whose it was and who took it."""
    actor = current_actor()
    try:
        with work() as w:
            held = held_queries.held_for(w.session, actor, held_id)
            origin = origin_of(w.session, held)
            decisions.take_theirs(
                w.session,
                held,
                expected_version=request.form.get("version", 0, type=int),
                actor=actor,
                now=now(),
                programme=load_programme(),
                reason=_("Taken over from the phone of %(name)s", name=origin.name)[:REASON_MAX],
            )
    except NotFound:
        raise
    except DomainError as refusal:
        flash(_why(refusal), "error")
    else:
        flash(_("The phone's version is the newest one now."), "done")
    return redirect(url_for(".index"), code=303)


@pages.post("/held/<uuid:held_id>/keep")
@allow("officer", "admin")
def keep(held_id: UUID) -> ResponseReturnValue:
    """Leave the record as it is; the phone's version is erased."""
    actor = current_actor()
    try:
        with work() as w:
            held = held_queries.held_for(w.session, actor, held_id)
            decisions.keep_ours(w.session, held, actor=actor, now=now())
    except decisions.HeldDecided as refusal:
        flash(wording(refusal.code), "error")
    else:
        flash(_("The record stays as it is. The phone's version is erased."), "done")
    return redirect(url_for(".index"), code=303)


def _why(refusal: DomainError) -> str:
    if isinstance(refusal, Invalid):
        return " ".join(wording(wrong.code, wrong.facts) for wrong in refusal.problems)
    return wording(refusal.code, refusal.facts)


def _sentence(code: str) -> str:
    return str(_REASONS.get(code) or wording(code))
