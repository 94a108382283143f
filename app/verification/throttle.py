"""Guesses are counted: wrong codes by address and in all, files by address.

A code is 50 bits drawn by chance, so guessing is hopeless already; this keeps the noise small.
Only misses count, so nobody who holds a real stamp is turned away for somebody else's guesses
from another address, unless thousands a minute come.  Counters live in Redis for two minutes;
while Redis is away nobody is turned away.
"""

from __future__ import annotations

import ipaddress
import logging
from typing import Literal

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.shared.errors import DomainError

log = logging.getLogger(__name__)

Counted = Literal["code", "file"]
MOST_A_MINUTE: dict[Counted, int] = {"code": 30, "file": 12}  # of one address
MOST_IN_ALL = 3_000  # wrong codes a minute: 260 days for one hit among a million photos
_KEPT_S = 120
_PATIENCE_S = 0.5  # nobody waits for a counter


class TooManyTries(DomainError):
    """This address asked too often within a minute."""

    code = "too_many_requests"


class Throttle:
    """Counts by the minute.  `minute` is any number that grows by one each minute."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url,
            socket_connect_timeout=_PATIENCE_S,
            socket_timeout=_PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
        )

    def check(self, what: Counted, address: str | None, minute: int) -> None:
        """Raise TooManyTries where this address, or everybody together, had enough."""
        try:
            mine, all_of_us = self._redis.mget(self._keys(what, address, minute))
        except (RedisError, OSError) as error:
            log.warning("tries are not counted: %s", type(error).__name__)
            return
        if int(mine or 0) >= MOST_A_MINUTE[what] or int(all_of_us or 0) >= MOST_IN_ALL:
            raise TooManyTries

    def count(self, what: Counted, address: str | None, minute: int) -> None:
        """Note one more try."""
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                for key in self._keys(what, address, minute):
                    pipe.incr(key)
                    pipe.expire(key, _KEPT_S)
                pipe.execute()
        except (RedisError, OSError) as error:
            log.warning("tries are not counted: %s", type(error).__name__)

    @staticmethod
    def _keys(what: Counted, address: str | None, minute: int) -> list[str]:
        start = f"lakthan:verify:{what}:{minute}"
        return [f"{start}:{_neighbourhood(address)}", start]


def _neighbourhood(address: str | None) -> str:
    """The address itself; of IPv6 its /64, which is what one line has."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
