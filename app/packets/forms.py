"""The form that asks for a packet: which unit, which quarter."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Length, ValidationError

from app.packets.queries import Choice
from app.shared.clock import Quarter
from app.web.filters import quarter_label
from app.web.forms import PageForm, TextBox
from app.web.wording import wording

REASON_MAX = 300
GROUPS = {"province": _l("Province"), "district": _l("Districts"), "centre": _l("Centres")}


class PacketForm(PageForm):
    """One request."""

    unit = SelectField(_l("Whose evidence"))
    quarter = SelectField(_l("Quarter"))
    reason = TextBox(
        _l("Why, if it replaces an earlier edition"),
        validators=[Length(max=REASON_MAX, message=_l("This is too long."))],
    )

    def offer(self, units: Sequence[Choice], quarters: Sequence[Quarter]) -> None:
        """Fill both lists with what this person may ask for."""
        self.unit.choices = {
            str(title): [(u.key, _words(u)) for u in units if u.kind == kind]
            for kind, title in GROUPS.items()
            if any(u.kind == kind for u in units)
        }
        self.quarter.choices = [(str(q), quarter_label(q)) for q in quarters]
        for box in (self.unit, self.quarter):
            box.validate_choice = False  # the words of a refusal are ours, below

    def validate_unit(self, field: SelectField) -> None:
        """Refuse a unit that was not offered."""
        offered = {key for pairs in field.choices.values() for key, _words in pairs}
        if field.data not in offered:
            raise ValidationError(wording("not_a_choice"))

    def validate_quarter(self, field: SelectField) -> None:
        """Refuse a quarter that was not offered."""
        if field.data not in {key for key, _label in field.choices}:
            raise ValidationError(wording("not_a_choice"))


def _words(unit: Choice) -> str:
    return f"{unit.name} ({unit.code})"
