"""The follow-up's form: shape here, rules in rules.py."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import HiddenField

from app.followups.draft import FollowupDraft
from app.followups.models import Followup
from app.rounds.programme import Programme
from app.shared.clock import bangkok_day, now
from app.shared.record import Capture
from app.visits.forms import ChoiceBox, ReasonForm, RecordId, given
from app.web.forms import (
    ChoiceChips,
    DecimalBox,
    IntegerBox,
    LongTextBox,
    MultiChips,
    Needed,
    PageForm,
    ThaiDateField,
    VersionBox,
    offered,
)

CORRECTED = (
    "version", "followed_on", "method", "used", "n_followed", "n_used", "topics", "outcomes",
    "baht_saved_month", "baht_earned_month", "plot_rai", "passed_on_to", "reason", "next_step",
    "next_due_on",
)  # fmt: skip


class FollowupForm(PageForm):
    """One check, in the order of a phone call."""

    id = RecordId()
    version = VersionBox()
    visit = HiddenField()
    followed_on = ThaiDateField(_l("Date"), [Needed()], default=lambda: bangkok_day(now()))
    step_months = ChoiceBox(_l("Which check is this?"))
    method = ChoiceChips(_l("How did you reach them?"), [Needed()])
    used = ChoiceChips(_l("Do they use what they learned?"), [Needed()])
    n_followed = IntegerBox(_l("Answered for"))
    n_used = IntegerBox(_l("Of these, using it"), default=0)
    topics = MultiChips(_l("What do they use?"))
    outcomes = MultiChips(_l("What came of it?"))
    baht_saved_month = IntegerBox(_l("Baht saved a month"))
    baht_earned_month = IntegerBox(_l("Baht earned a month"))
    plot_rai = DecimalBox(_l("On how many rai"))
    passed_on_to = IntegerBox(_l("Passed on to how many people"))
    reason = LongTextBox(_l("Why not yet?"))
    next_step = LongTextBox(_l("What next?"))
    next_due_on = ThaiDateField(_l("Follow up again on"))

    def offer(self, programme: Programme, locale: str, *, steps: list[tuple[str, str]]) -> None:
        """Fill in what can be chosen."""
        for name, choices in (
            ("method", programme.followup_methods),
            ("used", programme.followup_uses),
            ("topics", programme.topics),
            ("outcomes", programme.outcomes),
        ):
            self[name].choices = offered((c.key, c.in_(locale)) for c in choices)
        self.step_months.choices = offered(steps)

    def to_draft(
        self, *, visit_id: UUID, capture: Capture, programme_version: str
    ) -> FollowupDraft:
        """The check as typed; an empty number of people is nobody."""
        return FollowupDraft(
            id=self.id.data,
            visit_id=visit_id,
            followed_on=given(self.followed_on.data),
            method=self.method.data,
            used=self.used.data,
            n_followed=self.n_followed.data or 0,
            n_used=self.n_used.data or 0,
            step_months=int(self.step_months.data) if self.step_months.data else None,
            topics=tuple(self.topics.data or ()),
            outcomes=tuple(self.outcomes.data or ()),
            plot_rai=None if self.plot_rai.data is None else round(self.plot_rai.data, 2),
            baht_saved_month=self.baht_saved_month.data,
            baht_earned_month=self.baht_earned_month.data,
            passed_on_to=self.passed_on_to.data,
            reason=self.reason.data,
            next_step=self.next_step.data,
            next_due_on=self.next_due_on.data,
            capture=capture,
            programme_version=programme_version,
        )

    @staticmethod
    def values_of(followup: Followup) -> dict[str, object]:
        """What the form shows for a follow-up already written."""
        values = {name: getattr(followup, name) for name in CORRECTED}
        return values | {"step_months": str(followup.step_months or "")}


def step_choices(months: tuple[int, ...]) -> list[tuple[str, str]]:
    """Which check it can be: the programme's steps, and any other time."""
    named = [(str(n), ngettext("%(num)d month later", "%(num)d months later", n)) for n in months]
    return [*named, ("", _("Another time"))]


class StrikeOutForm(ReasonForm):
    """Why a follow-up is struck out."""
