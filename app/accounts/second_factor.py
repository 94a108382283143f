"""Second factors: who needs one, who has one, and showing it.

Required of everyone who sees more than one centre: officers, reviewers, administrators.  Not of
demo accounts: their password stands on the page that starts the demo, and production refuses them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from app.accounts import one_time, recovery
from app.accounts.models import Account, OneTimeSecret, Passkey
from app.accounts.stages import Proof, Stage
from app.audit.service import record
from app.shared.errors import DomainError


class LastFactor(DomainError):
    """The account needs a second factor, and this is the only one it has."""

    code = "last_factor"


_NEEDED_OF = frozenset({"officer", "reviewer", "admin"})


def needs_factor(account: Account) -> bool:
    """Whether a password alone does not open the account."""
    return account.role in _NEEDED_OF and not account.is_demo


def has_factor(session: Session, account_id: UUID) -> bool:
    """Whether the account has a second factor: a confirmed one-time secret, or a passkey."""
    return has_one_time(session, account_id) or has_passkey(session, account_id)


def has_one_time(session: Session, account_id: UUID) -> bool:
    """Whether an authenticator app was set up and confirmed."""
    confirmed = select(OneTimeSecret).where(
        OneTimeSecret.account_id == account_id, OneTimeSecret.confirmed_at.is_not(None)
    )
    return bool(session.scalar(select(exists(confirmed))))


def has_passkey(session: Session, account_id: UUID) -> bool:
    """Whether the account has a passkey."""
    return bool(session.scalar(select(exists().where(Passkey.account_id == account_id))))


def next_stage(session: Session, account: Account) -> Stage:
    """What a right password leads to: in, to the second factor, or to setting one up."""
    if has_factor(session, account.id):
        return "factor"
    return "enrol" if needs_factor(account) else "open"


def show_code(session: Session, account_id: UUID, typed: str, *, seed: str, now: datetime) -> Proof:
    """Use up a code of the authenticator app, or a recovery code; returns which it was.

    Raises:
        WrongCode: it is neither.
    """
    if one_time.is_code(typed):
        one_time.check(session, account_id, typed, seed=seed, now=now)
        return "one_time"
    recovery.use_code(session, account_id, typed, seed=seed, now=now)
    return "recovery"


def note_wrong_code(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Note a wrong code after a right password: its owner should hear of that."""
    record(
        session, actor_id=None, action="account.code_wrong", kind="account", object_id=account_id,
        now=now,
    )  # fmt: skip


def remove_one_time(session: Session, account: Account, *, now: datetime) -> None:
    """Take the authenticator app away; the recovery codes go with the last factor.

    Raises:
        LastFactor: the account needs a second factor and has no other.
    """
    session.get_one(Account, account.id, with_for_update=True)  # not both factors at once
    other = has_passkey(session, account.id)
    if needs_factor(account) and not other:
        raise LastFactor
    one_time.remove(session, account.id, now=now)
    if not other:
        recovery.remove_all(session, account.id)


def remove_all(session: Session, account_id: UUID, *, actor_id: UUID, now: datetime) -> None:
    """Take away authenticator app, passkeys and recovery codes: their owner lost them.

    Ending the sessions is the caller's.  Twice is harmless.
    """
    session.execute(delete(OneTimeSecret).where(OneTimeSecret.account_id == account_id))
    session.execute(delete(Passkey).where(Passkey.account_id == account_id))
    recovery.remove_all(session, account_id)
    record(
        session, actor_id=actor_id, action="account.factors_reset", kind="account",
        object_id=account_id, now=now,
    )  # fmt: skip
