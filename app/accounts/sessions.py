"""Sessions: signed-in browsers, from the first proof to the end.

The cookie holds a secret, the table only its SHA-256.  A session that waits for its second factor
stands for nobody and lives ten minutes; when it opens, it is a new one with a new secret.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, SignIn
from app.accounts.rules import Actor
from app.accounts.stages import Proof, Stage
from app.audit.service import record
from app.shared.errors import NotFound

SEEN_STEP = timedelta(minutes=5)  # how exactly we note the last use; saves a write per page
HALF_LIFE = timedelta(minutes=10)  # to find the phone with the codes, or to set one up
FRESH = timedelta(minutes=15)  # so long a proof is good for dangerous acts


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """A sign-in that has shown a password, and has its second step before it."""

    account_id: UUID
    stage: Stage
    proof: Proof


def open_session(
    session: Session,
    account: Account,
    *,
    proof: Proof,
    now: datetime,
    agent: str | None,
    device_id: UUID | None = None,
) -> str:
    """Start a browser's session, also that of an enrolled phone; returns its secret.

    Whoever calls has seen all the proof that the account needs.
    """
    secret = _add(session, account, "open", proof=proof, now=now, agent=agent, device_id=device_id)
    record(
        session, actor_id=account.id, action="account.signed_in", kind="account",
        object_id=account.id, now=now, facts={"proof": proof, "agent": agent},
    )  # fmt: skip
    return secret


def half_open_session(
    session: Session,
    account: Account,
    stage: Stage,
    *,
    proof: Proof,
    now: datetime,
    agent: str | None,
) -> str:
    """Start a session that stands for nobody until its second step is done; returns its secret."""
    return _add(session, account, stage, proof=proof, now=now, agent=agent, device_id=None)


def half_open(session: Session, secret: str, *, now: datetime) -> HalfOpen | None:
    """What `secret` has shown so far, if it is a sign-in that waits for its second step."""
    row = _row(session, secret)
    if row is None:
        return None
    entry, account = row
    if entry.stage == "open" or entry.ended_at or account.disabled_at:
        return None
    if now - entry.started_at > HALF_LIFE:
        return None
    return HalfOpen(account.id, entry.stage, entry.proof)


def finish(session: Session, secret: str, *, proof: Proof, now: datetime) -> str:
    """Open the sign-in that waited for its second step, under a new secret.

    Of two that finish it at once one gets a session.

    Raises:
        NotFound: it does not wait, or waited too long.
    """
    waiting = half_open(session, secret, now=now)
    if waiting is None or not _end(session, SignIn.token_sha256 == digest(secret), now):
        raise NotFound
    account = session.get_one(Account, waiting.account_id)
    agent = session.scalar(select(SignIn.agent).where(SignIn.token_sha256 == digest(secret)))
    return open_session(session, account, proof=proof, now=now, agent=agent)


def bind_to_device(session: Session, secret: str, device_id: UUID) -> None:
    """Tie the session behind `secret` to a phone: revoking the phone ends it."""
    session.execute(
        update(SignIn).where(SignIn.token_sha256 == digest(secret)).values(device_id=device_id)
    )


def end_device_sign_ins(session: Session, device_id: UUID, *, now: datetime) -> None:
    """End every session tied to a phone."""
    _end(session, SignIn.device_id == device_id, now)


def sign_out(session: Session, secret: str, *, now: datetime) -> None:
    """End the session behind `secret`.  Ending it twice is harmless."""
    _end(session, SignIn.token_sha256 == digest(secret), now)


def end_all(
    session: Session, account_id: UUID, *, now: datetime, but_secret: str | None = None
) -> int:
    """End every session of an account, but for the one behind `but_secret`; returns how many."""
    mine = SignIn.account_id == account_id
    if but_secret:
        mine &= SignIn.token_sha256 != digest(but_secret)
    return _end(session, mine, now)


def end_everybodys(session: Session, *, now: datetime) -> int:
    """End every browser's session but those tied to phones; returns how many."""
    return _end(session, SignIn.device_id.is_(None), now)


def end_one(session: Session, account_id: UUID, name: str, *, now: datetime) -> None:
    """End one session of the account's own list, named as `name_of` names it.

    Raises:
        NotFound: none of that name is alive.
    """
    for entry in _alive(session, account_id):
        if name_of(entry) == name:
            _end(session, SignIn.token_sha256 == entry.token_sha256, now)
            return
    raise NotFound


