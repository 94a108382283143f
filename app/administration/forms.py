"""The forms for accounts: shape here, rules in `accounts.rules` and `accounts.managing`.

What may be chosen depends on who chooses: a role, a district or a centre that is not offered is
refused, however it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.accounts.managing import AccountChange
from app.accounts.models import Account
from app.accounts.rules import AccountDraft, Role
from app.administration.words import ROLES
from app.web.forms import ChoiceChips, Needed, PageForm, TextBox, offered


class PlaceForm(PageForm):
    """Whom an account is for, in which role and where; the area follows from the rest."""

    name = TextBox(_l("Full name"), validators=[Needed()])
    phone = TextBox(_l("Phone"))
    role = ChoiceChips(_l("Role"), choices=offered(ROLES.items()), validators=[Needed()])
    area_code = SelectField(_l("District (for officers)"))
    centre_id = SelectField(_l("Centre (for volunteers)"))

    def place(self, *, province: str, centre_areas: Mapping[str, str]) -> tuple[str, UUID | None]:
        """Area code and centre asked for; `centre_areas` gives each offered centre's area code."""
        role = self.role.data
        centre = self.centre_id.data if role == "volunteer" else ""
        area = {
            "volunteer": centre_areas.get(centre, ""),
            "officer": self.area_code.data or "",
        }.get(role, province)
        return area, UUID(centre) if centre else None


class AccountForm(PlaceForm):
    """A new account.  Nobody chooses a password for it: its owner gets a link."""

    username = TextBox(_l("Username"), validators=[Needed()])

    def to_draft(self, *, province: str, centre_areas: Mapping[str, str]) -> AccountDraft:
        """The account asked for."""
        area, centre = self.place(province=province, centre_areas=centre_areas)
        return AccountDraft(
            username=self.username.data or "",
            name=self.name.data or "",
            phone=self.phone.data,
            role=self.role.data,
            area_code=area,
            centre_id=centre,
            password=None,
        )


class ChangeForm(PlaceForm):
    """An account as it is to be."""

    def to_change(self, *, province: str, centre_areas: Mapping[str, str]) -> AccountChange:
        """The change asked for."""
        area, centre = self.place(province=province, centre_areas=centre_areas)
        return AccountChange(self.name.data or "", self.phone.data, self.role.data, area, centre)


class OwnForm(PageForm):
    """One's own account: what one may do is for somebody else to change."""

    name = TextBox(_l("Full name"), validators=[Needed()])
    phone = TextBox(_l("Phone"))

    def to_change(self, account: Account) -> AccountChange:
        """The change asked for, at the same place."""
        role: Role = account.role
        place = (role, account.area_code, account.centre_id)
        return AccountChange(self.name.data or "", self.phone.data, *place)
