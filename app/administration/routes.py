"""Accounts for those who manage them: the list, and adding one by an invitation."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts import invitations
from app.accounts.access import allow, current_actor, fresh
from app.accounts.managing import may_give
from app.accounts.rules import check_account
from app.accounts.service import AccountExists, add_account
from app.administration import account_routes, queries
from app.administration.blueprint import MANAGERS, bp
from app.administration.forms import AccountForm
from app.administration.links import link_page
from app.administration.places import offer_places, province
from app.administration.words import ROLES
from app.areas.queries import areas_under
from app.areas.words import place_words
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import Problem
from app.shared.work import work
from app.web import nav

__all__ = ["account_routes", "bp"]
nav.register("administration.index", _l("Accounts"), "user", roles=MANAGERS, order=82)


@bp.get("/accounts")
@allow(*MANAGERS)
def index() -> ResponseReturnValue:
    """Accounts that the actor manages, by name, with a search."""
    actor, after = current_actor(), request.args.get("after")
    filters = _filters()
    page = queries.page_accounts(db.session(), actor, filters, after=after)
    invited = invitations.open_for(db.session(), [a.id for a in page.items], now=now())
    asked = {
        "search": filters.search, "role": filters.role, "district": filters.district,
        "state": filters.state,
    }  # fmt: skip
    return render_template(
        "administration/index.html",
        page=page,
        after=after,
        asked=asked,
        filters=filters,
        counts=queries.count_accounts(db.session(), actor, filters),
        invited=invited,
        roles=ROLES,
        districts=areas_under(db.session(), actor.area_code, "district"),
        place_words=place_words(),
    )


@bp.route("/accounts/new", methods=["GET", "POST"])
@allow(*MANAGERS)
@fresh
def new_account() -> ResponseReturnValue:
    """Add an account; the page that answers shows the link for its owner, once."""
    actor, form = current_actor(), AccountForm()
    centre_areas = offer_places(form, actor)
    if form.validate_on_submit():
        draft = form.to_draft(province=province(), centre_areas=centre_areas)
        problems = check_account(draft)
        if not problems and not may_give(actor, draft.role, draft.area_code):
            problems = [Problem("role", "not_a_choice")]
        if form.refuse(problems):
            try:
                with work() as w:
                    account = add_account(w.session, draft, actor_id=actor.account_id, now=now())
                    code, entry = invitations.invite(w.session, account.id, actor=actor, now=now())
            except AccountExists as refusal:
                form.refuse([Problem("username", refusal.code)])
            else:
                return link_page(account, code, entry)
    status = 422 if form.errors else 200
    return render_template("administration/new_account.html", form=form), status


def _filters() -> queries.Filters:
    asked = request.args
    role, state = asked.get("role", ""), asked.get("state", "open")
    return queries.Filters(
        search=asked.get("search", "")[:80],
        role=role if role in ROLES else "",
        district=asked.get("district", "")[:4],
        state=state if state in ("open", "closed") else "open",
    )
