"""What the edges need where somebody chooses a password."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app

from app.accounts.breached import is_breached
from app.accounts.models import Account
from app.accounts.password_rules import check_password
from app.accounts.rules import AccountDraft, Actor
from app.accounts.sessions import actor_of
from app.shared.errors import Problem
from app.shared.ids import new_id
from app.web.nav import place_of
from config import Settings


def password_problems(account: Account, password: str) -> list[Problem]:
    """The reason to refuse this password for this account, if there is one.

    To be asked outside of any unit of work: it may take a quarter of a second.
    """
    words = (account.username, account.name, account.phone, place_of(actor_of(account)))
    return _problems(password, words)


def first_password_problems(draft: AccountDraft) -> list[Problem]:
    """The same for an account that is still to be made; none where it gets no password."""
    if draft.password is None:
        return []
    actor = Actor(new_id(), draft.role, draft.area_code, draft.centre_id, draft.name)
    return _problems(draft.password, (draft.username, draft.name, draft.phone, place_of(actor)))


def _problems(password: str, words: Iterable[str | None]) -> list[Problem]:
    settings: Settings = current_app.config["SETTINGS"]
    return check_password(
        password,
        words=[word for word in words if word],
        is_breached=lambda text: is_breached(settings.breached, text),
    )
