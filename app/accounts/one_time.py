"""One-time codes of an authenticator app (RFC 6238): six digits, new every thirty seconds.

A secret that is being set up lies sealed in the form that shows it, and becomes a row when a code
has shown that the app has it: nothing half made is ever stored.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import Account, OneTimeSecret
from app.audit.service import record
from app.shared.base64url import from_base64url, to_base64url
from app.shared.errors import DomainError
from app.shared.sealing import seal, unseal
from app.shared.thai import ascii_digits

ISSUER = "Lakthan"
SET_UP_LIFE = timedelta(hours=1)  # long enough to find and install an app
_KEPT = b"lakthan-one-time-1"
_OFFERED = b"lakthan-one-time-offer-1"
_DRIFT_STEPS = (0, -1, 1)  # a phone's clock may be half a minute off
_BETWEEN = re.compile(r"[\s\-]")
_CODE = re.compile(r"[0-9]{6}")


class WrongCode(DomainError):
    """No code of now, used already, or no factor at all: one answer for all."""

    code = "wrong_code"


class OfferOver(DomainError):
    """The secret that was shown is too old, or not this account's: there is a new one."""

    code = "offer_over"


def new_secret() -> str:
    """A new secret, 160 bits in base32, as apps take it."""
    return pyotp.random_base32()


def offer(seed: str, account_id: UUID, secret: str, *, now: datetime) -> str:
    """The secret, sealed for the form that shows it."""
    plain = f"{int(now.timestamp())}:{secret}".encode()
    return to_base64url(seal(seed, _OFFERED, account_id.bytes, plain))


def offered(seed: str, account_id: UUID, text: str, *, now: datetime) -> str:
    """The secret that a form brought back.

    Raises:
        OfferOver: it is too old, or not this account's.
    """
    sealed = from_base64url(text)
    plain = unseal(seed, _OFFERED, account_id.bytes, sealed) if sealed else None
    made, _, secret = (plain or b"").decode().partition(":")
    if not made or now.timestamp() - int(made) > SET_UP_LIFE.total_seconds():
        raise OfferOver
    return secret


def address(secret: str, username: str) -> str:
    """What the QR code says: opens an authenticator app that names us and the account."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def confirm(
    session: Session, account_id: UUID, secret: str, typed: str, *, seed: str, now: datetime
) -> None:
    """Keep a secret whose code was typed; one set up before is replaced by it.

    Raises:
        WrongCode: the app does not have it.
    """
    step = _step_of(secret, typed, now)
    if step is None:
        raise WrongCode
    session.get_one(Account, account_id, with_for_update=True)  # of two at once the later counts
    session.merge(
        OneTimeSecret(
            account_id=account_id, sealed=seal(seed, _KEPT, account_id.bytes, secret.encode()),
            made_at=now, confirmed_at=now, last_step=step,
        )
    )  # fmt: skip
    _note(session, "account.one_time_added", account_id, now)


def check(session: Session, account_id: UUID, typed: str, *, seed: str, now: datetime) -> None:
    """Use a code up.  A code counts once: of two that bring it at once one is let in.

    Raises:
        WrongCode: for every reason alike.
    """
    entry = session.get(OneTimeSecret, account_id, populate_existing=True)
    plain = unseal(seed, _KEPT, account_id.bytes, entry.sealed) if entry else None
    step = _step_of(plain.decode(), typed, now) if plain else None
    if step is None:
        raise WrongCode
    moved = session.execute(
        update(OneTimeSecret)
        .where(OneTimeSecret.account_id == account_id, OneTimeSecret.last_step < step)
        .values(last_step=step)
        .returning(OneTimeSecret.last_step)
        .execution_options(synchronize_session=False)
    ).first()
    if moved is None:
        raise WrongCode


def remove(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Take the authenticator app away from the account.  Twice is harmless."""
    gone = session.scalars(
        delete(OneTimeSecret)
        .where(OneTimeSecret.account_id == account_id)
        .returning(OneTimeSecret.account_id)
    ).all()
    if gone:
        _note(session, "account.one_time_removed", account_id, now)


def is_code(text: str) -> bool:
    """Whether what was typed has the shape of a one-time code."""
    return bool(_CODE.fullmatch(_plain(text)))


def added_at(session: Session, account_id: UUID) -> datetime | None:
    """Since when the account has an authenticator app."""
    return session.scalar(
        select(OneTimeSecret.confirmed_at).where(OneTimeSecret.account_id == account_id)
    )


def _step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The thirty seconds whose code was typed, if they are about now."""
    code, app = _plain(typed).encode("utf-8", "replace"), pyotp.TOTP(secret)
    found = None
    for drift in _DRIFT_STEPS:  # all of them, whichever fits: time tells nothing
        step = app.timecode(now) + drift
        if hmac.compare_digest(app.generate_otp(step).encode(), code):
            found = step
    return found


def _plain(text: str) -> str:
    return _BETWEEN.sub("", ascii_digits(text))


def _note(session: Session, action: str, account_id: UUID, now: datetime) -> None:
    record(
        session, actor_id=account_id, action=action, kind="account", object_id=account_id, now=now
    )
