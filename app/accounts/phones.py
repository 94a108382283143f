"""Signing an account's phones out: devices stand above accounts and register how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

SignOut = Callable[..., None]
_REGISTERED: dict[str, SignOut] = {}


def register_phones(sign_out: SignOut) -> None:
    """Call `sign_out(session, account_id, now=…)` when all phones of an account are to go.

    Known by the function's dotted name, so making the application twice registers it once.
    """
    _REGISTERED[f"{sign_out.__module__}.{sign_out.__qualname__}"] = sign_out


def sign_phones_out(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Sign every phone of the account out; what they hold stays on them."""
    for sign_out in _REGISTERED.values():
        sign_out(session, account_id, now=now)
