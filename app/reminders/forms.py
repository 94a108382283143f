"""The forms of the page on which people choose how they are told."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.web.forms import Needed, PageForm, TextBox


class AddressForm(PageForm):
    """Where mails go."""

    email = TextBox(_l("E-mail address"), [Needed()])
