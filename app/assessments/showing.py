"""What the page of a filled form shows: grades, radar, evidence, changes, the reviewer's form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _

from app.accounts.access import current_actor
from app.assessments import evidence, queries
from app.assessments.forms import DecisionForm
from app.assessments.kinds import ASSESSMENT
from app.assessments.models import Assessment
from app.assessments.rules import steps_between, suggested_strategy
from app.assessments.sheet import grade_tones, radar_for, sheet_of
from app.assessments.words import counted_words, missing_words
from app.centres.models import Centre
from app.records.words import value_words
from app.rounds.programme import Programme
from app.shared.db import db
from app.web.locale import page_locale


def show_facts(row: Assessment, programme: Programme) -> dict[str, Any]:
    """Grades, radar, lines with evidence, what changed, history, and the reviewer's form."""
    session, actor, locale = db.session(), current_actor(), page_locale()
    centre = centre_of(row.centre)
    held = queries.history_of_centre(session, centre.id)
    before = next((one for one in held if is_before(one, row)), None)
    found, missing, computed = evidence.judged(session, row, centre, programme)
    decisions = queries.decisions_of(session, row.id)
    makers = queries.makers_of(session, row)
    grades = [(one.key, one.in_(locale)) for one in programme.grades]
    shown = {"version": row.version, "grade": row.decided_grade or row.proposed_grade}
    form = g.get("refused_decision") or DecisionForm.of(grades, **shown)
    return {
        "centre": centre,
        "computed": computed,
        "missing": missing,
        "missing_words": missing_words,
        "sheet": sheet_of(row.scores, programme, locale),
        "radar": radar_for(row.sides, before.sides if before else None, programme, locale),
        "before": before,
        "steps": steps_between(before.scores, row.scores) if before else [],
        "held": held,
        "decisions": decisions,
        "may_decide": actor.role in ("reviewer", "admin") and actor.account_id not in makers,
        "decision": form,
        "photos": {str(one.id): one for one in found.photos},
        "documents": {str(one.id): one for one in found.documents},
        "counts": found.counts,
        "counted_words": counted_words,
        "strategy": suggested_strategy(row.grade, programme),
        "tones": grade_tones(programme),
        "document_url": document_url,
        "value": _value_words(programme),
    }


def document_url(document_id: object) -> str | None:
    """A document's page, where there are such pages."""
    known = "documents.show" in current_app.view_functions
    return url_for("documents.show", record_id=document_id) if known else None


def centre_of(centre: Centre | None) -> Centre:
    """The centre, which every assessment has: the table and the page's beginning see to it."""
    if centre is None:
        raise LookupError("an assessment without a centre")
    return centre


def is_before(one: Assessment, row: Assessment) -> bool:
    """Whether `one` came before `row`: by day, and within a day by when it was begun."""
    return (one.assessed_on, one.id) < (row.assessed_on, row.id)


def _value_words(programme: Programme) -> Callable[[str, object], str]:
    """As for every kind; of twenty lines of points a history shows what they add up to."""
    plain = value_words(ASSESSMENT, programme)

    def words(name: str, value: object) -> str:
        if name == "scores" and isinstance(value, list):
            return _("%(points)s points", points=sum(row["points"] or 0 for row in value))
        return plain(name, value)

    return words
