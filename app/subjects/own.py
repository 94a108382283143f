"""Who is at it: the browser that has a receipt code open."""

from __future__ import annotations

from flask import current_app, request, session

from app.accounts import tries
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.subjects import receipts
from app.subjects.models import ReceiptCode
from app.subjects.receipts import ReceiptInvalid

SECRET = "receipt"  # noqa: S105  (name of the cookie's field, not a secret)
_ALL = ("everybody",)


def opened() -> ReceiptCode | None:
    """The code that this browser has open, if it still does."""
    secret = session.get(SECRET)
    entry = receipts.opened(db.session(), secret, now=now()) if isinstance(secret, str) else None
    if entry is None:
        session.pop(SECRET, None)
    return entry


def enter(text: str) -> None:
    """Open what the code gives, for a quarter of an hour.

    Raises:
        ReceiptInvalid: for every reason alike; counted.
        TooManyTries: from this address, or in all.
    """
    instant, seed, here = now(), current_app.config["SETTINGS"].signing_key, _address()
    tries.check(db.session(), "receipt", here, seed=seed, now=instant)
    tries.check(db.session(), "receipts_in_all", _ALL, seed=seed, now=instant)
    try:
        with work() as w:
            _entry, secret = receipts.open_receipt(w.session, text, seed=seed, now=instant)
    except ReceiptInvalid:
        with work() as w:
            tries.miss(w.session, "receipt", here, seed=seed, now=instant)
            tries.miss(w.session, "receipts_in_all", _ALL, seed=seed, now=instant)
        raise
    session[SECRET] = secret


def leave() -> None:
    """End it, here and on the server.  Harmless twice."""
    secret = session.pop(SECRET, None)
    if isinstance(secret, str):
        with work() as w:
            receipts.close(w.session, secret)


def _address() -> tuple[str]:
    return (request.remote_addr or "",)
