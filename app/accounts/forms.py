"""The forms of signing in and of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import Length

from app.accounts.rules import PASSWORD_MAX
from app.web.forms import Needed, PageForm, TextBox

_CODE_MAX = 40  # twelve characters, and whatever people type between them
_OFFER_MAX = 400


class SignInForm(PageForm):
    """Username or phone, and password."""

    login = StringField(_l("Username or phone"), validators=[Needed(), Length(max=80)])
    password = PasswordField(_l("Password"), validators=[Needed(), Length(max=PASSWORD_MAX)])


class CodeForm(PageForm):
    """A code of the authenticator app, or a recovery code."""

    code = TextBox(_l("Code"), validators=[Needed(), Length(max=_CODE_MAX)])


class OneTimeForm(CodeForm):
    """The first code of an app that is being set up, and the secret it was shown."""

    offer = HiddenField(validators=[Length(max=_OFFER_MAX)])


class ProofForm(PageForm):
    """The password once more."""

    password = PasswordField(_l("Password"), validators=[Needed(), Length(max=PASSWORD_MAX)])


class NewPasswordForm(PageForm):
    """A new password, and what becomes of the phones."""

    present = PasswordField(_l("Present password"), validators=[Length(max=PASSWORD_MAX)])
    password = PasswordField(_l("New password"), validators=[Needed()])
    end_phones = BooleanField(_l("Sign my phones out as well"))
