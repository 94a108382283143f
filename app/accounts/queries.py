"""Reading accounts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor


def accounts_in_scope(session: Session, actor: Actor) -> Sequence[Account]:
    """Accounts of the actor's area, by area code, role and username."""
    return session.scalars(
        select(Account)
        .where(Account.area_code.startswith(actor.area_code, autoescape=True))
        .order_by(Account.area_code, Account.role, Account.username)
    ).all()
