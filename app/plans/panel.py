"""The plan on a centre's page."""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template
from sqlalchemy.orm import Session

from app.accounts.access import current_actor
from app.accounts.rules import Actor
from app.centres.models import Centre
from app.plans.kinds import PLAN_ITEM
from app.plans.models import PlanItem
from app.plans.queries import items_seen, newest_results
from app.plans.reading import programme_for
from app.plans.rules import totals_of
from app.records.choices import Pairs, register_choices
from app.records.queries import entries
from app.records.words import value_words
from app.rounds.programme import load_programme
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.panels import register_panel

MOST_NAMED = 300  # a district's plan has some dozens of items


def init_app(_app: Flask) -> None:
    """Show a centre's items of the plan on its page, and offer them to its activities."""
    register_panel("centre", centre_plan, order=60)
    register_choices("activity", "plan_item_id", items_to_name)


def items_to_name(session: Session, actor: Actor, activity: Any | None) -> Pairs:
    """The items of the plan that an activity can be part of: those of its fiscal year."""
    day = activity.held_on if activity else bangkok_day(now())
    in_year = PlanItem.fiscal_year == Quarter.of_day(day).fiscal_year
    items = session.scalars(
        entries(PLAN_ITEM, actor)
        .where(in_year, PlanItem.dropped_reason.is_(None))
        .order_by(PlanItem.title)
        .limit(MOST_NAMED)
    )
    codes = ((item, item.centre.code if item.centre else "") for item in items)
    return [(str(item.id), f"{code} {item.title}".strip()) for item, code in codes]


def centre_plan(centre: Centre) -> str:
    """The centre's items of this fiscal year and how far each is."""
    session, actor, year = db.session(), current_actor(), load_programme().fiscal_year
    items = items_seen(session, actor, centre.district_code, year, centre_id=centre.id)
    results = newest_results(session, [item.id for item in items], bangkok_day(now()))
    return render_template(
        "plans/_panel.html",
        centre=centre,
        year=year,
        items=items,
        results=results,
        totals=totals_of(items, results),
        value=value_words(PLAN_ITEM, programme_for(year)),
        writes=actor.role in PLAN_ITEM.writers,
    )
