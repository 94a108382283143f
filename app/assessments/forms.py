"""The assessment's form: a row for each criterion, radios for points, evidence to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import StopValidation

from app.assessments.evidence import Evidence
from app.assessments.kinds import ASSESSMENT
from app.assessments.rules import Scores
from app.assessments.words import LABELS
from app.records.draft import Draft
from app.records.forms import Pairs, RefsBox, RowForm, RowsBox, form_for
from app.records.kinds import RecordKind
from app.rounds.programme import Programme
from app.shared.record import Capture
from app.visits.rules import check_text
from app.web.forms import (
    ChoiceChips,
    LongTextBox,
    Needed,
    PageForm,
    TextBox,
    VersionBox,
    offered,
)
from app.web.wording import wording

REASON_MAX = 300  # the column's


class PointsBox(ChoiceChips):
    """The points of one of a criterion's sentences; none chosen is None."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=int, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the points; what is no number is no answer."""
        sent = valuelist[0] if valuelist else ""
        self.data = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else None


class ScoreRow(RowForm):
    """One criterion."""

    criterion = HiddenField()
    points = PointsBox(LABELS["scores.points"], [Needed()])
    note = LongTextBox(LABELS["scores.note"])
    evidence = RefsBox(LABELS["scores.evidence"])


_Head = form_for(ASSESSMENT, LABELS, without=("scores", "proposed_grade"))


class AssessmentForm(_Head):  # type: ignore[misc, valid-type]
    """Who and when, every criterion of the programme, and what follows from it."""

    scores = RowsBox(ScoreRow, LABELS["scores"])
    proposed_grade = ChoiceChips(LABELS["proposed_grade"], default="")

    def offer(self, programme: Programme, locale: str, **places: Any) -> Self:
        """Fill in what can be chosen, and give every criterion of the programme its row."""
        super().offer(programme, locale, **places)
        grades = [(one.key, one.in_(locale)) for one in programme.grades]
        self.proposed_grade.choices = offered([("", _("As computed")), *grades])
        self._align(programme)
        for criterion, entry in zip(programme.assessment.criteria, self.scores, strict=True):
            anchors = programme.assessment.anchors_of(criterion)
            pairs = [(one.points, one.in_(locale)) for one in anchors]
            entry.form.points.choices = offered(pairs)  # type: ignore[arg-type]
            entry.form.evidence.choices = []
        return self

    def offer_evidence(self, evidence: Evidence) -> None:
        """Let every criterion name the centre's photos and documents."""
        held: tuple[Any, ...] = (*evidence.photos, *evidence.documents)
        pairs: Pairs = [(str(one.id), "") for one in held]
        for entry in self.scores:
            entry.form.evidence.offer(pairs)

    def to_draft(
        self,
        kind: RecordKind,
        programme_version: str,
        *,
        capture: Capture | None = None,
        rest: Mapping[str, Any] | None = None,
    ) -> Draft:
        """The assessment as typed; `proposed_grade` in `rest` stands for "as computed"."""
        told = {"scores": self.scores_told(), "proposed_grade": self.proposed_grade.data or None}
        draft: Draft = super().to_draft(
            kind, programme_version, capture=capture, rest={**(rest or {}), **told}
        )
        return draft

    def scores_told(self) -> list[dict[str, Any]]:
        """The rows as a draft holds them."""
        return [
            {
                "criterion": entry.form.criterion.data,
                "points": entry.form.points.data,
                "note": entry.form.note.data,
                "evidence": list(entry.form.evidence.data or ()),
            }
            for entry in self.scores
        ]

    def start_from(self, scores: Scores) -> None:
        """Points and notes of an earlier assessment; evidence is gathered anew."""
        before = {row["criterion"]: row for row in scores}
        for entry in self.scores:
            row = before.get(entry.form.criterion.data, {})
            points = row.get("points")
            known = [choice.value for choice in entry.form.points.choices]
            entry.form.points.data = points if points in known else None
            entry.form.note.data = row.get("note")

    def _align(self, programme: Programme) -> None:
        """Rows in the programme's order, one for each criterion, whatever was sent."""
        sent = {entry.form.criterion.data: entry for entry in reversed(self.scores.entries)}
        entries = []
        for criterion in programme.assessment.criteria:
            entry = sent.get(criterion.key) or self.scores.append_entry()
            entry.form.criterion.data = criterion.key
            entries.append(entry)
        self.scores.entries = entries

    @classmethod
    def values_of(cls, row: Any) -> dict[str, object]:
        """What the form shows for a stored assessment."""
        return super().values_of(row) | {
            "scores": row.scores,
            "proposed_grade": row.proposed_grade,
        }


class DecisionForm(PageForm):
    """The reviewer's word on the grade."""

    version = VersionBox()
    grade = ChoiceChips(_l("Grade decided"), [Needed()])
    reason = TextBox(_l("Reason"))

    @classmethod
    def of(cls, grades: Sequence[tuple[str, str]], **shown: Any) -> Self:
        """The form with the programme's grades, showing `shown`."""
        form = cls(data=shown)
        form.grade.choices = offered(grades)
        return form

    def validate_reason(self, box: Any) -> None:
        """Refuse what no reason may hold."""
        for problem in check_text("reason", box.data, REASON_MAX):
            raise StopValidation(wording(problem.code, problem.facts))
