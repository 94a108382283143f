"""One assessment's pages: the form by sides, and the filled form with its three grades."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import current_actor
from app.assessments import evidence, queries
from app.assessments.evidence_rules import grade_with_evidence, missing_evidence
from app.assessments.forms import AssessmentForm, DecisionForm
from app.assessments.models import Assessment
from app.assessments.rules import next_grade, result_of
from app.assessments.sheet import grade_tones, sheet_of
from app.assessments.showing import centre_of, document_url, is_before, show_facts
from app.assessments.words import counted_words
from app.centres.models import Centre
from app.centres.queries import centre_for
from app.records.draft import Draft
from app.records.forms import Pairs, RecordForm
from app.records.pages import RecordPages
from app.rounds.programme import Programme, load_programme, programme_named, programme_of_year
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.web.asked import asked_id
from app.web.locale import page_locale

_YEARS = range(2560, 2700)  # Buddhist fiscal years that make sense


class AssessmentPages(RecordPages):
    """As every kind's pages, except that an assessment is of a centre from the start."""

    def heading(self, row: Any) -> str:
        """The centre's name: a list of assessments is a list of centres."""
        return str(row.centre.name)

    def programme_of(self, row: Any | None) -> Programme:
        """The version it was filled under; a new one is of the year it is for."""
        if row is not None:
            return programme_named(row.programme_version)
        return programme_of_year(asked_year()) or load_programme()

    def prefill(self) -> Mapping[str, object]:
        """Who assesses, for which year; and what the last time said, if that is asked for."""
        centre = asked_centre()
        shown: dict[str, object] = {
            "centre_id": str(centre.id) if centre else "",
            "assessor": current_actor().name,
            "fiscal_year": asked_year(),
        }
        if asked_year() != _running_year():
            shown["assessed_on"] = None  # no day of another year is worth a guess
        before = self._start()
        if before is not None:
            shown |= {n: getattr(before, n) for n in ("problems", "needs", "co_assessors")}
        return shown

    def new(self) -> ResponseReturnValue:
        """Assess a centre; which one is chosen in the list."""
        if asked_centre() is None:
            return redirect(url_for(".index"), code=303)
        return super().new()

    def places(self, _form: RecordForm, row: Any | None) -> tuple[Pairs, Pairs]:
        """The one centre that is assessed."""
        centre = self._centre(row)
        return [(str(centre.id), f"{centre.code} {centre.name}")], ()

    def _offered(self, form: RecordForm, row: Any | None) -> RecordForm:
        super()._offered(form, row)
        if isinstance(form, AssessmentForm):
            form.offer_evidence(self._evidence(row))
            before = self._start() if row is None else None
            if before is not None and not form.is_submitted():
                form.start_from(before.scores)
            if row is not None and not form.is_submitted():
                _own_or_computed(form, row, self.programme_of(row))
        return form

    def _evidence(self, row: Any | None) -> evidence.Evidence:
        year = asked_year() if row is None else row.fiscal_year
        kept = () if row is None else row.scores
        return evidence.offered_evidence(db.session(), self._centre(row), year, kept)

    def _centre(self, row: Any | None) -> Centre:
        return centre_of(asked_centre() if row is None else row.centre)

    def _start(self) -> Assessment | None:
        """The assessment to start from, if the address names one of this centre."""
        centre, asked = asked_centre(), asked_id("from")
        held = queries.history_of_centre(db.session(), centre.id) if centre and asked else ()
        return next((one for one in held if one.id == asked), None)

    def save(
        self, form: RecordForm, draft: Draft, programme: Programme, save: Callable[..., Any]
    ) -> Any | None:
        """Put the computed grade where none was proposed, then judge and store."""
        if draft.values["proposed_grade"] is None:
            grade = _computed(draft, self._centre_of_draft(draft), programme)
            draft = replace(draft, values={**draft.values, "proposed_grade": grade})
        return super().save(form, draft, programme, save)

    def _centre_of_draft(self, draft: Draft) -> Centre:
        return centre_for(db.session(), current_actor(), draft.centre_id or UUID(int=0))

    def _form_page(self, form: RecordForm, row: Any | None) -> ResponseReturnValue:
        html = self._render("form", row, form=form, **self._form_facts(form, row))
        return html, 422 if form.errors else 200

    def _form_facts(self, form: Any, row: Any | None) -> dict[str, Any]:
        programme, centre, locale = self.programme_of(row), self._centre(row), page_locale()
        held = queries.history_of_centre(db.session(), centre.id)
        before = next((one for one in held if _was_before(one, row)), None)
        gathered = self._evidence(row)
        rows = {entry.form.criterion.data: entry.form for entry in form.scores}
        return {
            "centre": centre,
            "sections": sheet_of(form.scores_told(), programme, locale),
            "rows": rows,
            "before": before,
            "before_points": {one["criterion"]: one["points"] for one in before.scores}
            if before
            else {},
            "started": row is None and asked_id("from") is not None,
            "evidence": gathered,
            "facts": _facts_for_script(programme, gathered, locale),
            "counted_words": counted_words,
            "usual_strategies": _usual_strategies(programme, locale),
            "tones": grade_tones(programme),
            "document_url": document_url,
        }

    def show_refused(self, row: Assessment, form: DecisionForm) -> ResponseReturnValue:
        """The assessment's page with the decision as it was typed and what is wrong with it."""
        g.refused_decision = form
        answer = make_response(self._show(row))
        answer.status_code = 422
        return answer

    def extra(self, page: str, row: Any | None) -> Mapping[str, object]:
        """What the filled form's page shows besides."""
        return show_facts(row, self.programme_of(row)) if page == "show" and row else {}


