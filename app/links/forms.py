"""The form for a share link."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.links.rules import DAYS_USUAL, LABEL_MAX, LinkDraft
from app.web.forms import IntegerBox, PageForm, TextBox


class LinkForm(PageForm):
    """For whom, and for how long; `rules.check_link` judges it."""

    label = TextBox(_l("For whom"), render_kw={"maxlength": LABEL_MAX})
    days = IntegerBox(_l("For how many days"), default=DAYS_USUAL)

    def draft(self) -> LinkDraft:
        """What was asked for."""
        return LinkDraft(self.label.data, self.days.data)
