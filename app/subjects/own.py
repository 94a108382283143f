"""Who is at it: the browser that has a receipt code open."""

from __future__ import annotations

from flask import current_app, session

from app.accounts.browsers import address
from app.accounts.tries import Try
from app.accounts.trying import counted
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.subjects import receipts
from app.subjects.models import ReceiptCode
from app.subjects.receipts import ReceiptInvalid

SECRET = "receipt"  # noqa: S105  (name of the cookie's field, not a secret)


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
        TooManyTries: from this address.
    """
    seed = current_app.config["SETTINGS"].signing_key
    with counted([Try("receipt", address())], miss=ReceiptInvalid), work() as w:
        _entry, secret = receipts.open_receipt(w.session, text, seed=seed, now=now())
    session[SECRET] = secret


def leave() -> None:
    """End it, here and on the server.  Harmless twice."""
    secret = session.pop(SECRET, None)
    if isinstance(secret, str):
        with work() as w:
            receipts.close(w.session, secret)
