"""The forms of a report's steps.  Each is judged by `rules`, then handed on as a `Reason`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import Optional

from app.review.models import Verdict
from app.review.rules import REASON_MAX, SEAL_REASON_MAX, check_reason, check_words
from app.review.steps import Reason
from app.rounds.programme import Choice
from app.web.forms import LongTextBox, PageForm, VersionBox, offered
from app.web.locale import page_locale
from app.web.wording import wording

_BOX = {"rows": 2, "maxlength": REASON_MAX}


class SendForm(PageForm):
    """What goes with a report: a note, and why it is late.  `edition`: the newest one seen."""

    edition = IntegerField(validators=[Optional()])
    note = LongTextBox(_l("Note to the province"), render_kw=_BOX)
    why_late = LongTextBox(_l("Why it is late"), render_kw=_BOX)

    @property
    def seen_edition(self) -> int:
        """The newest edition that the sender saw; -1 is none that there is."""
        return self.edition.data if isinstance(self.edition.data, int) else -1

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape first, then ask the rules."""
        problems = [
            *check_words("note", self.note.data, needed=False),
            *check_words("why_late", self.why_late.data, needed=False),
        ]
        return super().validate(extra_validators) and self.refuse(problems)


class ReasonForm(PageForm):
    """A reason from a list, with words.  `needed`: whether one must be chosen."""

    version = VersionBox()
    reason_key = SelectField(_l("Reason"))
    reason = LongTextBox(_l("In your own words"), render_kw=_BOX)

    def offer(self, choices: Sequence[Choice], *, needed: bool = True) -> ReasonForm:
        """Give the list to choose from."""
        locale = page_locale()
        pairs = [(one.key, one.in_(locale)) for one in choices]
        self.reason_key.choices = offered([("", _("Choose a reason")), *pairs])
        self.reason_key.validate_choice = False  # the rules do
        self._choices, self._needed = choices, needed
        return self

    @property
    def told(self) -> Reason:
        """What was given."""
        return Reason(self.reason_key.data or None, self.reason.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape first, then ask the rules."""
        if not super().validate(extra_validators):
            return False
        told = self.told
        return self.refuse(check_reason(self._choices, told.key, told.words, needed=self._needed))


class VerdictForm(ReasonForm):
    """A reviewer's word on one item; which one, the button says."""

    verdict = StringField()

    @property
    def chosen(self) -> Verdict:
        """The word."""
        return "return" if self.verdict.data == "return" else "ok"

    def validate(self, extra_validators: Any = None) -> bool:
        """A return needs a reason; what is in order needs none."""
        self._needed = self.chosen == "return"
        if self.verdict.data not in ("ok", "return"):
            self.form_errors.append(wording("not_a_choice"))
            return False
        return super().validate(extra_validators)


class WordsForm(PageForm):
    """A reason in one's own words; with `although_open` for sealing."""

    version = VersionBox()
    reason = LongTextBox(_l("Reason"), render_kw={"rows": 2, "maxlength": SEAL_REASON_MAX})
    although_open = BooleanField(_l("Seal although reports are open"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape first, then ask the rules."""
        problems = check_words("reason", self.reason.data, needed=True, longest=SEAL_REASON_MAX)
        return super().validate(extra_validators) and self.refuse(problems)
