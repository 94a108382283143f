"""Marks this slice's views with who may use them; `app.accounts.access` reads the attribute."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


def mark(access: frozenset[str] | str) -> Callable[[View], View]:
    """Mark a view as usable by these roles, or by everybody with `"public"`."""

    def put(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return put
