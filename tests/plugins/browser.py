"""A real Chromium for tests: the machine's, else the one `make browser` unpacked.

`page_at(360)` is a field worker's phone, `page_at(1280)` a desk.
"""

import os
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import ThreadedWSGIServer

from tools.setup.browser import find_browser
from tools.setup.node import find_node

SOON_MS = 20_000  # two busy cores may take as long for what a person calls at once
PHONE_WIDTH = 360  # the narrowest screen still sold in number; CSS pixels
_QUIET = (  # a browser that looks for nothing outside: no updates, no first run, no sync
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def pytest_configure() -> None:
    """One patience for all that a page is waited for."""
    expect.set_options(timeout=SOON_MS)


class _Server(ThreadedWSGIServer):
    """Its end is the end of all its threads: else one would go on in another test's time.

    Browsers open lines before they need them; a thread that waits on one is woken by `hang_up`.
    """

    daemon_threads = False  # those are not waited for

    def __init__(self, host: str, port: int, app: Flask) -> None:
        self._lines: set[Any] = set()
        super().__init__(host, port, app)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a line to a thread of its own."""
        self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a line whose thread is done with it."""
        self._lines.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every open line; nothing new is taken any more."""
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application, served to a real browser or client."""
    server = _Server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.hang_up()
    thread.join()  # it closes the server, which waits for the threads of all requests


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a page waited in vain, tell what the server's threads were at."""
    report = yield
    if report.failed and "address" in getattr(item, "fixturenames", ()):
        report.sections.append(("threads when it failed", _threads()))
    return report


def _threads() -> str:
    """The last calls of every thread but this one, which the report shows as it is."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    others = sys._current_frames().items()
    return "\n".join(
        f"{names.get(ident)}\n{''.join(traceback.format_stack(frame)[-12:])}"
        for ident, frame in others
        if ident != threading.get_ident()
    )


@pytest.fixture(scope="session")
def chromium() -> dict[str, Any]:
    """The options to launch Chromium with on this machine."""
    found = find_browser()
    if found is None:
        pytest.fail("no Chromium here: run `make browser`")
    args = [*_QUIET, "--no-sandbox"] if os.getuid() == 0 else [*_QUIET]
    return {
        "executable_path": str(found.executable),
        "args": args,
        "env": {**os.environ, **found.env},
    }


@pytest.fixture(autouse=True)
def _whole_browser(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("whole_browser"):
        found = find_browser()
        if found and not found.is_whole:
            pytest.skip("npm's Chromium has no camera, notifications or history: install chromium")


@pytest.fixture(scope="session")
def browser(chromium: dict[str, Any]) -> Iterator[Browser]:
    """One Chromium for the whole test process; every test gets contexts of its own."""
    _give_playwright_a_node()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(**chromium)
        yield running
        running.close()


@pytest.fixture
def page_at(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function: `page_at(width, **context_options)` opens an empty page as a new visitor."""
    contexts: list[BrowserContext] = []

    def open_page(width: int, **options: Any) -> Page:
        shape = _phone(width) if width <= PHONE_WIDTH * 2 else _desk(width)
        place = {"locale": "th-TH", "timezone_id": "Asia/Bangkok"}
        contexts.append(browser.new_context(**(shape | place | options)))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


def _phone(width: int) -> dict[str, Any]:
    return {
        "viewport": {"width": width, "height": 740},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    }


def _desk(width: int) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": 800}}


def _give_playwright_a_node() -> None:
    """Playwright's own Node needs libatomic, which a bare machine lacks; then use ours."""
    own = Path(compute_driver_executable()[0])
    works = subprocess.run([own, "--version"], capture_output=True, check=False).returncode == 0
    if not works and (node := find_node()):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = node.node
