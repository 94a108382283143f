"""Passkeys (WebAuthn): made, used, renamed, removed.

User verification is always required, so a passkey is two factors at once: something one has,
and the finger, face or PIN that opens it.  The cryptography is py_webauthn's; ours is whose key
it is, that a challenge counts once, and that a counter never goes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Account, Passkey, SpentChallenge
from app.accounts.passkey_site import Site
from app.accounts.second_factor import has_one_time, needs_factor
from app.accounts.service import may_sign_in
from app.audit.service import record
from app.shared.base64url import from_base64url
from app.shared.errors import DomainError, NotFound
from app.shared.thai import clean_text

CHALLENGE_BYTES = 32
CHALLENGE_LIFE = timedelta(minutes=5)
MOST = 10  # of one account: enough for every phone and key somebody owns
LABEL_MAX = 80
Answer = Mapping[str, Any]  # a credential as a browser's script writes it (WebAuthn level 3)
_TRANSPORTS = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})


class PasskeyRefused(DomainError):
    """Unknown, forged, late, of a closed account: one answer for all."""

    code = "passkey_refused"


class CounterWentBack(PasskeyRefused):
    """The key was used somewhere else in the meantime: there are two of it."""

    def __init__(self, passkey_id: UUID, account_id: UUID) -> None:
        super().__init__()
        self.passkey_id = passkey_id
        self.account_id = account_id


class TooManyPasskeys(DomainError):
    """The account has as many as anybody may have (`max`)."""

    code = "too_many_passkeys"


class LastWayIn(DomainError):
    """Without it this person could not sign in any more, or not with two factors."""

    code = "last_way_in"


def of_account(session: Session, account_id: UUID) -> Sequence[Passkey]:
    """The account's passkeys, oldest first."""
    return session.scalars(
        select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.added_at)
    ).all()


def adding_options(
    session: Session, account: Account, site: Site, challenge: bytes, *, afresh: bool = False
) -> str:
    """What the browser needs to make a passkey for the account, as JSON text.

    `afresh`: those it has go when this one comes, so the same phone may make it again.

    Raises:
        TooManyPasskeys: it has enough.
    """
    known = [] if afresh else of_account(session, account.id)
    if len(known) >= MOST:
        raise TooManyPasskeys(max=MOST)
    from app.accounts import credentials

    ids = [passkey.credential_id for passkey in known]
    return credentials.making_options(
        account.id, account.username, account.name, site, challenge, ids
    )


def add(
    session: Session,
    account: Account,
    answer: Answer,
    *,
    site: Site,
    challenge: bytes,
    label: str,
    now: datetime,
) -> Passkey:
    """Keep the passkey that the browser made for the account.  Flushes.

    Raises:
        PasskeyRefused: it was made for another site, challenge or kind of key, or is known.
        TooManyPasskeys: it has enough.
    """
    if len(of_account(session, account.id)) >= MOST:
        raise TooManyPasskeys(max=MOST)
    from app.accounts import credentials

    try:
        made = credentials.read_made(answer, site, challenge)
    except credentials.NotProven as error:
        raise PasskeyRefused from error
    spend_challenge(session, challenge, now=now)
    passkey = Passkey(
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.count,
        transports=_transports(answer),
        label=clean_text(label)[:LABEL_MAX],
        added_at=now,
    )
    try:
        with session.begin_nested():
            session.add(passkey)
    except IntegrityError as error:  # a credential belongs to one account for good
        raise PasskeyRefused from error
    _note(session, "account.passkey_added", passkey, account.id, now)
    return passkey


def asking_options(site: Site, challenge: bytes) -> str:
    """What the browser needs to offer whatever passkeys it has here, as JSON text.

    The same for everybody: which account it is, only the key itself tells.
    """
    from app.accounts import credentials

    return credentials.asking_options(site, challenge)


