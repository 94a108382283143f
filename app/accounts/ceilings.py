"""Ceilings: how much of one kind an account may ask for within an hour (ASVS 2.4.1).

High enough that nobody at work ever meets them: they stop a program that has got hold of a session
and takes everything away, file by file or name by name, and keep one account from using up the
server.  Every table counts by its address; all else says so with `at_most`.  Numbers: tries.py.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import TypeVar

from flask import Flask, current_app, request

from app.accounts import tries
from app.accounts.access import actor_or_none
from app.accounts.tries import TooManyTries, Try
from app.shared.clock import now
from app.shared.work import work
from config import Settings

View = TypeVar("View", bound=Callable[..., object])
TABLES = (".csv", ".xlsx")


class TooMuchAsked(TooManyTries):
    """So much of a kind was asked for within the hour that it has to wait."""

    code = "too_much_asked"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.facts["minutes"] = ceil(retry_after_s / 60)


def at_most(what: str) -> Callable[[View], View]:
    """Mark a view: its requests count as `what`, a key of `tries.LIMITS`.  Looking at a page does
    not: where a view answers both GET and POST, only the POST is counted."""

    def mark(view: View) -> View:
        view.ceiling = what  # type: ignore[attr-defined]
        return view

    return mark


def ceiling_of(rule: str, methods: set[str], view: object, method: str) -> str | None:
    """What a request to this view counts as, if it counts."""
    if method == "OPTIONS":
        return None
    if rule.endswith(TABLES):
        return "export"
    if "POST" in methods and method != "POST":
        return None
    found: str | None = getattr(view, "ceiling", None)
    return found


def init_app(app: Flask) -> None:
    """Count before the view runs, after `access` has looked who asks."""
    app.before_request(_count)


def _count() -> None:
    """Raise TooMuchAsked where the account has had its share; who is not signed in has none."""
    rule = request.url_rule
    if rule is None:
        return
    view = current_app.view_functions[rule.endpoint]
    what = ceiling_of(rule.rule, rule.methods or set(), view, request.method)
    actor = actor_or_none() if what else None
    if what is None or actor is None:
        return
    settings: Settings = current_app.config["SETTINGS"]
    counted = [Try(what, str(actor.account_id))]
    try:
        with work() as w:
            tries.take(w.session, counted, seed=settings.signing_key, now=now())
    except TooManyTries as refusal:
        raise TooMuchAsked(refusal.retry_after_s) from refusal
