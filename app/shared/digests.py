"""Whose bytes are these: a file named by its digest may be shared, and is removed by the last one.

A photo and a document may be the same bytes, and neither slice imports the other.  So each says
here how to ask it; it registers when the application is made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

InUse = Callable[[Session, Collection[str]], set[str]]
_REGISTERED: dict[str, InUse] = {}


def register_digests(in_use: InUse) -> None:
    """Ask `in_use(session, digests)` before a file is removed: it answers which it still needs.

    Known by the function's dotted name, so making the application twice registers it once.
    """
    _REGISTERED[f"{in_use.__module__}.{in_use.__qualname__}"] = in_use


def digests_needed(session: Session, digests: Collection[str]) -> set[str]:
    """Those of `digests` (hex SHA-256) that any slice still needs the bytes of."""
    if not digests:
        return set()
    return {found for in_use in _REGISTERED.values() for found in in_use(session, digests)}
