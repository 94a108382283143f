"""Reading accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.audit.models import AuditEntry


def accounts_in_scope(session: Session, actor: Actor) -> Sequence[Account]:
    """Accounts of the actor's area, by area code, role and username."""
    return session.scalars(
        select(Account)
        .where(Account.area_code.startswith(actor.area_code, autoescape=True))
        .order_by(Account.area_code, Account.role, Account.username)
    ).all()


def happened(
    session: Session, account_id: UUID, actions: Collection[str], *, limit: int = 15
) -> Sequence[AuditEntry]:
    """The last things of these kinds that happened to an account, the newest first."""
    return session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.kind == "account",
            AuditEntry.object_id == str(account_id),
            AuditEntry.action.in_(actions),
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
