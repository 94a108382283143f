"""The form that asks for a packet: of what, how it is to look, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from app.packets.frozen.content import Options
from app.packets.queries import Choice
from app.packets.rules import PHOTOS_PER_PAGE, check_request
from app.shared.clock import Quarter
from app.web.filters import quarter_label
from app.web.forms import ChoiceChips, PageForm, TextBox, offered
from app.web.wording import wording

GROUPS = {"province": _l("Province"), "district": _l("Districts"), "centre": _l("Centres")}
ORDINARY = Options()


class PacketForm(PageForm):
    """One request: which unit and quarter, how it is to look, and whether with names."""

    unit = SelectField(_l("Whose evidence"))
    quarter = SelectField(_l("Quarter"))
    digits = ChoiceChips(
        _l("Digits in the documents"),
        choices=offered([("thai", _l("Thai digits (๑๒๓)")), ("arabic", _l("Arabic digits (123)"))]),
        default=ORDINARY.digits,
    )
    photos_per_page = ChoiceChips(
        _l("Photos on a page of the report"),
        choices=offered([(str(n), str(n)) for n in PHOTOS_PER_PAGE]),
        default=str(ORDINARY.photos_per_page),
    )
    originals = BooleanField(_l("Also put in the photos as they came from the phones"))
    unmasked = BooleanField(_l("With names and telephone numbers of visitors"))
    reason = TextBox(_l("What the packet is for"))

    def options(self) -> Options:
        """How the packet is to be made."""
        return Options(
            digits=self.digits.data or ORDINARY.digits,
            photos_per_page=int(self.photos_per_page.data or ORDINARY.photos_per_page),
            originals=bool(self.originals.data),
            unmasked=bool(self.unmasked.data),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check shape first, then ask the same rules the service asks."""
        if not super().validate(extra_validators):
            return False
        return self.refuse(check_request(self.options(), self.reason.data))

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
