"""A handset: a Chromium of its own with storage that survives, which can be killed like a phone.

It is driven in the words of the person who holds it.  What its outbox holds is read from the
browser's database, not from the screen: a test that only looked at words would believe them.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, CDPSession, Page, expect
from playwright.sync_api import Error as BrowserError

from tests.conftest import PASSWORD
from tests.plugins.browser import SOON_MS

FIRST_LOOK_MS, LAST_LOOK_MS = 20, 500
AT_THE_CENTRE = {"latitude": 19.15, "longitude": 100.27, "accuracy": 12}
ITEMS = """async () => {
  const db = await new Promise((done, failed) => {
    const asked = indexedDB.open("lakthan");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  try {
    return await new Promise((done, failed) => {
      const asked = db.transaction("items").objectStore("items").getAll();
      asked.onsuccess = () => done(asked.result.map(
        ({ sealed, ...open }) => open));  // what lies there unencrypted
      asked.onerror = () => failed(asked.error);
    });
  } finally { db.close(); }
}"""

KEPT_PAGES = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) kept.push(`${name} ${url}`);
  }
  return kept;
}"""


def await_that(
    page: Callable[[], Page],
    holds: Callable[[], bool],
    timeout_ms: int = SOON_MS,
    told: Callable[[], object] = lambda: "",
) -> None:
    """Look until it holds.

    From here, because the page's own clock may be a test's, and because what the browser's own
    waiting evaluates again and again is refused by our content security policy.
    """
    deadline = time.monotonic() + timeout_ms / 1000
    pause_ms = FIRST_LOOK_MS
    while not _now(holds):
        if time.monotonic() > deadline:
            pytest.fail(f"it never came about: {told()}")
        page().wait_for_timeout(pause_ms)  # lets the browser's events come in
        pause_ms = min(pause_ms * 1.2, LAST_LOOK_MS)  # looking is work for the phone, too


@dataclass
class Handset:
    """One phone.  `address` is where it finds the product, possibly through a bad line."""

    chromium: BrowserType
    launch: dict[str, Any]
    folder: Path
    address: str
    options: dict[str, Any] = field(default_factory=dict)
    context: BrowserContext | None = None

    # --- the phone itself -------------------------------------------------------------------

    def switch_on(self) -> Page:
        """Start the browser on its storage; returns its page."""
        shape = {
            "viewport": {"width": 360, "height": 740}, "device_scale_factor": 2,
            "is_mobile": True, "has_touch": True, "locale": "th-TH",
            "timezone_id": "Asia/Bangkok", "geolocation": AT_THE_CENTRE,
            "permissions": ["geolocation", "camera"], "accept_downloads": True,
        }  # fmt: skip
        self.context = self.chromium.launch_persistent_context(
            self.folder, **(self.launch | shape | self.options)
        )
        self.context.set_default_timeout(SOON_MS)
        return self.page

    @property
    def page(self) -> Page:
        """The page in front."""
        assert self.context is not None
        return self.context.pages[-1] if self.context.pages else self.context.new_page()

    def switch_off(self) -> None:
        """Close the browser in order."""
        if self.context is not None:
            with suppress(BrowserError):
                self.context.close()
            self.context = None

    def cut_power(self) -> None:
        """End every process of the browser at once, as an empty battery does; from any thread."""
        for pid in self._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """Cut the power and put the phone down, to be switched on again."""
        self.cut_power()
        deadline = time.monotonic() + 10
        while self._processes() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.switch_off()
        for lock in self.folder.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def _processes(self) -> list[int]:
        """Living processes that were started on this storage."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes().decode(errors="replace")
                if str(self.folder) in words:  # a zombie has no words
                    found.append(int(entry.name))
        return found

    # --- whoever holds it -------------------------------------------------------------------

    def sign_in(self, who: str) -> None:
        """Sign in on the product's page; done when the phone can do without a network."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("[name=login]", who)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        expect(self.page.locator("html[data-phone=ready]")).to_be_attached()

    def open(self, path: str = "/phone") -> Page:
        """Open an address of the product."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def begin_visit(self, group: str, male: int = 20, female: int = 22) -> Page:
        """Fill in the visitor book's form; not saved yet."""
        page = self.open("/phone/visits/new")
        page.fill("#group_name", group)
        page.fill("#n_male", str(male))
        page.fill("#n_female", str(female))
        page.click("label[for=kind-0]")
        return page

    def log_visit(self, group: str, male: int = 20, female: int = 22) -> str:
        """Write one visit in the book; returns its id when the phone says it is saved."""
        page = self.begin_visit(group, male, female)
        page.click("form.visit-form .form-actions button[type=submit]")
        page.wait_for_url(lambda url: "/phone/visits/" in url and not url.endswith("/new"))
        return page.url.split("/phone/visits/")[1].split("?")[0]

    def add_pictures(self, kind: str, subject_id: str, *files: Path) -> None:
        """Choose pictures from the gallery for a record; done when all are saved here."""
        page = self.open(f"/phone/photos/new?kind={kind}&id={subject_id}")
        page.set_input_files("#photo-files", [str(file) for file in files])
        expect(page.locator("[data-shot]")).to_have_count(len(files))

    def sign_out(self) -> None:
        """Sign out on the phone's own page, with or without a network."""
        page = self.open("/phone/device")
        page.click("[data-sign-out]")
        page.click("[data-ask] button[value=yes]")
        expect(page.locator(".screen--enrol:not(.screen--opening)")).to_be_visible()

    # --- what it holds ----------------------------------------------------------------------

    def items(self) -> list[dict[str, Any]]:
        """The outbox's entries as they lie in the browser's database."""
        return list(self.page.evaluate(ITEMS))

    def states(self, kind: str | None = None) -> Counter[str]:
        """How many entries (of a kind) are in which state."""
        return Counter(i["state"] for i in self.items() if kind in (None, i["kind"]))

    def await_states(self, timeout_ms: int = SOON_MS, **wanted: int) -> None:
        """Wait until the outbox holds exactly these."""
        self.await_that(lambda: self.states() == wanted, timeout_ms, lambda: dict(self.states()))

    def await_received(self, number: int, timeout_ms: int = SOON_MS) -> None:
        """Wait until the outbox holds this many entries, and the office has every one."""
        self.await_states(timeout_ms, received=number)

    def await_that(
        self,
        holds: Callable[[], bool],
        timeout_ms: int = SOON_MS,
        told: Callable[[], object] = lambda: "",
    ) -> None:
        """`await_that` of the page in front."""
        await_that(lambda: self.page, holds, timeout_ms, told)

    def kept_pages(self) -> set[str]:
        """Every address in Cache Storage, with the name of its cache."""
        return set(self.page.evaluate(KEPT_PAGES))

    def devtools(self) -> CDPSession:
        """The page's own protocol, for what no person can do to it."""
        assert self.context is not None
        return self.context.new_cdp_session(self.page)

    def send_now(self) -> None:
        """Press "Send now" in the outbox."""
        self.open("/phone/outbox").click("[data-send]")


def _now(holds: Callable[[], bool]) -> bool:
    """Whether it holds; a page that is just being loaded anew says nothing yet."""
    try:
        return holds()
    except BrowserError as error:
        if "navigation" in str(error):
            return False
        raise


@pytest.fixture
def make_handset(
    browser: Browser, chromium: dict[str, Any], tmp_path: Path
) -> Iterator[Callable[..., Handset]]:
    """A function: `make_handset(address, **options)` gives a phone that is switched on."""
    made: list[Handset] = []

    def make(address: str, *, args: tuple[str, ...] = (), **options: Any) -> Handset:
        folder = tmp_path / f"handset-{len(made)}"
        launch = chromium | {"args": [*chromium["args"], *args]}
        handset = Handset(browser.browser_type, launch, folder, address, options)
        made.append(handset)
        handset.switch_on()
        return handset

    yield make
    for handset in made:
        handset.switch_off()
