"""The two forms of a finding: what the centre says, and what the reviewer decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from app.findings.models import ANSWER_MAX, DECISIONS, Decision, PhotoFinding
from app.findings.service import check_answer, check_decision
from app.web.forms import LongTextBox, PageForm
from app.web.wording import wording

_BOX = {"rows": 2, "maxlength": ANSWER_MAX}


class AnswerForm(PageForm):
    """The answer of the people of the centre."""

    answer = LongTextBox(_l("Your answer"), render_kw=_BOX)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape first, then ask the rules."""
        return super().validate(extra_validators) and self.refuse(check_answer(self.answer.data))


class DecisionForm(PageForm):
    """The reviewer's decision; which one, the button says.  `seen`: the one that was shown."""

    seen = HiddenField()
    decision = StringField()
    note = LongTextBox(_l("Note"), render_kw=_BOX)

    @property
    def chosen(self) -> Decision | None:
        """The decision, or None where the request names none."""
        return next((known for known in DECISIONS if known == self.decision.data), None)

    @property
    def seen_at(self) -> datetime | None:
        """When the decision was made that the page showed; None for none, or for nonsense."""
        try:
            at = datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None
        return at if at.tzinfo else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape first, then ask the rules."""
        if not super().validate(extra_validators):
            return False
        if self.chosen is None:
            self.form_errors.append(wording("not_a_choice"))
            return False
        return self.refuse(check_decision(self.chosen, self.note.data))


def answer_form(finding: PhotoFinding) -> AnswerForm:
    """An empty answer; its fields have ids of their own, for a page with many."""
    return AnswerForm(formdata=None, prefix=_prefix(finding.id))


def decision_form(finding: PhotoFinding) -> DecisionForm:
    """The decision as it stands, to be made or replaced."""
    seen = finding.decided_at.isoformat() if finding.decided_at else ""
    data = {"seen": seen, "note": finding.decision_note}
    return DecisionForm(formdata=None, prefix=_prefix(finding.id), data=data)


def sent_answer(finding_id: UUID) -> AnswerForm:
    """The answer that this request brings."""
    return AnswerForm(prefix=_prefix(finding_id))


def sent_decision(finding_id: UUID) -> DecisionForm:
    """The decision that this request brings."""
    return DecisionForm(prefix=_prefix(finding_id))


def _prefix(finding_id: UUID) -> str:
    return f"f{finding_id.hex[-12:]}-"
