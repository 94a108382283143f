"""Browsers that take pushes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import SignIn
from app.accounts.rules import Actor
from app.accounts.sessions import digest
from app.reminders.models import PushSubscription
from app.reminders.rules import endpoint_allowed, keys_usable
from app.shared.errors import DomainError

MOST_PER_ACCOUNT = 10  # a person has two or three; the oldest make room


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of where it takes pushes (PushSubscription.toJSON)."""

    endpoint: str
    p256dh: str
    auth: str


class PushRefused(DomainError):
    """The browser's push service is on no list of this server, or its keys are none."""

    code = "push_refused"


def subscribe(
    session: Session, browser: Browser, *, actor: Actor, secret: str, services: Sequence[str],
    now: datetime,
) -> None:  # fmt: skip
    """Send the actor's reminders to this browser, for as long as this sign-in lives.  Flushes.

    Twice is harmless.  One that told somebody else before tells the actor from now on.

    Raises:
        PushRefused: it names an address that this server does not call, or unusable keys.
    """
    fine = endpoint_allowed(browser.endpoint, services) and keys_usable(
        browser.p256dh, browser.auth
    )
    if not fine:
        raise PushRefused
    forget(session, browser.endpoint)
    session.add(
        PushSubscription(
            account_id=actor.account_id,
            sign_in_sha256=digest(secret),
            endpoint=browser.endpoint,
            p256dh=browser.p256dh,
            auth=browser.auth,
            made_at=now,
        )
    )
    session.flush()
    for old in list(reversed(live(session, actor.account_id)))[MOST_PER_ACCOUNT:]:
        session.delete(old)
    session.flush()


def forget(session: Session, endpoint: str) -> None:
    """Send nothing to this browser any more.  Who knows its address is that browser."""
    session.execute(delete(PushSubscription).where(PushSubscription.endpoint == endpoint))


def move(session: Session, before: str, after: str) -> None:
    """Tell the browser of a session that goes on under another secret (both as digests)."""
    session.execute(
        update(PushSubscription)
        .where(PushSubscription.sign_in_sha256 == before)
        .values(sign_in_sha256=after)
    )


def live(session: Session, account_id: object) -> Sequence[PushSubscription]:
    """The browsers that tell an account, oldest first: not gone, and not signed out."""
    return session.scalars(
        select(PushSubscription)
        .join(SignIn, SignIn.token_sha256 == PushSubscription.sign_in_sha256)
        .where(
            PushSubscription.account_id == account_id,
            PushSubscription.gone_at.is_(None),
            SignIn.ended_at.is_(None),
        )
        .order_by(PushSubscription.made_at, PushSubscription.id)
    ).all()
