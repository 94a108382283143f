"""A session goes on under a new secret: whoever copied the one before has nothing.

What slices above tied to the session before moves with it; they register how.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import sessions

Move = Callable[[Session, str, str], None]
_REGISTERED: dict[str, Move] = {}


def register_renewal(move: Move) -> None:
    """Call `move(session, before, after)` with both digests when a session gets a new secret.

    Known by the function's dotted name, so making the application twice registers it once.
    """
    _REGISTERED[f"{move.__module__}.{move.__qualname__}"] = move


def renew(session: Session, secret: str, *, now: datetime) -> str:
    """Note that its holder has shown again who they are; returns the secret from now on.

    Flushes.  Of two who renew it at once one gets on.

    Raises:
        NotFound: no open session is behind `secret`.
    """
    renewed = sessions.replace(session, secret, now=now)
    for move in _REGISTERED.values():
        move(session, sessions.digest(secret), sessions.digest(renewed))
    return renewed
