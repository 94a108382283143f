"""What the edges need where somebody chooses a password."""

from __future__ import annotations

from flask import current_app

from app.accounts.breached import is_breached
from app.accounts.models import Account
from app.accounts.password_rules import check_password
from app.accounts.sessions import actor_of
from app.shared.errors import Problem
from app.web.nav import place_of
from config import Settings


def password_problems(account: Account, password: str) -> list[Problem]:
    """The reason to refuse this password for this account, if there is one.

    To be asked outside of any unit of work: it may take a quarter of a second.
    """
    settings: Settings = current_app.config["SETTINGS"]
    words = (account.username, account.name, account.phone, place_of(actor_of(account)))
    return check_password(
        password,
        words=[word for word in words if word],
        is_breached=lambda text: is_breached(settings.breached, text),
    )
