"""People who go on asking while something is done to the installation; every answer is noted."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.sync.phone_client import Item, Phone, _instant
from tests.test_worker import until


@dataclass
class Crowd:
    """What was answered: `told` counts by status; `sent` are records with a receipt."""

    told: Counter[str] = field(default_factory=Counter)
    sent: list[Item] = field(default_factory=list)
    rounds: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def turned_away(self) -> dict[str, int]:
        """Every answer that is neither a success nor `come again in so many seconds`."""
        return {
            what: count for what, count in self.told.items()
            if not what.startswith("2") and what != "503, come again"
        }  # fmt: skip

    def ask(self, act: Callable[[], Any]) -> bool:
        """Ask for one thing; tells whether it was given."""
        try:
            answer = act()
        except (OSError, http.client.HTTPException) as error:
            self.told[f"{type(error).__name__}: {error}"] += 1
            return False
        again = ", come again" if answer.headers["Retry-After"] else ""
        self.told[f"{answer.status_code}{again}"] += 1
        return bool(200 <= answer.status_code < 300)


@contextmanager
def asking(phones: list[Phone], centre: UUID) -> Iterator[Crowd]:
    """Every phone writes a visit, pulls and looks at a page, again and again, beside the block."""
    crowd = Crowd()
    threads = [threading.Thread(target=_go_on, args=(crowd, phone, centre)) for phone in phones]
    for thread in threads:
        thread.start()
    try:
        yield crowd
    finally:
        crowd.over.set()
        for thread in threads:
            thread.join()


def after(crowd: Crowd, rounds: int) -> None:
    """Wait until the crowd went round so many times more."""
    wanted = crowd.rounds + rounds
    until(lambda: crowd.rounds >= wanted, "everybody being answered")


def _go_on(crowd: Crowd, phone: Phone, centre: UUID) -> None:
    while not crowd.over.is_set():
        visit = phone.visit(centre)
        body = {"items": [visit], "device_time": _instant(datetime.now(UTC))}
        if crowd.ask(lambda body=body: phone.send("POST", "/records", json=body)):
            crowd.sent.append(visit)
        crowd.ask(lambda: phone.send("GET", "/changes"))
        crowd.ask(lambda: phone.client.open("/readyz", method="GET", headers={}))
        crowd.rounds += 1
