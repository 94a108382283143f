"""The form for a new account: shape here, rules in `accounts.rules`."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField

from app.accounts.rules import AccountDraft
from app.web.forms import ChoiceChips, Needed, PageForm, TextBox, offered


class AccountForm(PageForm):
    """A new account; which area it gets follows from its role, district and centre."""

    name = TextBox(_l("Full name"), validators=[Needed()])
    username = TextBox(_l("Username"), validators=[Needed()])
    phone = TextBox(_l("Phone"))
    role = ChoiceChips(
        _l("Role"),
        choices=offered(
            [
                ("volunteer", _l("Volunteer or centre steward")),
                ("officer", _l("District officer")),
                ("reviewer", _l("Provincial reviewer")),
                ("admin", _l("Administrator")),
            ]
        ),
        validators=[Needed()],
    )
    area_code = SelectField(_l("District (for officers)"))
    centre_id = SelectField(_l("Centre (for volunteers)"))
    password = PasswordField(_l("First password"), validators=[Needed()])

    def to_draft(self, *, province: str, centre_areas: dict[str, str]) -> AccountDraft:
        """The account asked for; `centre_areas` gives each centre id's area code."""
        role = self.role.data
        centre = self.centre_id.data if role == "volunteer" else ""
        area = {
            "volunteer": centre_areas.get(centre, ""),
            "officer": self.area_code.data,
        }.get(role, province)
        return AccountDraft(
            username=self.username.data or "",
            name=self.name.data or "",
            phone=self.phone.data,
            role=role,
            area_code=area,
            centre_id=UUID(centre) if centre else None,
            password=self.password.data or "",
        )
