"""Managing accounts: who may manage whom, and what is changed, closed, opened again.

An administrator manages the accounts of their area, an officer the volunteers of their district.
Nobody manages somebody above them, and nobody changes what they themselves may do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Account, Invitation
from app.accounts.phones import sign_phones_out
from app.accounts.rules import AccountDraft, Actor, Role, check_place, sign_in_phone
from app.accounts.service import AccountExists
from app.accounts.sessions import end_all
from app.audit.service import record
from app.shared.errors import DomainError, NotFound, Problem

_BELOW: Mapping[Role, frozenset[Role]] = {
    "admin": frozenset({"volunteer", "officer", "reviewer", "admin"}),
    "officer": frozenset({"volunteer"}),
    "reviewer": frozenset(),
    "volunteer": frozenset(),
}


class OwnAccount(DomainError):
    """Nobody closes their own account or changes their own role."""

    code = "own_account"


class LastAdministrator(DomainError):
    """Without this one nobody could administer any more."""

    code = "last_administrator"


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What an account is to be from now on."""

    name: str
    phone: str | None
    role: Role
    area_code: str
    centre_id: UUID | None


def managed_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that keeps a query on `Account` to those whom the actor manages."""
    roles = _BELOW[actor.role]
    if not roles:
        return false()
    within = Account.area_code.startswith(actor.area_code, autoescape=True)
    return and_(Account.role.in_(roles), within)


def managed(
    session: Session, actor: Actor, account_id: UUID, *, lock: bool = False
) -> Account | None:
    """The account, if the actor manages it."""
    found = select(Account).where(Account.id == account_id, managed_by(actor))
    found = found.execution_options(populate_existing=True)
    return session.scalars(found.with_for_update() if lock else found).one_or_none()


def may_give(actor: Actor, role: Role, area_code: str) -> bool:
    """Whether the actor may make an account of this role and area: never more than their own."""
    return role in _BELOW[actor.role] and actor.sees_area(area_code)


def check_change(change: AccountChange) -> list[Problem]:
    """Every reason to refuse the change, in form order."""
    draft = AccountDraft(
        "someone", change.name, change.role, change.area_code, None, change.phone, change.centre_id
    )
    return check_place(draft)


def change_account(
    session: Session, account_id: UUID, change: AccountChange, *, actor: Actor, now: datetime
) -> Account:
    """Make the account what `check_change` found acceptable.  Flushes.

    Whoever gets another role signs in anew, on phones too: it may ask for a second factor.  Another
    area counts from the next request on.

    Raises:
        NotFound: the actor does not manage it, or may not give that role and area.
        OwnAccount, LastAdministrator, AccountExists: the change is refused.
    """
    account = _managed(session, actor, account_id)
    if not may_give(actor, change.role, change.area_code):
        raise NotFound(kind="account")
    before = (account.role, account.area_code, account.centre_id)
    after = (change.role, change.area_code, change.centre_id)
    if before != after and account_id == actor.account_id:
        raise OwnAccount
    if account.role == "admin" and before != after:
        _keep_an_administrator(session, account)
    try:
        with session.begin_nested():
            account.name, account.role = change.name.strip(), change.role
            account.phone = sign_in_phone(change.phone) if change.phone else None
            account.area_code, account.centre_id = change.area_code, change.centre_id
    except IntegrityError as error:
        raise AccountExists from error
    if before[0] != change.role:
        end_all(session, account_id, now=now)
        sign_phones_out(session, account_id, now=now)  # they came in with what the old role needed
    moved = {"role": change.role, "area_code": change.area_code} if before != after else {}
    _note(session, "account.changed", account_id, actor, now, moved)
    return account


def close_account(session: Session, account_id: UUID, *, actor: Actor, now: datetime) -> Account:
    """Close an account: sessions and unused links end.  Doing it twice is harmless.

    Raises:
        NotFound: the actor does not manage it.
        OwnAccount, LastAdministrator: it stays open.
    """
    account = _managed(session, actor, account_id)
    if account_id == actor.account_id:
        raise OwnAccount
    if account.disabled_at is None:
        if account.role == "admin":
            _keep_an_administrator(session, account)
        account.disabled_at = now
        end_all(session, account_id, now=now)
        session.execute(
            update(Invitation)
            .where(
                Invitation.account_id == account_id,
                Invitation.used_at.is_(None),
                Invitation.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=now)
        )
        _note(session, "account.disabled", account_id, actor, now)
    return account


def reopen_account(session: Session, account_id: UUID, *, actor: Actor, now: datetime) -> Account:
    """Open a closed account again, with the ways in it had.  Twice is harmless.

    Raises:
        NotFound: the actor does not manage it.
    """
    account = _managed(session, actor, account_id)
    if account.disabled_at is not None:
        account.disabled_at = None
        _note(session, "account.reopened", account_id, actor, now)
    return account


def end_sessions_of(session: Session, account_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Sign the account out everywhere; returns of how many browsers.  Raises NotFound."""
    account = _managed(session, actor, account_id)
    count = end_all(session, account.id, now=now)
    _note(session, "account.sessions_ended", account_id, actor, now, {"count": count})
    return count


def _managed(session: Session, actor: Actor, account_id: UUID) -> Account:
    if actor.role == "admin":
        _lock_administrators(session)
    account = managed(session, actor, account_id, lock=True)
    if account is None:
        raise NotFound(kind="account")
    return account


def _lock_administrators(session: Session) -> None:
    """Hold every open administrator, in one order and before any other row.

    So two who close each other at the same moment wait for one another, and none is the last.
    """
    session.scalars(
        select(Account.id)
        .where(Account.role == "admin", Account.disabled_at.is_(None))
        .order_by(Account.id)
        .with_for_update()
    ).all()


def _keep_an_administrator(session: Session, account: Account) -> None:
    """Raise LastAdministrator where no other is left who sees as far."""
    other = session.scalar(
        select(Account.id)
        .where(
            Account.role == "admin",
            Account.disabled_at.is_(None),
            Account.id != account.id,
            func.length(Account.area_code) <= len(account.area_code),
        )
        .limit(1)
    )
    if other is None:
        raise LastAdministrator


def _note(
    session: Session,
    action: str,
    account_id: UUID,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    record(
        session, actor_id=actor.account_id, action=action, kind="account", object_id=account_id,
        now=now, facts=facts,
    )  # fmt: skip
