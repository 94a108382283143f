"""What devices add to the page of one's own account: one's phones."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.accounts.models import Account
from app.accounts.phones import register_phones
from app.devices import queries
from app.devices.rules import PHONE_ROLES
from app.devices.service import sign_out_all
from app.shared.db import db
from app.shared.panels import register_panel


def init_app(app: Flask) -> None:
    """Show one's phones on one's account's page, and sign them out with it."""
    register_panel("account", own_phones, order=40)
    register_phones(sign_out_all)


def own_phones(account: Account) -> str | None:
    """The phones of whoever looks at their account; nothing for roles that have none."""
    if account.role not in PHONE_ROLES or account.id != current_actor().account_id:
        return None
    phones = queries.signed_in_phones(db.session(), account.id)
    return render_template("devices/_own.html", phones=phones)
