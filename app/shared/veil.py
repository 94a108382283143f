"""Veiled digests: what a forgotten version is still recognised by, and nobody can try against.

The hex SHA-256 of an entry tells whether a guess was right, and a telephone number has 10^9
values: an hour's work for whoever holds the database.  So whoever forgets veils the digests: the
keyed digest (HMAC-SHA-256) of the digest, under a key that the database does not hold.  A phone
that still sends the old entry is recognised, for the server can veil what it sends.
"""

from __future__ import annotations

import hmac

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.shared.keys import derived_key

MARK = "~"  # no hex digit: a veiled digest is told from a plain one, and is not veiled twice
_LENGTH = 64  # of the columns; 63 hex digits of the HMAC are 252 bits
_PURPOSE = b"lakthan-veil-1"
_KEY = "lakthan_veil_key"  # in an application's extensions, and of a session: its key


class NoVeil(LookupError):
    """A session outside an application has no key to veil with."""


def init_app(app: Flask) -> None:
    """Give every session of this application the key, so that the domain need not ask for it."""
    app.extensions[_KEY] = derived_key(app.config["SETTINGS"].signing_key, _PURPOSE)
    if not event.contains(Session, "after_begin", _give_key):
        event.listen(Session, "after_begin", _give_key)


def _give_key(session: Session, _transaction: object, _connection: object) -> None:
    if has_app_context():
        session.info[_KEY] = current_app.extensions[_KEY]


def veiled(session: Session, digest: str) -> str:
    """The keyed digest that stands for a hex SHA-256; itself if it is veiled.  64 characters.

    Raises:
        NoVeil: the session has no key, or has not begun.
    """
    if digest.startswith(MARK):
        return digest
    key = session.info.get(_KEY)
    if key is None:
        raise NoVeil
    return MARK + hmac.digest(key, digest.encode(), "sha256").hex()[: _LENGTH - len(MARK)]


def either(session: Session, digest: str) -> tuple[str, ...]:
    """The spellings under which a digest may be stored: plain, or veiled."""
    if digest.startswith(MARK):
        return (digest,)
    session.connection()  # it may not have begun; then it has no key yet
    return (digest, veiled(session, digest))
