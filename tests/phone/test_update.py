"""A newer version comes while an outbox is full: nothing is lost, nobody is interrupted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.shared.db import db
from app.visits.models import Visit
from tests.conftest import World
from tests.phone.conftest import BUNDLE, ROOT, open_screen
from tests.plugins.fault_proxy import FaultProxy
from tests.plugins.handset import Handset
from tests.plugins.product import Product
from tools.setup.node import find_node

MANY = 30
VERSION = "document.documentElement.dataset.version"
CACHES = "caches.keys()"
WORKER = """async (what) => {
  const worker = await navigator.serviceWorker.ready;
  if (what === "waiting") await worker.update();
  return Boolean(worker[what]);
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@cache
def _filler() -> str:
    node = find_node()
    assert node is not None
    script = Path(__file__).parent / "many_visits.js"
    return subprocess.check_output(
        [node.node, "--input-type=module", "-e", BUNDLE, str(script)], cwd=ROOT, text=True
    )


def log_visits(page: Page, count: int) -> None:
    """Fill the outbox with the phone's own functions."""
    page.evaluate(f"async (count) => {{ {_filler()}; await Lakthan.logVisits(count); }}", count)


def await_worker(handset: Handset, what: str, present: bool = True) -> None:
    """Until a version is `installing` or `waiting`."""
    handset.await_that(lambda: handset.page.evaluate(WORKER, what) is present)


def stored(app: Flask) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(Visit))
        db.session.remove()
    return found or 0


def test_a_new_version_is_taken_with_a_full_outbox_and_without_a_network(
    app: Flask,
    world: World,
    start_product: Callable[..., Product],
    make_fault_proxy: Callable[[str], FaultProxy],
    make_handset: Callable[..., Handset],
) -> None:
    product = start_product("web", LAKTHAN_BUILD="one")
    line = make_fault_proxy(product.address)
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    page = handset.begin_visit("half a form")
    assert page.evaluate(VERSION).endswith("+one")
    before = page.evaluate(CACHES)

    product.kill("web")
    product.start("web", LAKTHAN_BUILD="two")
    await_worker(handset, "waiting")
    line.refuse = True
    line.cut_all()
    log_visits(page, MANY)
    offer = page.locator("[data-update]")
    expect(offer).to_be_hidden()  # a form is half filled in
    assert page.evaluate(VERSION).endswith("+one")

    open_screen(page, "/phone/outbox", "outbox")
    expect(offer).to_be_visible()
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.click("[data-update-yes]")
    expect(page.locator("html[data-version$='+two']")).to_be_attached()
    expect(page.locator(".screen--outbox:not(.screen--opening)")).to_be_visible()
    assert len(loads) == 1
    handset.await_states(waiting=MANY)
    after = page.evaluate(CACHES)
    assert len(after) == len(before) == 1 and after != before

    line.refuse = False
    handset.send_now()
    handset.await_states(received=MANY)
    assert stored(app) == MANY
    expect(handset.open("/phone/visits/new").locator("#group_name")).to_have_value("half a form")


def test_a_version_that_does_not_come_whole_changes_nothing(
    app: Flask,
    world: World,
    start_product: Callable[..., Product],
    make_fault_proxy: Callable[[str], FaultProxy],
    make_handset: Callable[..., Handset],
) -> None:
    product = start_product("web", LAKTHAN_BUILD="one")
    line = make_fault_proxy(product.address)
    handset = make_handset(line.address)
    handset.sign_in("volunteer")
    page = handset.open("/phone")
    before = page.evaluate(CACHES)
    product.kill("web")
    product.start("web", LAKTHAN_BUILD="two")
    line.bytes_per_s = 20_000  # the script comes; its list takes long enough to be cut
    page.evaluate("navigator.serviceWorker.ready.then((it) => { it.update().catch(() => {}); })")
    await_worker(handset, "installing")
    line.refuse = True
    line.cut_all()
    await_worker(handset, "installing", present=False)
    assert page.evaluate("navigator.serviceWorker.ready.then((it) => it.waiting)") is None
    assert page.evaluate(CACHES) == before
    page.reload()
    expect(page.locator(".screen--home:not(.screen--opening)")).to_be_visible()
    assert page.evaluate(VERSION).endswith("+one")
