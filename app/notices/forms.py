"""Who answers for the data, as the administrator writes it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.notices.rules import MOST, check_facts
from app.notices.service import FIELDS, ControllerFacts
from app.web.forms import LongTextBox, Needed, PageForm, TextBox, VersionBox


class ControllerForm(PageForm):
    """The office, its data protection officer, and where the data lies."""

    version = VersionBox()
    name = TextBox(_l("Name of the office"), [Needed()])
    address = TextBox(_l("Address"), [Needed()])
    phone = TextBox(_l("Phone"))
    email = TextBox(_l("E-mail"))
    dpo_name = TextBox(_l("Data protection officer"), [Needed()])
    dpo_phone = TextBox(_l("Phone of the data protection officer"))
    dpo_email = TextBox(_l("E-mail of the data protection officer"))
    hosted_at = TextBox(_l("Where the server stands, and whose it is"), [Needed()])
    more = LongTextBox(_l("What else the notice should say"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the words as well."""
        return super().validate(extra_validators) and self.refuse(check_facts(self.to_facts()))

    def to_facts(self) -> ControllerFacts:
        """What was typed, made from the version the form was filled from."""
        words = {name: self[name].data for name in FIELDS}
        return ControllerFacts(**words, version=self.version.data or 0)

    @staticmethod
    def longest(name: str) -> int:
        """How many characters a box takes."""
        return MOST[name]
