"""Accounts are made and disabled, and people are told apart by what they know.

Sessions: `sessions.py`.  Passwords as they are kept: `passwords.py`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.models import Account
from app.accounts.rules import AccountDraft, normal_username, sign_in_phone
from app.accounts.sessions import actor_of
from app.audit.service import record
from app.shared.errors import DomainError

__all__ = [
    "AccountExists", "WrongCredentials", "actor_of", "add_account", "check_credentials",
    "find_account", "may_sign_in",
]  # fmt: skip


class WrongCredentials(DomainError):
    """Unknown name, wrong password, disabled account: one answer for all."""

    code = "wrong_credentials"


class AccountExists(DomainError):
    """The username or phone belongs to another account."""

    code = "account_exists"


def add_account(
    session: Session, draft: AccountDraft, *, actor_id: UUID | None, now: datetime
) -> Account:
    """Store an account that passed `rules.check_account`; one without a password is invited.

    Flushes.

    Raises:
        AccountExists: the username or phone is taken.
    """
    account = Account(
        username=normal_username(draft.username),
        phone=sign_in_phone(draft.phone) if draft.phone else None,
        name=draft.name.strip(),
        role=draft.role,
        area_code=draft.area_code,
        centre_id=draft.centre_id,
        password_hash=passwords.hash_password(draft.password) if draft.password else None,
        password_set_at=now if draft.password else None,
        is_demo=draft.is_demo,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise AccountExists from error
    record(
        session,
        actor_id=actor_id,
        action="account.added",
        kind="account",
        object_id=account.id,
        now=now,
        facts={"role": account.role, "area_code": account.area_code},
    )
    return account


def check_credentials(session: Session, *, login: str, password: str, allow_demo: bool) -> Account:
    """The account behind a username or phone and a password.  Reads only.

    Costs one Argon2 verification whether or not the account exists, so time tells nothing.
    Whoever asks has counted the try (`trying.py`).

    Raises:
        WrongCredentials: for every reason alike.
    """
    account = find_account(session, login)
    right = passwords.verify(account.password_hash if account else None, password)
    if not account or not right or not may_sign_in(account, allow_demo=allow_demo):
        raise WrongCredentials
    return account


def may_sign_in(account: Account, *, allow_demo: bool) -> bool:
    """Whether the account is open here: not closed, and no demo account among real people."""
    return account.disabled_at is None and (allow_demo or not account.is_demo)


def find_account(session: Session, login: str) -> Account | None:
    """The account of a username or phone, as typed."""
    names = [Account.username == normal_username(login)]
    if phone := sign_in_phone(login):
        names.append(Account.phone == phone)
    return session.scalars(select(Account).where(or_(*names)).limit(1)).one_or_none()