def asked_year() -> int:
    """The fiscal year in the form or the address, else the one of the programme in force."""
    asked = request.form.get("fiscal_year") or request.args.get("year") or ""
    if asked.isascii() and asked.isdecimal() and len(asked) == 4 and int(asked) in _YEARS:
        return int(asked)
    return load_programme().fiscal_year


def _running_year() -> int:
    return Quarter.of_day(bangkok_day(now())).fiscal_year


def asked_centre() -> Centre | None:
    """The centre in the form or the address.  Raises NotFound where it is another's."""
    asked = request.form.get("centre_id") or request.args.get("centre") or ""
    try:
        return centre_for(db.session(), current_actor(), UUID(asked))
    except ValueError:
        return None


def _was_before(one: Assessment, row: Assessment | None) -> bool:
    """Whether `one` came before the one that is corrected, or before a new one of the year asked
    for; an assessment of a later year is no "last time".
    """
    return one.fiscal_year <= asked_year() if row is None else is_before(one, row)


def _computed(draft: Draft, centre: Centre, programme: Programme) -> str:
    """What the points and the evidence that is here give."""
    scores, year = draft.values["scores"], draft.values["fiscal_year"]
    gathered = evidence.offered_evidence(db.session(), centre, year, scores)
    missing = missing_evidence(scores, programme, gathered.found)
    return grade_with_evidence(result_of(scores, programme).grade, missing, programme)


def _own_or_computed(form: AssessmentForm, row: Assessment, programme: Programme) -> None:
    """A grade that was proposed as computed stays "as computed" while it is corrected."""
    centre = row.centre
    if centre and row.proposed_grade == evidence.judged(db.session(), row, centre, programme)[2]:
        form.proposed_grade.data = ""


def _usual_strategies(programme: Programme, locale: str) -> str:
    """What is usually done for each grade, in one line."""
    name = {one.key: one.in_(locale) for one in programme.strategies}
    return ", ".join(f"{grade.key} {name[grade.strategy]}" for grade in programme.grades)


def _facts_for_script(
    programme: Programme, gathered: evidence.Evidence, locale: str
) -> dict[str, Any]:
    """What the page's script reckons with, spelled as the programme file does."""
    told = programme.model_dump(
        mode="json",
        include={
            "five_p": {"__all__": {"key"}},
            "grades": {"__all__": {"key", "from_percent", "each_side_percent", "evidence_needed"}},
            "assessment": {
                "anchors": {"__all__": {"points"}},
                "criteria": {"__all__": {"key", "side", "anchors", "wants"}},
            },
        },
    )
    return {
        "programme": told,
        "found": {
            "photos": [str(one.id) for one in gathered.photos],
            "documents": [str(one.id) for one in gathered.documents],
            "counts": gathered.counts,
        },
        "grades": {one.key: one.in_(locale) for one in programme.grades},
        "strategies": {one.key: one.strategy for one in programme.grades},
        "above": {one.key: next_grade(one.key, programme) for one in programme.grades},
    }
