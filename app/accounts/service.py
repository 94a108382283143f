"""Accounts are made and disabled; people sign in and out."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Account, SignIn
from app.accounts.rules import AccountDraft, Actor, normal_username, sign_in_phone
from app.audit.service import record
from app.shared.errors import DomainError, NotFound

SEEN_STEP = timedelta(minutes=5)  # how exactly we note the last use; saves a write per page
_hasher = PasswordHasher()  # argon2id, RFC 9106 low-memory profile


class WrongCredentials(DomainError):
    """Unknown name, wrong password, disabled account: one answer for all."""

    code = "wrong_credentials"


class AccountExists(DomainError):
    """The username or phone belongs to another account."""

    code = "account_exists"


def add_account(
    session: Session, draft: AccountDraft, *, actor_id: UUID | None, now: datetime
) -> Account:
    """Store an account that passed `rules.check_account`.  Flushes.

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
        password_hash=_hasher.hash(draft.password),
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


def sign_in(
    session: Session, *, login: str, password: str, now: datetime, allow_demo: bool
) -> tuple[str, Account]:
    """Check a username or phone and a password; returns the new session's secret and the account.

    Raises:
        WrongCredentials: for every reason alike.
    """
    account = check_credentials(session, login=login, password=password, allow_demo=allow_demo)
    return start_sign_in(session, account, now=now), account


def check_credentials(session: Session, *, login: str, password: str, allow_demo: bool) -> Account:
    """The account behind a username or phone and a password.  Reads only.

    Costs one Argon2 verification whether or not the account exists, so time tells nothing.

    Raises:
        WrongCredentials: for every reason alike.
    """
    account = _find(session, login)
    stored = account.password_hash if account else None
    right = _verify(stored or _dummy_hash(), password)
    if not account or not right or not may_sign_in(account, allow_demo=allow_demo):
        raise WrongCredentials
    return account


def may_sign_in(account: Account, *, allow_demo: bool) -> bool:
    """Whether the account is open here: not closed, and no demo account among real people."""
    return account.disabled_at is None and (allow_demo or not account.is_demo)


def start_sign_in(
    session: Session, account: Account, *, now: datetime, device_id: UUID | None = None
) -> str:
    """Start a browser's session, also that of an enrolled phone; returns its secret."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_sha256=_sha256(secret),
            account_id=account.id,
            started_at=now,
            seen_at=now,
            device_id=device_id,
        )
    )
    record(
        session, actor_id=account.id, action="account.signed_in", kind="account",
        object_id=account.id, now=now,
    )  # fmt: skip
    return secret


def bind_to_device(session: Session, secret: str, device_id: UUID) -> None:
    """Tie the session behind `secret` to a phone: revoking the phone ends it."""
    session.execute(
        update(SignIn).where(SignIn.token_sha256 == _sha256(secret)).values(device_id=device_id)
    )


def end_device_sign_ins(session: Session, device_id: UUID, *, now: datetime) -> None:
    """End every session tied to a phone."""
    session.execute(
        update(SignIn)
        .where(SignIn.device_id == device_id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def sign_out(session: Session, secret: str, *, now: datetime) -> None:
    """End the session behind `secret`.  Ending it twice is harmless."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_sha256 == _sha256(secret), SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def actor_for(
    session: Session, secret: str, *, now: datetime, idle: timedelta, longest: timedelta
) -> Actor | None:
    """Who holds `secret`, if its session still lives.  Reads only; role changes show at once."""
    row = session.execute(
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token_sha256 == _sha256(secret))
    ).one_or_none()
    if row is None:
        return None
    entry, account = row
    if entry.ended_at or account.disabled_at:
        return None
    if now - entry.seen_at > idle or now - entry.started_at > longest:
        return None
    return actor_of(account)


def needs_touch(session: Session, secret: str, *, now: datetime) -> bool:
    """Whether the session's last use is noted too long ago."""
    seen_at = session.scalar(select(SignIn.seen_at).where(SignIn.token_sha256 == _sha256(secret)))
    return seen_at is not None and now - seen_at > SEEN_STEP


def touch(session: Session, secret: str, *, now: datetime) -> None:
    """Note that the session was used."""
    session.execute(
        update(SignIn).where(SignIn.token_sha256 == _sha256(secret)).values(seen_at=now)
    )


def disable_account(session: Session, account_id: UUID, *, actor: Actor, now: datetime) -> Account:
    """Close an account and end its sessions.  Doing it twice is harmless.

    Raises:
        NotFound: no such account in the actor's area.
    """
    account = session.get(Account, account_id)
    if account is None or not actor.sees_area(account.area_code):
        raise NotFound
    if account.disabled_at is None:
        account.disabled_at = now
        session.execute(
            update(SignIn)
            .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
            .values(ended_at=now)
        )
        record(
            session, actor_id=actor.account_id, action="account.disabled", kind="account",
            object_id=account_id, now=now,
        )  # fmt: skip
    return account


def actor_of(account: Account) -> Actor:
    """The actor an account stands for."""
    return Actor(account.id, account.role, account.area_code, account.centre_id, account.name)


def _find(session: Session, login: str) -> Account | None:
    names = [Account.username == normal_username(login)]
    if phone := sign_in_phone(login):
        names.append(Account.phone == phone)
    return session.scalars(select(Account).where(or_(*names)).limit(1)).one_or_none()


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _dummy_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
