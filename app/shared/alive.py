"""Is the database still at the other end?  Asked of a pooled connection before it is used.

A question costs a round trip, and one request takes a connection four times.  One that worked a
moment ago and whose socket has nothing to say since - an end, or a server's last words - is alive;
only a network that fell silent in this moment is missed, as it would be just after an answer.
"""

from __future__ import annotations

import select
import time
from collections.abc import MutableMapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

MOMENT_S = 2.0


def ask_seldom(engine: Engine) -> None:
    """Let the pool of a PostgreSQL engine ask only where it is in doubt.  Call once per engine."""
    ask, used = engine.dialect.do_ping, WeakKeyDictionary[Any, float]()

    def remember(connection: Any, _record: object) -> None:
        if connection is not None:  # None: it was thrown away
            used[connection] = time.monotonic()

    def is_alive(connection: Any) -> bool:
        return _is_surely_alive(connection, used) or ask(connection)

    event.listen(engine, "checkin", remember)
    engine.dialect.do_ping = is_alive  # type: ignore[method-assign,assignment]  # there is no event for it


def _is_surely_alive(connection: Any, used: MutableMapping[Any, float]) -> bool:
    since = used.get(connection)
    if connection.closed or since is None or time.monotonic() - since > MOMENT_S:
        return False
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    return not heard.poll(0)
