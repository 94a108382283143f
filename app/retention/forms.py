"""The form with which a hold is placed."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from app.keeping.holds import KINDS, HoldDraft
from app.web.forms import LongTextBox, Needed, PageForm, ThaiDateField, offered


class HoldForm(PageForm):
    """Which records are to be kept, and why."""

    area_code = SelectField(_l("Area"), validate_choice=True)
    first_day = ThaiDateField(_l("From the day"))
    last_day = ThaiDateField(_l("To"))
    reason = LongTextBox(_l("Reason"), [Needed()], render_kw={"rows": 3, "maxlength": 300})
    kind = HiddenField()
    object_id = HiddenField()

    def offer(self, areas: list[tuple[str, str]]) -> HoldForm:
        """Offer these areas: code and words."""
        self.area_code.choices = offered(areas)
        return self

    @property
    def one(self) -> tuple[str, UUID] | None:
        """The one record that is to be held, if it is about one."""
        if self.kind.data not in KINDS:
            return None
        try:
            return self.kind.data, UUID(self.object_id.data or "")
        except ValueError:
            return None

    def to_draft(self) -> HoldDraft:
        """The draft."""
        kind, object_id = self.one or (None, None)
        return HoldDraft(
            area_code=self.area_code.data,
            reason=(self.reason.data or "").strip()[:300],
            first_day=None if kind else self.first_day.data,
            last_day=None if kind else self.last_day.data,
            kind=kind,
            object_id=object_id,
        )
