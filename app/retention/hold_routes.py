"""Legal holds: placed, shown, lifted."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor, fresh
from app.accounts.models import Account
from app.accounts.rules import Actor
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.keeping import holds
from app.retention.blueprint import KEEPERS, bp, shared_words
from app.retention.forms import HoldForm
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work


@bp.route("/holds", methods=["GET", "POST"])
@allow(*KEEPERS)
@fresh  # already when it is opened: a reason that was typed is not lost to a question
def hold() -> ResponseReturnValue:
    """The holds there are, and the form for another one."""
    actor = current_actor()
    form = HoldForm(
        kind=request.args.get("kind"),
        object_id=request.args.get("id"),
        area_code=request.args.get("area"),
    ).offer(_areas(actor))
    if form.validate_on_submit() and form.refuse(holds.check_hold(form.to_draft())):
        with work() as w:
            holds.place_hold(w.session, form.to_draft(), actor=actor, now=now())
        flash(_("The hold stands. Nothing that it covers is destroyed until it is lifted."), "done")
        return redirect(url_for(".hold"), code=303)
    html = _page(actor, form)
    return (html, 422) if form.is_submitted() else html


@bp.post("/holds/<uuid:hold_id>/lift")
@allow(*KEEPERS)
@fresh
def lift(hold_id: UUID) -> ResponseReturnValue:
    """Lift one: what it covered goes when its time is over."""
    with work() as w:
        holds.lift_hold(w.session, hold_id, actor=current_actor(), now=now())
    flash(_("The hold is lifted. What it covered goes when its time is over."), "done")
    return redirect(url_for(".hold"), code=303)


def _page(actor: Actor, form: HoldForm) -> str:
    session = db.session()
    found = holds.holds(session, actor)
    ids = {hold.placed_by for hold in found} | {hold.lifted_by for hold in found}
    accounts = session.query(Account).where(Account.id.in_(ids - {None}))
    return render_template(
        "retention/holds.html",
        holds=found,
        form=form,
        one=form.one,
        people={account.id: account.name for account in accounts},
        **shared_words(),
    )


def _areas(actor: Actor) -> list[tuple[str, str]]:
    """The province, its districts and their subdistricts, in official order."""
    place, session = place_words(), db.session()
    codes = [actor.area_code]
    for kind in ("district", "subdistrict"):
        codes += [area.code for area in areas_under(session, actor.area_code, kind)]
    return [(code, place(code)) for code in sorted(dict.fromkeys(codes))]