def prove(
    session: Session,
    answer: Answer,
    *,
    site: Site,
    challenge: bytes,
    now: datetime,
    allow_demo: bool,
) -> Account:
    """Whose passkey answered the challenge.  The challenge is spent.  Flushes.

    Raises:
        PasskeyRefused: for every reason alike.
        CounterWentBack: looks the same; the edge notes it (`note_counter`) in work of its own.
    """
    passkey = _by_credential(session, answer)
    account = session.get(Account, passkey.account_id, with_for_update=True, populate_existing=True)
    if account is None or not may_sign_in(account, allow_demo=allow_demo):
        raise PasskeyRefused
    count = _verified_count(passkey, answer, site, challenge)
    spend_challenge(session, challenge, now=now)
    # The database decides: of two answers with the same count, one is first.  Keys that are
    # kept in a cloud count nothing and stay at zero.
    forward = Passkey.sign_count < count if count else Passkey.sign_count == 0
    used = session.execute(
        update(Passkey)
        .where(Passkey.id == passkey.id, forward)
        .values(sign_count=count, used_at=now)
        .execution_options(synchronize_session=False)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise CounterWentBack(passkey.id, account.id)
    session.expire(passkey)
    return account


def note_counter(session: Session, refusal: CounterWentBack, *, now: datetime) -> None:
    """Keep in the log that a passkey's counter went back: there may be a copy of it."""
    record(
        session, actor_id=refusal.account_id, action="account.passkey_counter_back", kind="account",
        object_id=refusal.account_id, now=now, facts={"passkey": str(refusal.passkey_id)},
    )  # fmt: skip


def rename(session: Session, passkey_id: UUID, account_id: UUID, label: str) -> Passkey:
    """Call one's own passkey something else.  Raises NotFound."""
    passkey = _own(session, passkey_id, account_id)
    passkey.label = clean_text(label)[:LABEL_MAX] or passkey.label
    return passkey


def remove(session: Session, passkey_id: UUID, account: Account, *, now: datetime) -> Passkey:
    """Take one's own passkey away.  What the phone still holds of it opens nothing here.

    Raises:
        NotFound: no such passkey of this account.
        LastWayIn: it is all that this person has, or all that makes two factors.
    """
    session.get(Account, account.id, with_for_update=True)  # two removals, one after the other
    passkey = _own(session, passkey_id, account.id)
    others = [one for one in of_account(session, account.id) if one.id != passkey_id]
    alone = account.password_hash is None or (
        needs_factor(account) and not has_one_time(session, account.id)
    )
    if alone and not others:
        raise LastWayIn
    session.delete(passkey)
    _note(session, "account.passkey_removed", passkey, account.id, now)
    session.flush()
    return passkey


def remove_all(session: Session, account_id: UUID) -> None:
    """Take away every passkey of an account."""
    session.execute(delete(Passkey).where(Passkey.account_id == account_id))


def spend_challenge(session: Session, challenge: bytes, *, now: datetime) -> None:
    """Use a challenge up: the cookie that carried it may be copied, its answer counts once.

    Raises:
        PasskeyRefused: it was answered before.
    """
    session.execute(
        delete(SpentChallenge).where(SpentChallenge.spent_at < now - 2 * CHALLENGE_LIFE)
    )
    try:
        with session.begin_nested():
            digest = hashlib.sha256(challenge).hexdigest()
            session.add(SpentChallenge(challenge_sha256=digest, spent_at=now))
    except IntegrityError as error:
        raise PasskeyRefused from error


def _verified_count(passkey: Passkey, answer: Answer, site: Site, challenge: bytes) -> int:
    """The key's own counter, once its signature is verified."""
    from app.accounts import credentials

    try:
        return credentials.proven_count(answer, passkey.public_key, site, challenge)
    except credentials.NotProven as error:
        raise PasskeyRefused from error


def _by_credential(session: Session, answer: Answer) -> Passkey:
    told = answer.get("rawId")
    credential_id = from_base64url(told) if isinstance(told, str) else None
    response = answer.get("response")
    handle = response.get("userHandle") if isinstance(response, dict) else None
    passkey = session.scalars(
        select(Passkey).where(Passkey.credential_id == (credential_id or b""))
    ).one_or_none()
    if passkey is None or not isinstance(handle, str):
        raise PasskeyRefused
    if from_base64url(handle) != passkey.account_id.bytes:
        raise PasskeyRefused
    return passkey


def _own(session: Session, passkey_id: UUID, account_id: UUID) -> Passkey:
    passkey = session.get(Passkey, passkey_id)
    if passkey is None or passkey.account_id != account_id:
        raise NotFound(kind="passkey")
    return passkey


def _transports(answer: Answer) -> str:
    response = answer.get("response")
    told = response.get("transports") if isinstance(response, dict) else None
    known = {one for one in told if isinstance(one, str)} if isinstance(told, list) else set()
    return ",".join(sorted(known & _TRANSPORTS))


def _note(session: Session, action: str, passkey: Passkey, account_id: UUID, now: datetime) -> None:
    record(
        session, actor_id=account_id, action=action, kind="account", object_id=account_id,
        now=now, facts={"passkey": str(passkey.id)},
    )  # fmt: skip
