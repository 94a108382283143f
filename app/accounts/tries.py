"""Tries: what was done in vain is counted, and too much of it has to wait.

Counted in the database, so that it outlives Redis and a restart, and one of fifty processes knows
what the others saw.  A key is stored as a keyed digest: the table names no account and no address.

Two kinds of limit.  With `waits_s`, every miss after the first few makes the next try wait, and
longer each time up to the last wait: nobody is locked out for good.  With a `ceiling`, so many
misses in a window are enough: high, because a whole village may share one address.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import TryCount
from app.shared.dialects import insert_into
from app.shared.errors import DomainError
from app.shared.keys import derived_key

_PURPOSE = b"lakthan-tries-1"
_DAY_S = 24 * 3600
_HOUR_S = 3600
KEPT = timedelta(days=2)  # longer than any window


class TooManyTries(DomainError):
    """Too much was tried in vain; `retry_after_s` says when it may be tried again."""

    code = "too_many_requests"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Limit:
    """How many misses are free within a window, and what comes then."""

    window_s: int
    waits_s: tuple[int, ...] = ()  # after the first miss, the second …; the last one for all more
    ceiling: int | None = None


# Four slips are human; from the fifth on a guesser gets about a hundred tries a day, of which
# none hits a password that stands on no list (SP 800-63B 5.2.2 allows a hundred in all).
PERSON = Limit(_DAY_S, waits_s=(0, 0, 0, 0, 15, 30, 60, 120, 300, 900))
LIMITS = {
    "account": PERSON,  # a name typed at a browser that never signed in to it
    "known_browser": PERSON,  # the same at one that did: nobody else can use it up
    "factor": PERSON,  # second factors, per account and kind of browser
    "proof": PERSON,  # asked again before a dangerous act
    "address": Limit(_HOUR_S, ceiling=300),  # a village, a school, an operator's shared address
    "enrolment_code": Limit(_HOUR_S, ceiling=100),  # 40 bits a day: per address, of no use to guess
    # 60 bits: a thousand addresses at that pace need four hundred years to hit one of a million
    # codes.  So there is no ceiling for all together: it would let a stranger shut everybody out.
    "receipt": Limit(_HOUR_S, ceiling=300),
    "link": Limit(_HOUR_S, ceiling=300),
    # What is done on purpose, by account: more in an hour than a person at work asks for.
    "export": Limit(_HOUR_S, ceiling=120),  # tables; the end of a quarter takes some dozen
    "packet": Limit(_HOUR_S, ceiling=120),  # a district has some fifty centres
    "download": Limit(_HOUR_S, ceiling=600),  # each going on of a broken line counts, too
    "look": Limit(_HOUR_S, ceiling=200),  # names and numbers shown one by one: a call takes longer
}


@dataclass(frozen=True, slots=True)
class Try:
    """One thing that is counted: which limit, and whose count."""

    what: str
    key: str


def check(session: Session, what: str, keys: Sequence[str], *, seed: str, now: datetime) -> None:
    """Refuse what was tried in vain too often.  Reads only; for things that need no counting ahead.

    Raises:
        TooManyTries: for one of `keys`; says the longest wait.
        KeyError: no limit called `what`.
    """
    limit = LIMITS[what]
    waits = [0]
    for key in keys:
        window = _window(limit, now)
        row = session.execute(
            select(TryCount.n, TryCount.until).where(
                TryCount.key_sha256 == _digest(seed, what, key), TryCount.window == window
            )
        ).one_or_none()
        if row:
            waits.append(_wait_s(limit, window, row.n, row.until, now))
    if max(waits):
        raise TooManyTries(max(waits))


def miss(session: Session, what: str, keys: Sequence[str], *, seed: str, now: datetime) -> None:
    """Count one thing done in vain, for each of `keys`."""
    for key in keys:
        _count(session, LIMITS[what], _digest(seed, what, key), now)


def take(session: Session, tries: Sequence[Try], *, seed: str, now: datetime) -> None:
    """Count tries before they are made, so that fifty at the same moment are fifty.

    Each row is locked before it is judged: whoever comes second sees what the first has counted.
    To be committed before the try is made; `give_back` when it was no miss.

    Raises:
        TooManyTries: for one of them; nothing may then be committed.
    """
    for each in sorted(tries, key=lambda each: (each.what, each.key)):  # one order: no deadlock
        limit, digest = LIMITS[each.what], _digest(seed, each.what, each.key)
        window = _window(limit, now)
        n, until = _locked(session, digest, window)
        if wait_s := _wait_s(limit, window, n, until, now):
            raise TooManyTries(wait_s)
        _set(session, digest, window, n + 1, _until(limit, n + 1, now))


def give_back(session: Session, tries: Sequence[Try], *, seed: str, now: datetime) -> None:
    """Take back what `take` counted: the try was right, or never came to be judged."""
    for each in sorted(tries, key=lambda each: (each.what, each.key)):
        session.execute(
            update(TryCount)
            .where(
                TryCount.key_sha256 == _digest(seed, each.what, each.key),
                TryCount.window == _window(LIMITS[each.what], now),
                TryCount.n > 0,
            )
            .values(n=TryCount.n - 1, until=None)
        )


def sweep(session: Session, *, now: datetime) -> None:
    """Forget windows that are over.  Harmless twice."""
    over = int((now - KEPT).timestamp())
    session.execute(delete(TryCount).where(TryCount.window < over))


def _count(session: Session, limit: Limit, digest: str, now: datetime) -> None:
    window = _window(limit, now)
    n, _until_then = _locked(session, digest, window)
    _set(session, digest, window, n + 1, _until(limit, n + 1, now))


def _locked(session: Session, digest: str, window: int) -> tuple[int, datetime | None]:
    """The count, made if it is not there; nobody else changes it before this transaction ends."""
    row = session.execute(
        insert_into(session, TryCount)
        .values(key_sha256=digest, window=window, n=0)
        .on_conflict_do_update(
            index_elements=[TryCount.key_sha256, TryCount.window], set_={"n": TryCount.n}
        )
        .returning(TryCount.n, TryCount.until)
    ).one()
    return row.n, row.until


def _set(session: Session, digest: str, window: int, n: int, until: datetime | None) -> None:
    session.execute(
        update(TryCount)
        .where(TryCount.key_sha256 == digest, TryCount.window == window)
        .values(n=n, until=until)
        .execution_options(synchronize_session=False)
    )


def _until(limit: Limit, n: int, now: datetime) -> datetime | None:
    if not limit.waits_s:
        return None
    wait_s = limit.waits_s[min(n, len(limit.waits_s)) - 1]
    return now + timedelta(seconds=wait_s) if wait_s else None


def _wait_s(limit: Limit, window: int, n: int, until: datetime | None, now: datetime) -> int:
    """Seconds to wait before the next try; 0: it may be made."""
    if limit.ceiling is not None and n >= limit.ceiling:
        return max(1, ceil(window + limit.window_s - now.timestamp()))
    return max(0, ceil((until - now).total_seconds())) if until else 0


def _window(limit: Limit, now: datetime) -> int:
    """The second at which the present window began."""
    return int(now.timestamp()) // limit.window_s * limit.window_s


def _digest(seed: str, what: str, key: str) -> str:
    text = f"{what}\0{key}".encode("utf-8", "replace")
    return hmac.digest(derived_key(seed, _PURPOSE), text, "sha256").hex()
