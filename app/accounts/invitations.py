"""Invitations: a single-use link with which somebody makes their own way into an account.

Nobody chooses a password for anybody else, so nobody knows two people's.  The link's code is
kept nowhere; only its SHA-256 is, which 140 random bits need no salt for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.accounts import passkeys
from app.accounts.managing import managed
from app.accounts.models import Account, Invitation, OneTimeSecret, Passkey, RecoveryCode
from app.accounts.rules import Actor
from app.accounts.service import may_sign_in
from app.accounts.sessions import actor_of, end_all
from app.audit.service import record
from app.shared import codes
from app.shared.errors import DomainError, NotFound

LIFE = timedelta(days=7)
LENGTH = 28  # characters of 5 bits: 140, more than the 128 that ASVS 5.0 (7.2.3) asks for
LONGEST_TYPED = 200  # a whole link may be pasted
PATH = "/invitation"


class InvitationInvalid(DomainError):
    """Unknown, used, withdrawn, expired, for a closed account: one answer for all."""

    code = "invitation_invalid"


def invite(
    session: Session, account_id: UUID, *, actor: Actor | None, now: datetime
) -> tuple[str, Invitation]:
    """Make the link's code for an account that the actor manages; links before it are withdrawn.

    Whoever has a way in already gets one that resets: using it takes the old ways away, making
    it takes nothing.  `actor` None is the command line.

    Raises:
        NotFound: no such open account, or the actor does not manage it, or it is their own.
    """
    account = _account(session, account_id, actor)
    code = codes.new_code(LENGTH)
    _withdraw(session, Invitation.account_id == account_id, now)
    entry = Invitation(
        token_sha256=digest_of(code),
        account_id=account_id,
        resets=has_way_in(session, account),
        made_by=actor.account_id if actor else None,
        made_at=now,
        expires_at=now + LIFE,
    )
    session.add(entry)
    session.flush()
    record(
        session, actor_id=entry.made_by, action="account.invited", kind="account",
        object_id=account_id, now=now, facts={"resets": entry.resets},
    )  # fmt: skip
    return code, entry


def link_to(site: str, code: str) -> str:
    """The link for a code.  `site` comes from the settings: no request's host can poison it.

    The code stands behind #: it is never sent to the server by itself, so it stands in no log, and
    what LINE opens to draw a preview names nobody.  The parameter leads out of LINE's own browser.
    """
    return f"{site}{PATH}?openExternalBrowser=1#{codes.show_code(code)}"


def normal_code(text: str) -> str | None:
    """The code in what was typed or pasted - a whole link too - or None."""
    if len(text) > LONGEST_TYPED:
        return None
    return codes.normal_code(text.rpartition("#")[2], LENGTH)


def digest_of(code: str) -> str:
    """What the table keeps of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def read(session: Session, text: str, *, now: datetime, allow_demo: bool) -> Account:
    """Whose way in the code makes.  Reads only: it stays as good as it was.

    Raises:
        InvitationInvalid: for every reason alike.
    """
    code = normal_code(text)
    entry = session.get(Invitation, digest_of(code or ""), populate_existing=True)
    if entry is None or entry.used_at or entry.withdrawn_at or entry.expires_at <= now:
        raise InvitationInvalid
    return _invited(session, entry, allow_demo)


def resets(session: Session, text: str) -> bool:
    """Whether using the code takes older ways in away.  For one that `read` found good."""
    entry = session.get(Invitation, digest_of(normal_code(text) or ""))
    return entry is not None and entry.resets


