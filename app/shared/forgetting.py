"""Forgetting: a person who is erased from a record is erased wherever else their words lie.

A visit may import nothing of what stands above it, yet phones' unapplied versions of it lie
there.  So the higher slice registers what it has to clean when the application is made.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

Forget = Callable[[Session, UUID], None]
_REGISTERED: dict[str, dict[str, Forget]] = {}


def register_forgetting(kind: str, forget: Forget) -> None:
    """Call `forget(session, record_id)` whenever a person is erased from a record of this kind.

    Known by the function's dotted name, so making the application twice registers it once.
    """
    name = f"{forget.__module__}.{forget.__qualname__}"
    _REGISTERED.setdefault(kind, {})[name] = forget


def forget_elsewhere(session: Session, kind: str, record_id: UUID) -> None:
    """Have every slice that registered forget the record's person, in this transaction."""
    for forget in _REGISTERED.get(kind, {}).values():
        forget(session, record_id)