def list_sessions(
    session: Session, account_id: UUID, *, now: datetime, idle: timedelta, longest: timedelta
) -> Sequence[SignIn]:
    """The account's living sessions, the last used first."""
    living = [e for e in _alive(session, account_id) if not _is_over(e, now, idle, longest)]
    return sorted(living, key=lambda entry: entry.seen_at, reverse=True)


def name_of(entry: SignIn) -> str:
    """What a page calls a session: tells it from its owner's others, and opens nothing."""
    return hashlib.sha256(f"name:{entry.token_sha256}".encode()).hexdigest()[:16]


def is_behind(entry: SignIn, secret: str | None) -> bool:
    """Whether `entry` is the session of this secret."""
    return secret is not None and entry.token_sha256 == digest(secret)


def actor_for(
    session: Session, secret: str, *, now: datetime, idle: timedelta, longest: timedelta
) -> Actor | None:
    """Who holds `secret`, if its session is open and lives.

    `idle`: unused for so long, it has ended by itself; `longest`: so old, it has ended anyway.
    Reads only; changes of the account show at once.
    """
    row = _row(session, secret)
    if row is None:
        return None
    entry, account = row
    if entry.stage != "open" or entry.ended_at or account.disabled_at:
        return None
    return None if _is_over(entry, now, idle, longest) else actor_of(account)


def is_fresh(session: Session, secret: str, *, now: datetime) -> bool:
    """Whether its holder has shown who they are only just now."""
    proved_at = session.scalar(
        select(SignIn.proved_at).where(SignIn.token_sha256 == digest(secret))
    )
    return proved_at is not None and now - proved_at < FRESH


def replace(session: Session, secret: str, *, now: datetime) -> str:
    """Put another session in the place of an open one, proved anew; returns its secret.

    Age and phone go with it.  Flushes.  For `renewal`, which moves what hangs on it.

    Raises:
        NotFound: no open session is behind `secret`.
    """
    row = _row(session, secret)
    mine = SignIn.token_sha256 == digest(secret)
    if row is None or row[0].stage != "open" or not _end(session, mine, now):
        raise NotFound
    before, account = row
    renewed = _add(
        session, account, "open", proof=before.proof, now=now, agent=before.agent,
        device_id=before.device_id,
    )  # fmt: skip
    after = session.get_one(SignIn, digest(renewed))
    after.started_at = before.started_at  # the longest life counts from the first proof
    session.flush()
    return renewed


def needs_touch(session: Session, secret: str, *, now: datetime) -> bool:
    """Whether the session's last use is noted too long ago."""
    seen_at = session.scalar(select(SignIn.seen_at).where(SignIn.token_sha256 == digest(secret)))
    return seen_at is not None and now - seen_at > SEEN_STEP


def touch(session: Session, secret: str, *, now: datetime) -> None:
    """Note that the session was used."""
    session.execute(update(SignIn).where(SignIn.token_sha256 == digest(secret)).values(seen_at=now))


def actor_of(account: Account) -> Actor:
    """The actor an account stands for."""
    return Actor(account.id, account.role, account.area_code, account.centre_id, account.name)


def _add(
    session: Session,
    account: Account,
    stage: Stage,
    *,
    proof: Proof,
    now: datetime,
    agent: str | None,
    device_id: UUID | None,
) -> str:
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_sha256=digest(secret), account_id=account.id, started_at=now, seen_at=now,
            device_id=device_id, stage=stage, proof=proof, proved_at=now, agent=agent,
        )
    )  # fmt: skip
    session.flush()
    return secret


def _row(session: Session, secret: str) -> tuple[SignIn, Account] | None:
    row = session.execute(
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token_sha256 == digest(secret))
        .execution_options(populate_existing=True)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _alive(session: Session, account_id: UUID) -> Sequence[SignIn]:
    return session.scalars(
        select(SignIn).where(
            SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.stage == "open"
        )
    ).all()


def _is_over(entry: SignIn, now: datetime, idle: timedelta, longest: timedelta) -> bool:
    return now - entry.seen_at > idle or now - entry.started_at > longest


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    ended = session.execute(
        update(SignIn)
        .where(which, SignIn.ended_at.is_(None))
        .values(ended_at=now)
        .returning(SignIn.token_sha256)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def digest(secret: str) -> str:
    """What the table holds of a secret: its SHA-256."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
