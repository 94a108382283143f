"""A village: phones that write all day, send, pull and retry by receipt, each in its own thread.

Each believes nothing but receipts (`tests.sync.phone_client.Phone` checks every one).  Whatever
an answer is, what has no receipt is sent again, as an outbox does.
"""

from __future__ import annotations

import http.client
import io
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from app.accounts.service import actor_of
from app.shared.db import db
from app.shared.work import work
from tests.conftest import PASSWORD, _account, _centre
from tests.faults.stand import PATIENCE_S, Stand, comes
from tests.faults.wire import Answer, WireClient
from tests.sync.phone_client import Phone, Refused

LINE_BROKE = (OSError, http.client.HTTPException)
COME_AGAIN = frozenset({429, 503, 507})
ASK_WHERE = frozenset({409, 460})  # of a piece: the end moved, or it came in damaged
PHOTO_EDGE = 320
PIECE = 24 * 1024
SETTLED = ("created", "known")


def picture(number: int, *, edge: int = PHOTO_EDGE) -> bytes:
    """A photo unlike any other: its noise comes from its number, a comment from chance."""
    target, size = io.BytesIO(), (edge, edge * 3 // 4)
    image = Image.effect_noise((PHOTO_EDGE, PHOTO_EDGE * 3 // 4), 30 + number % 60)
    image.convert("RGB").resize(size).save(
        target, "JPEG", quality=80, progressive=edge > PHOTO_EDGE,  # slower to read
        comment=secrets.token_hex(8).encode(),
    )  # fmt: skip
    return target.getvalue()


class Line(WireClient):
    """A phone's line.  Who is told to come again must be told when."""

    def __init__(self, address: str, village: Village) -> None:
        super().__init__(address, village.timeout_s)
        self.tally = village.tally

    def open(self, path: str, **asked: Any) -> Answer:
        """Send one request."""
        answer = super().open(path, **asked)
        if answer.status_code in COME_AGAIN and "Retry-After" not in answer.headers:
            self.tally.ugly.append(f"{answer.status_code} without Retry-After: {answer.text}")
        return answer


@dataclass
class Tally:
    """What the phones of a village were told."""

    answers: Counter[str] = field(default_factory=Counter)
    ugly: list[str] = field(default_factory=list)  # answers no phone should get
    longest_s: float = 0.0  # from a request to its answer or its broken line
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float = 0.0) -> None:
        """One more of that kind."""
        with self.lock:
            self.answers[kind] += 1
            self.longest_s = max(self.longest_s, seconds)

    @property
    def receipts(self) -> int:
        """Records and photo pieces that are safe."""
        return self.answers["receipt"] + self.answers["piece"]


class Villager(threading.Thread):
    """One phone and its outbox."""

    def __init__(self, village: Village, number: int, address: str, centre: UUID) -> None:
        super().__init__(daemon=True, name=f"phone {number}")
        self.village, self.number, self.centre = village, number, centre
        self.chance = random.Random(f"{village.seed}-{number}")
        self.phone = Phone(Line(address, village))  # type: ignore[arg-type]
        self.items: dict[str, dict[str, Any]] = {}
        self.photos: dict[str, bytes] = {}
        self.receipted: set[str] = set()
        self.brought: set[str] = set()  # photos whose last byte was acknowledged
        self.failure: BaseException | None = None

    def move_to(self, address: str) -> None:
        """Speak to another web host from now on."""
        self.phone.client = Line(address, self.village)  # type: ignore[assignment]

    @property
    def is_done(self) -> bool:
        """Whether the outbox is empty."""
        return len(self.receipted) == len(self.items) and len(self.brought) == len(self.photos)

    def run(self) -> None:
        """Write until evening comes, then send until nothing is left."""
        try:
            while not (self.village.evening.is_set() and self.is_done):
                self._turn()
        except BaseException as error:  # noqa: BLE001 - told by `Village.home`
            self.failure = error

    def _turn(self) -> None:
        waiting = len(self.items) - len(self.receipted)
        if not self.village.evening.is_set() and waiting < self.village.most_waiting:
            self._write()
        for act in (self._send_records, self._send_photo, self._look):
            pause_s = 0.005 if self._try(act) else 0.05  # else one that is away drowns in tries
            self.village.rested.wait(self.chance.uniform(0, pause_s))

    def _write(self) -> None:
        visit = self.phone.visit(self.centre, n_male=self.chance.randint(1, 90))
        self.items[visit["id"]] = visit
        if len(self.photos) < self.village.most_photos:
            content = picture(self.number * 100 + len(self.photos), edge=self.village.edge)
            photo = self.phone.photo("visit", visit["id"], content)
            self.items[photo["id"]] = photo
            self.photos[photo["id"]] = content

    def _send_records(self) -> None:
        missing = [item for key, item in self.items.items() if key not in self.receipted]
        if not missing:
            return
        batch = self.chance.sample(missing, min(len(missing), 5))
        batch.sort(key=lambda item: item["kind"] == "photo")  # a visit before what hangs on it
        for result in self.phone.post(batch):
            if result["status"] in SETTLED:
                self.receipted.add(result["id"])
                self.village.tally.note("receipt")
            elif result["status"] != "pending":
                self.village.tally.ugly.append(f"record: {result}")

    def _send_photo(self) -> None:
        waiting = sorted(set(self.photos) - self.brought)
        if not waiting:
            return
        key = self.chance.choice(waiting)
        [attachment] = self.items[key]["attachments"]
        content = self.photos[key]
        reached = self.phone.upload(
            attachment, content, piece=max(PIECE, len(content) // 4), pieces=2
        )
        self.village.tally.note("piece")
        if reached == len(content):
            self.brought.add(key)

    def _look(self) -> None:
        if self.chance.random() < 0.2:
            self.phone.pull()

    def _try(self, act: Callable[[], None]) -> bool:
        tally, began = self.village.tally, time.monotonic()
        try:
            act()
        except Refused as refusal:
            tally.note(f"{refusal.status}", time.monotonic() - began)
            allowed = COME_AGAIN | (ASK_WHERE if act == self._send_photo else frozenset())
            if refusal.status not in allowed:
                tally.ugly.append(f"{act.__name__}: {refusal}")
            return False
        except LINE_BROKE as error:
            tally.note(type(error).__name__, time.monotonic() - began)
            return False
        tally.note("fine", time.monotonic() - began)
        return True


class Village:
    """Phones of one centre.  `with` it: they begin; `home()`: they finish what they have."""

    def __init__(
        self, stand: Stand, *, phones: int = 3, seed: int = 0, photos: int = 4,
        most_waiting: int = 6, timeout_s: float = 30, edge: int = PHOTO_EDGE,
        addresses: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.stand, self.seed, self.most_photos = stand, seed, photos
        self.most_waiting, self.timeout_s, self.edge = most_waiting, timeout_s, edge
        self.tally = Tally()
        self.evening, self.rested = threading.Event(), threading.Event()
        self.code = f"5606-{secrets.randbelow(800) + 100:03}{secrets.randbelow(10**6):06}"
        self.centre, self.officer = self._settle()
        addresses = addresses or (stand.address,)
        self.phones = [
            Villager(self, number, addresses[number % len(addresses)], self.centre)
            for number in range(phones)
        ]

    def _settle(self) -> tuple[UUID, Any]:
        """A centre with one volunteer and an officer of its own, committed."""
        self.login = f"v{self.code[5:]}"
        with self.stand.app.app_context():
            with work() as w:
                centre = _centre(w.session, self.code, "560601", 19.15, 100.27)
                _account(w.session, self.login, "volunteer", "560601", centre.id)
                officer = _account(w.session, f"o{self.code[5:]}", "officer", "5606", None)
                found = centre.id, actor_of(officer)
            db.session.remove()
        return found

    def __enter__(self) -> Village:
        for each in self.phones:
            each.phone.enrol(self.login, PASSWORD)
        for each in self.phones:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.evening.set()
        self.rested.set()

    def goes_on(self, receipts: int, patience_s: float = PATIENCE_S) -> float:
        """Wait until so many more things were receipted; returns the seconds it took."""
        began, wanted = time.monotonic(), self.tally.receipts + receipts
        came = comes(lambda: self.tally.receipts >= wanted or self.failed, patience_s)
        self.look_for_failures()
        assert came, f"no receipts any more, {self.tally}\n{self.stand.words()}"
        return time.monotonic() - began

    @property
    def failed(self) -> list[Villager]:
        """Phones that came upon what must never be."""
        return [each for each in self.phones if each.failure]

    def look_for_failures(self) -> None:
        """Fail with the first phone that did."""
        for each in self.failed:
            raise AssertionError(f"{each.name}: {each.failure!r}") from each.failure

    def home(self, patience_s: float = PATIENCE_S) -> float:
        """Evening: nothing new, all outboxes run empty; returns the seconds it took."""
        began = time.monotonic()
        self.evening.set()
        deadline_s = began + patience_s
        for each in self.phones:
            each.join(max(0.0, deadline_s - time.monotonic()))
        self.look_for_failures()
        left = [
            f"{e.name}: {len(e.items) - len(e.receipted)}" for e in self.phones if not e.is_done
        ]
        if left:
            pytest.fail(f"not sent: {left}, answers {self.tally.answers}\n{self.stand.words()}")
        return time.monotonic() - began