def spend(session: Session, text: str, *, now: datetime, allow_demo: bool) -> Account:
    """Use the code up; of two browsers at the same moment one gets it.  Flushes.

    One that resets takes the old password, factors, passkeys and sessions away here.  Whoever
    fails afterwards rolls back, and the code stays good.

    Raises:
        InvitationInvalid: for every reason alike.
    """
    digest = digest_of(normal_code(text) or "")
    spent = session.execute(
        update(Invitation)
        .where(Invitation.token_sha256 == digest, Invitation.expires_at > now, *_unused())
        .values(used_at=now)
        .returning(Invitation.account_id)
        .execution_options(synchronize_session=False)
    ).first()
    if spent is None:
        raise InvitationInvalid
    entry = session.get_one(Invitation, digest, populate_existing=True)
    account = _invited(session, entry, allow_demo)
    if entry.resets:
        take_ways_away(session, account, now=now)
    record(
        session, actor_id=account.id, action="account.invitation_used", kind="account",
        object_id=account.id, now=now, facts={"resets": entry.resets},
    )  # fmt: skip
    session.flush()
    return account


def withdraw(session: Session, account_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Make the account's unused links worthless; returns how many there were.

    Raises:
        NotFound: no such account, or the actor does not manage it.
    """
    if managed(session, actor, account_id) is None:
        raise NotFound(kind="account")
    count = _withdraw(session, Invitation.account_id == account_id, now)
    if count:
        record(
            session, actor_id=actor.account_id, action="account.invitation_withdrawn",
            kind="account", object_id=account_id, now=now,
        )  # fmt: skip
    return count


def withdraw_all(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Make the account's unused links worthless: it is being closed."""
    _withdraw(session, Invitation.account_id == account_id, now)


def open_of(session: Session, account_id: UUID, *, now: datetime) -> Invitation | None:
    """The account's unused link, if there is one."""
    return session.scalars(
        select(Invitation)
        .where(Invitation.account_id == account_id, Invitation.expires_at > now, *_unused())
        .limit(1)
    ).one_or_none()


def open_for(session: Session, account_ids: Sequence[UUID], *, now: datetime) -> set[UUID]:
    """Which of these accounts have an unused link."""
    return set(
        session.scalars(
            select(Invitation.account_id).where(
                Invitation.account_id.in_(account_ids), Invitation.expires_at > now, *_unused()
            )
        )
    )


def has_way_in(session: Session, account: Account) -> bool:
    """Whether somebody has made this account theirs already: by a password or a passkey."""
    if account.password_hash is not None:
        return True
    return bool(session.scalar(select(Passkey.id).where(Passkey.account_id == account.id).limit(1)))


def take_ways_away(session: Session, account: Account, *, now: datetime) -> None:
    """Take away password, factors and passkeys, and end every session of the account."""
    account.password_hash, account.password_set_at = None, None
    passkeys.remove_all(session, account.id)
    for table in (OneTimeSecret, RecoveryCode):
        session.execute(delete(table).where(table.account_id == account.id))
    end_all(session, account.id, now=now)


def _account(session: Session, account_id: UUID, actor: Actor | None) -> Account:
    if actor is None:
        account = session.get(Account, account_id)
    else:
        account = managed(session, actor, account_id)
        if account is not None and account.id == actor.account_id:
            account = None  # one's own password is changed on one's own page
    if account is None or account.disabled_at:
        raise NotFound(kind="account")
    return account


def _invited(session: Session, entry: Invitation, allow_demo: bool) -> Account:
    account = session.get_one(Account, entry.account_id, populate_existing=True)
    taken = not entry.resets and has_way_in(session, account)
    if taken or not may_sign_in(account, allow_demo=allow_demo):
        raise InvitationInvalid
    if entry.made_by is not None and not _may_still(session, entry.made_by, account):
        raise InvitationInvalid
    return account


def _may_still(session: Session, maker_id: UUID, account: Account) -> bool:
    """Whether who made the link may make it now.

    Or an officer who kept a volunteer's link could open the administrator that became of them, and
    whoever was sent away could come back as somebody else.
    """
    maker = session.get_one(Account, maker_id, populate_existing=True)
    if maker.disabled_at is not None:
        return False
    return managed(session, actor_of(maker), account.id) is not None


def _unused() -> tuple[ColumnElement[bool], ...]:
    return Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None)


def _withdraw(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    done = session.execute(
        update(Invitation)
        .where(which, *_unused())
        .values(withdrawn_at=now)
        .execution_options(synchronize_session="fetch")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
