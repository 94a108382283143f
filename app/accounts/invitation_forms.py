"""The forms of an invitation: its code, and the password somebody chooses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from app.accounts.invitations import LONGEST_TYPED
from app.accounts.rules import PASSWORD_MAX
from app.web.forms import Needed, PageForm


class CodeForm(PageForm):
    """The link or its code, pasted or typed."""

    code = StringField(_l("Link or code"), validators=[Needed(), Length(max=LONGEST_TYPED)])


class FirstPasswordForm(PageForm):
    """A password of one's own."""

    code = HiddenField(validators=[Needed(), Length(max=LONGEST_TYPED)])
    password = PasswordField(_l("New password"), validators=[Needed(), Length(max=PASSWORD_MAX)])
