"""The form for a code: for whom."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.accounts.models import Account
from app.web.forms import PageForm, offered


class CodeForm(PageForm):
    """Whose phone is to be enrolled; only people the actor may make a code for are offered."""

    account_id = SelectField(_l("Whose phone"))

    def offer(self, people: Sequence[Account], *, chosen: UUID | None) -> None:
        """Fill in whom to choose from, with `chosen` marked at first."""
        self.account_id.choices = offered((str(a.id), f"{a.name} ({a.username})") for a in people)
        if not self.is_submitted() and chosen:
            self.account_id.data = str(chosen)
