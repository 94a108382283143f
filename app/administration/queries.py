"""Reading accounts as their managers see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.managing import managed, managed_by
from app.accounts.models import Account, SignIn
from app.accounts.rules import Actor, normal_username, sign_in_phone
from app.audit.models import AuditEntry
from app.devices.models import Device
from app.shared.errors import NotFound
from app.shared.paging import Page, page_of
from app.shared.thai import clean_text

PAGE = 50  # accounts; a screenful on a desk
HAPPENED = 30  # entries of the log on an account's page


@dataclass(frozen=True, slots=True)
class Filters:
    """What a manager looks for; empty means everything."""

    search: str = ""
    role: str = ""
    district: str = ""
    state: str = "open"  # open, closed


def account_for(session: Session, actor: Actor, account_id: UUID) -> Account:
    """The account, if the actor manages it.

    Raises:
        NotFound: it does not exist, or somebody else manages it.
    """
    account = managed(session, actor, account_id)
    if account is None:
        raise NotFound(kind="account")
    return account


def page_accounts(
    session: Session, actor: Actor, filters: Filters, *, after: str | None
) -> Page[Account]:
    """One page of accounts by name.  Raises BadCursor."""
    chosen = select(Account).where(managed_by(actor), *_chosen(filters))
    return page_of(session, chosen, [Account.name, Account.id], after=after, size=PAGE)


def count_accounts(session: Session, actor: Actor, filters: Filters) -> dict[str, int]:
    """How many of these are open, and how many closed."""
    closed = Account.disabled_at.is_not(None).label("closed")
    either = Filters(filters.search, filters.role, filters.district, "")
    rows = session.execute(
        select(closed, func.count()).where(managed_by(actor), *_chosen(either)).group_by(closed)
    )
    found = {"closed" if is_closed else "open": n for is_closed, n in rows}
    return {"open": 0, "closed": 0} | found


def devices_of(session: Session, account_id: UUID) -> Sequence[Device]:
    """The account's phones, the last heard from first."""
    return session.scalars(
        select(Device)
        .where(Device.account_id == account_id)
        .order_by(Device.last_contact_at.desc(), Device.id)
    ).all()


def last_seen(session: Session, account_id: UUID) -> datetime | None:
    """When a browser of the account was last used."""
    return session.scalar(select(func.max(SignIn.seen_at)).where(SignIn.account_id == account_id))


def happened_to(
    session: Session, account_id: UUID, actions: Collection[str]
) -> Sequence[tuple[AuditEntry, str | None]]:
    """The newest entries of the log about the account, of these actions, with who did it."""
    rows = session.execute(
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(
            AuditEntry.kind == "account",
            AuditEntry.object_id == str(account_id),
            AuditEntry.action.in_(actions),
        )
        .order_by(AuditEntry.id.desc())
        .limit(HAPPENED)
    )
    return [(entry, name) for entry, name in rows]


def _chosen(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.role:
        wanted.append(Account.role == filters.role)
    if filters.district:
        wanted.append(Account.area_code.startswith(filters.district, autoescape=True))
    if filters.state == "open":
        wanted.append(Account.disabled_at.is_(None))
    elif filters.state == "closed":
        wanted.append(Account.disabled_at.is_not(None))
    return [*wanted, *(_has(word) for word in clean_text(filters.search).split())]


def _has(word: str) -> ColumnElement[bool]:
    where = [
        Account.name.contains(word, autoescape=True),
        Account.username.contains(normal_username(word), autoescape=True),
    ]
    if phone := sign_in_phone(word):
        where.append(Account.phone == phone)
    return or_(*where)
