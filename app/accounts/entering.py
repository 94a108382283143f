"""From a right password to a session: open, or half open until the second step."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import passwords, second_factor, sessions
from app.accounts.models import Account
from app.accounts.service import WrongCredentials
from app.accounts.stages import Stage


def begin(
    session: Session, checked: Account, *, password: str, now: datetime, agent: str | None
) -> tuple[str, Stage]:
    """Start the session of an account whose password was right; returns its secret and stage.

    The password was checked outside of this transaction, because that takes a tenth of a second.
    So the row is locked and looked at again: no session survives a change that ends all others.

    Raises:
        WrongCredentials: the password was changed, or the account closed, in between.
    """
    seen = checked.password_hash
    account = session.get_one(Account, checked.id, with_for_update=True, populate_existing=True)
    if account.password_hash != seen or account.disabled_at:
        raise WrongCredentials
    if passwords.is_outdated(account):
        passwords.renew_hash(account, password)
    stage = second_factor.next_stage(session, account)
    if stage == "open":
        return sessions.open_session(
            session, account, proof="password", now=now, agent=agent
        ), stage
    secret = sessions.half_open_session(
        session, account, stage, proof="password", now=now, agent=agent
    )
    return secret, stage
