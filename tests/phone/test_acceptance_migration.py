"""A release with a newer database meets a full outbox: every item and every photo goes over, also
when the battery goes flat in the middle of it.

reliability.md bar 11 and P 36-37.  Today's database is the oldest there is; a copy of the program
with two more steps (schema_of_tomorrow.js) stands for the releases to come.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Timer

import pytest
from flask import Flask
from playwright.sync_api import ConsoleMessage, expect
from playwright.sync_api import Error as BrowserError
from sqlalchemy import select

from app.photos.models import Photo
from app.shared.db import db
from app.shared.files import content_key
from config import Settings
from tests.faults.field import FULL, visits
from tests.faults.portal import Answer, Portal, portal_before
from tests.phone.conftest import BUNDLE
from tests.plugins.handset import Handset
from tests.plugins.product import Product
from tools.setup.node import find_node
from tools.setup.places import NODE_MODULES, ROOT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.faults,
    pytest.mark.timeout(900 if FULL else 180),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

VISITS, PHOTOS = (300, 60) if FULL else (60, 12)
PHOTO_BYTES = 400_000 if FULL else 30_000
KILLS = 20 if FULL else 3
LONGEST_S = 2.0 if FULL else 0.3  # about what the two steps take
PARTS = ("app", "config.py", "package.json", "static/src", "templates", "tools", "worker.py")
HERE = Path(__file__).resolve().parent
DB_VERSION = """async () => {
  for (const { name, version } of await indexedDB.databases()) {
    if (name === "lakthan") return version;
  }
}"""


def _release_of_tomorrow(folder: Path) -> Path:
    """The program as it is, with a later database, built."""
    for part in PARTS:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
    (folder / "node_modules").symlink_to(NODE_MODULES)
    schema = folder / "static" / "src" / "js" / "vault" / "schema.js"
    schema.write_text(schema.read_text() + (HERE / "schema_of_tomorrow.js").read_text())
    _node(str(folder / "tools" / "build_assets.mjs"))
    return folder


def _node(*words: str) -> str:
    node = find_node()
    assert node is not None
    return subprocess.check_output([node.node, *words], cwd=ROOT, text=True)


def _fill(handset: Handset) -> list[str]:
    """Fill the phone with its own functions; the photos' digests."""
    bundle = _node("--input-type=module", "-e", BUNDLE, str(HERE / "full_phone.js"))
    wanted = {"visits": VISITS, "photos": PHOTOS, "photoBytes": PHOTO_BYTES}
    script = f"async (wanted) => {{ {bundle}; return Lakthan.fillPhone(wanted); }}"
    return sorted(handset.page.evaluate(script, wanted))


def _accept_the_new_version(handset: Handset) -> None:
    """As a person does: the phone offers it, they say yes."""
    page = handset.open("/phone/outbox")
    page.evaluate("navigator.serviceWorker.ready.then((it) => it.update())")
    expect(page.locator("[data-update]")).to_be_visible(timeout=30_000)
    page.click("[data-update-yes]")


def _take_the_new_version(handset: Handset) -> None:
    """Accept it, and wait until the page was loaded anew upon the newer database."""
    _accept_the_new_version(handset)
    page = handset.page
    handset.await_that(lambda: page.evaluate(DB_VERSION) == 3, timeout_ms=60_000)
    expect(page.locator(".screen--outbox:not(.screen--opening)")).to_be_visible(timeout=60_000)


def test_a_full_outbox_goes_over_to_a_newer_database_whole(
    app: Flask,
    settings: Settings,
    world: object,
    start_product: Callable[..., Product],
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    product = start_product("web")
    with portal_before(product.address) as portal:
        handset = make_handset(portal.address)
        handset.sign_in("volunteer")
        _close_the_api(portal)
        handset.open("/phone/outbox")
        digests = _fill(handset)
        _change_release(product, tmp_path)
        handset.page.evaluate("navigator.serviceWorker.ready.then((it) => it.update())")
        handset.switch_off()
        as_it_was = shutil.copytree(handset.folder, tmp_path / "as-it-was")

        handset.switch_on()
        _take_the_new_version(handset)
        handset.await_states(waiting=VISITS + PHOTOS)
        portal.lie = None
        handset.send_now()
        handset.await_received(VISITS + PHOTOS, timeout_ms=120_000)
        assert len(visits(app)) == VISITS
        assert _held(app, settings) == digests
        handset.switch_off()
        _die_in_the_middle(handset, portal, as_it_was)
        assert len(visits(app)) == VISITS
        assert _held(app, settings) == digests


def _die_in_the_middle(handset: Handset, portal: Portal, as_it_was: Path) -> None:
    """The same phone once more, as it was before, with a battery that goes flat during the move."""
    chance = random.Random(2567)
    for number in range(KILLS):
        _close_the_api(portal)
        again = replace(handset, folder=as_it_was.with_name(f"again-{number}"), context=None)
        shutil.copytree(as_it_was, again.folder)
        fuse = Timer(chance.uniform(0, LONGEST_S), again.cut_power)

        def light(said: ConsoleMessage, fuse: Timer = fuse) -> None:
            if said.text == "migration begins" and not fuse.ident:
                fuse.start()

        page = again.switch_on()
        page.on("console", light)
        try:
            _accept_the_new_version(again)
            page.wait_for_timeout(60_000)
        except BrowserError:
            fuse.join()  # it was the battery, else this waits for ever and the test's time runs out
        again.kill()
        again.switch_on()
        again.open("/phone/outbox")
        if again.page.evaluate(DB_VERSION) != 3:
            _go_on_moving(again)
        again.await_states(waiting=VISITS + PHOTOS)
        portal.lie = None
        again.send_now()
        again.await_received(VISITS + PHOTOS, timeout_ms=120_000)
        again.switch_off()


def _go_on_moving(handset: Handset) -> None:
    """The move was undone; the version that opened now either moves at once or is offered again."""
    offer = handset.page.locator("[data-update-yes]")
    handset.await_that(
        lambda: handset.page.evaluate(DB_VERSION) == 3 or offer.is_visible(), timeout_ms=60_000
    )
    if offer.is_visible():
        offer.click()
    handset.await_that(lambda: handset.page.evaluate(DB_VERSION) == 3, timeout_ms=60_000)


def _close_the_api(portal: Portal) -> None:
    """The office takes nothing for now; pages and versions it still gives."""
    portal.lies_about = lambda request: request.path.startswith("/api/")
    portal.lie = lambda _request, _ask: Answer(502, [("Content-Type", "text/plain")], b"no")


def _change_release(product: Product, folder: Path) -> None:
    product.root = _release_of_tomorrow(folder / "tomorrow")
    product.kill("web")
    product.start("web", LAKTHAN_BUILD="tomorrow")


def _held(app: Flask, settings: Settings) -> list[str]:
    """Digests of the photos, each from the file on the server's disk."""
    with app.app_context():
        photos = list(db.session().scalars(select(Photo)))
        db.session.remove()
    files = [settings.files_dir / content_key("originals", p.original_sha256) for p in photos]
    return sorted(sha256(file.read_bytes()).hexdigest() for file in files)
