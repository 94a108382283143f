"""The assessments' pages: the list of an area, one assessment, and the reviewer's decision."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.assessments import reading, service
from app.assessments.forms import AssessmentForm, DecisionForm
from app.assessments.kinds import ASSESSMENT
from app.assessments.pages import AssessmentPages
from app.assessments.words import LABELS
from app.records.queries import entry_for
from app.rounds.programme import programme_named
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.work import work
from app.web import nav
from app.web.locale import page_locale

bp = Blueprint("assessments", __name__)
nav.register(
    "assessments.index", _l("Assessments"), "star", roles=("officer", "reviewer", "admin"), order=42
)
_BOX_OF = {"reason_needed": "reason", "unknown_choice": "grade"}


class Pages(AssessmentPages):
    """The kind's pages with the area's list in place of the list of records."""

    def index(self) -> ResponseReturnValue:
        """Every open centre with its grade."""
        return reading.list_page()

    def as_csv(self) -> ResponseReturnValue:
        """The same to take away."""
        return reading.csv_table()


PAGES = Pages(
    ASSESSMENT,
    bp,
    LABELS,
    path="/assessments",
    icon_name="star",
    form=AssessmentForm,
    templates={"form": "assessments/form.html", "show": "assessments/show.html"},
)


@bp.post("/assessments/<uuid:record_id>/decision")
@allow("reviewer", "admin")
def decide(record_id: UUID) -> ResponseReturnValue:
    """Decide the grade of the version that was seen."""
    actor = current_actor()
    row = entry_for(db.session(), ASSESSMENT, actor, record_id)
    programme = programme_named(row.programme_version)
    form = DecisionForm.of([(one.key, one.in_(page_locale())) for one in programme.grades])
    if form.validate_on_submit():
        try:
            with work() as w:
                service.decide_grade(
                    w.session, record_id, form.grade.data or "", form.reason.data,
                    expected_version=form.version.data or 0, actor=actor, now=now(),
                )  # fmt: skip
        except NotFound:
            raise
        except DomainError as refusal:
            form.refuse([Problem(_BOX_OF.get(refusal.code, ""), refusal.code, refusal.facts)])
        else:
            flash(_("The grade is decided."), "done")
            return redirect(url_for(".show", record_id=record_id), code=303)
    return PAGES.show_refused(entry_for(db.session(), ASSESSMENT, actor, record_id), form)
