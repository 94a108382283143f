"""The register's forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.accounts.rules import Actor
from app.incidents import words
from app.incidents.models import DATA_KINDS, INCIDENT_KINDS, Incident
from app.incidents.rules import IncidentDraft, moment
from app.shared.clock import in_bangkok
from app.shared.errors import Problem
from app.web.forms import (
    ChoiceChips,
    IntegerBox,
    LongTextBox,
    MultiChips,
    Needed,
    PageForm,
    TextBox,
    ThaiDateField,
    offered,
)


class IncidentForm(PageForm):
    """The facts of an incident, as far as they are known."""

    kind = ChoiceChips(
        _l("What happened"),
        [Needed()],
        choices=offered((k, words.KINDS[k]) for k in INCIDENT_KINDS),
    )
    area_code = SelectField(_l("Where"), validate_choice=True)
    what = LongTextBox(_l("The facts"), [Needed()], render_kw={"rows": 5})
    happened_on = ThaiDateField(_l("Day it happened"))
    happened_time = TextBox(_l("Time it happened"), render_kw={"inputmode": "numeric", "size": 6})
    aware_on = ThaiDateField(_l("Day we learned of it"), [Needed()])
    aware_time = TextBox(
        _l("Time we learned of it"), [Needed()], render_kw={"inputmode": "numeric", "size": 6}
    )
    data_kinds = MultiChips(
        _l("Which data"), choices=offered((k, words.DATA_KINDS[k]) for k in DATA_KINDS)
    )
    n_people = IntegerBox(_l("People concerned"))
    n_records = IntegerBox(_l("Records concerned"))
    consequences = LongTextBox(_l("Likely consequences"), render_kw={"rows": 3})
    measures = LongTextBox(_l("Measures"), render_kw={"rows": 3})

    def offer(self, areas: list[tuple[str, str]]) -> IncidentForm:
        """Offer these areas: code and words."""
        self.area_code.choices = offered(areas)
        return self

    def to_draft(self) -> IncidentDraft | None:
        """The draft; None where a time cannot be read, with its sentence under the box."""
        aware_at = moment(self.aware_on.data, self.aware_time.data)
        happened_at = moment(self.happened_on.data, self.happened_time.data)
        problems = []
        if aware_at is None:
            problems.append(Problem("aware_time", "bad_time"))
        if self.happened_time.data and self.happened_on.data and happened_at is None:
            problems.append(Problem("happened_time", "bad_time"))
        if not self.refuse(problems) or aware_at is None:
            return None
        return IncidentDraft(
            self.kind.data, self.area_code.data, self.what.data or "", happened_at, aware_at,
            tuple(self.data_kinds.data or ()), self.n_people.data, self.n_records.data,
            self.consequences.data, self.measures.data,
        )  # fmt: skip

    @staticmethod
    def values_of(incident: Incident) -> dict[str, Any]:
        """What the boxes hold for an incident to be corrected."""
        names = (
            "kind", "area_code", "what", "data_kinds", "n_people", "n_records", "consequences",
            "measures",
        )  # fmt: skip
        return {
            **{name: getattr(incident, name) for name in names},
            **clock_values("happened", incident.happened_at),
            **clock_values("aware", incident.aware_at),
        }


class StepForm(PageForm):
    """One note in an incident's steps."""

    words = LongTextBox(_l("Step taken"), [Needed()], render_kw={"rows": 3})


class JudgeForm(PageForm):
    """How high the risk is, and why."""

    risk = ChoiceChips(
        _l("Risk"), [Needed()],
        choices=offered((k, words.RISKS[k]) for k in ("none", "some", "high")),
    )  # fmt: skip
    reason = LongTextBox(_l("Reasons"), [Needed()], render_kw={"rows": 3})


class ToldForm(PageForm):
    """When somebody was told, and how."""

    told_on = ThaiDateField(_l("Day they were told"), [Needed()])
    told_time = TextBox(
        _l("Time they were told"), [Needed()], render_kw={"inputmode": "numeric", "size": 6}
    )
    words = LongTextBox(_l("How, and the reference number"), render_kw={"rows": 2})


class ReasonForm(PageForm):
    """A reason alone: for closing, opening again, or taking a list with names."""

    reason = LongTextBox(_l("Reason"), [Needed()], render_kw={"rows": 2})


class FoundForm(PageForm):
    """That the phone came back; words are welcome."""

    words = TextBox(_l("Where and how it was found"))


class LostForm(PageForm):
    """The one press: no field but the token."""


def clock_values(name: str, instant: datetime | None) -> dict[str, object]:
    """The day and the time boxes of an instant."""
    if instant is None:
        return {}
    local = in_bangkok(instant)
    return {f"{name}_on": local.date(), f"{name}_time": f"{local:%H:%M}"}


def area_choices(actor: Actor, districts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Where an incident may be: an officer's own district, or any of an actor's area."""
    if actor.role == "officer":
        return [one for one in districts if one[0] == actor.area_code]
    return districts
