"""The sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import Length

from app.accounts.rules import PASSWORD_MAX
from app.web.forms import Needed, PageForm


class SignInForm(PageForm):
    """Username or phone, and password."""

    login = StringField(_l("Username or phone"), validators=[Needed(), Length(max=80)])
    password = PasswordField(_l("Password"), validators=[Needed(), Length(max=PASSWORD_MAX)])
