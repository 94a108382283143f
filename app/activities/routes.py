"""The activities' pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from app.activities.kinds import ACTIVITY
from app.activities.words import WORDS
from app.records.addresses import record_url
from app.records.forms import form_for
from app.records.pages import RecordPages
from app.web import nav

bp = Blueprint("activities", __name__)
nav.register("activities.index", WORDS.many, "people", order=24)


class ActivityPages(RecordPages):
    """Pages of records; an activity leads to the item of the plan that it is part of."""

    def extra(self, _name: str, row: Any | None) -> Mapping[str, object]:
        """Where the item of the plan is shown."""
        item = row.plan_item_id if row else None
        return {"plan_url": record_url("plan_item", item) if item else None}


pages = ActivityPages(
    ACTIVITY,
    bp,
    path="/activities",
    icon_name="leaf",
    shown=("title", "kind", "sides", "n_total"),
    form=form_for(ACTIVITY, WORDS.labels, defaults={"n_male": 0, "n_female": 0, "n_youth": 0}),
    templates={"form": "activities/form.html", "show": "activities/show.html"},
)
