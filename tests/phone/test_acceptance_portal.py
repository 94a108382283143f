"""Garbage with status 200: what a hotel's Wi-Fi, a proxy or a cut line says is never a receipt.

reliability.md bar 8 and N 10-12, peers.md section 5 number 5.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.faults.field import digests, originals, pictures, visits
from tests.faults.portal import Answer, Ask, Lie, Portal, Request, portal_before
from tests.plugins.handset import Handset
from tests.plugins.product import Product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PAGE = b"<!doctype html><title>Free WiFi</title><p>Welcome! Please sign in.</p>"
HTML = [("Content-Type", "text/html; charset=utf-8")]
OURS = [("Content-Type", "application/json"), ("Lakthan-Api", "1"), ("Tus-Resumable", "1.0.0")]


@pytest.fixture
def portal(start_product: Callable[..., Product], world: object) -> Iterator[Portal]:
    with portal_before(start_product("web").address) as portal:
        yield portal


def _says(status: int, body: bytes = b"", headers: list[tuple[str, str]] = HTML) -> Lie:
    return lambda _request, _ask: Answer(status, headers, body)


def _garbles(change: Callable[[Answer], Answer]) -> Lie:
    """The server hears it and answers; on the way back its answer is changed."""
    return lambda _request, ask: change(ask())


def _in_results(name: str, value: str) -> Lie:
    def change(answer: Answer) -> Answer:
        told = json.loads(answer.body)
        for result in told.get("results", []):
            if result["receipt"]:
                (result["receipt"] if name in result["receipt"] else result)[name] = value
        return answer.saying(json.dumps(told).encode())

    return _garbles(change)


def _of_another_item(earlier: list[Answer]) -> Lie:
    return lambda _request, _ask: earlier[0]


NEVER_AN_ANSWER: dict[str, Lie] = {
    "a page that says 200": _says(200, PAGE),
    "a redirect to a log-in page": _says(302, b"", [("Location", "http://10.0.0.1/login")]),
    "511 network authentication required": _says(511, PAGE),
    "200 and nothing": _says(200),
    "null": _says(200, b"null", OURS),
    "a list": _says(200, b"[]", OURS),
    "half of the truth": _garbles(lambda a: a.saying(a.body[: len(a.body) // 2])),
    "the truth without our mark": _garbles(
        lambda a: a.without("Lakthan-Api").without("Tus-Resumable")
    ),
    "the truth as plain text": _garbles(lambda a: a.having("Content-Type", "text/plain")),
}  # fmt: skip
NEVER_A_RECEIPT = NEVER_AN_ANSWER | {
    "another digest": _in_results("item_sha256", "0" * 64),
    "a broken signature": _in_results("signature", "A" * 86),
}
NEVER_A_PIECE = {
    name: lie
    for name, lie in NEVER_AN_ANSWER.items()
    if name not in ("half of the truth", "the truth as plain text")  # tus has no bodies
} | {
    "no offset": _garbles(lambda a: a.without("Upload-Offset").without("Location")),
    "an offset beyond the end": _garbles(lambda a: a.having("Upload-Offset", "99999999")),
    "an offset that is no number": _garbles(lambda a: a.having("Upload-Offset", "all")),
    "a place elsewhere": _garbles(lambda a: a.having("Location", "http://10.0.0.1/x").without("Upload-Offset")),
    "the truth with 200 and a page": _garbles(lambda _: Answer(200, HTML, PAGE)),
}  # fmt: skip


def _suffer(handset: Handset, portal: Portal, lie: Lie) -> None:
    """Let the phone meet a lie, at least twice."""
    met = portal.lies + 2
    portal.lie = lie
    page = handset.page
    handset.await_that(
        lambda: page.click("[data-send]") is None and portal.lies >= met,
        timeout_ms=60_000,  # a phone that was lied to often waits longer, on a busy machine twice
        told=lambda: (portal.lies, handset.items()),
    )


def test_no_garbage_takes_a_record_out_of_the_outbox(
    app: Flask, portal: Portal, make_handset: Callable[..., Handset]
) -> None:
    handset = make_handset(portal.address)
    handset.sign_in("volunteer")
    real: list[Answer] = []

    def remember(_request: Request, ask: Ask) -> Answer:
        real.append(ask())
        return real[-1]

    portal.lies_about = lambda request: request.path == "/api/v1/records"
    portal.lie = remember
    first = handset.log_visit("คณะที่หนึ่ง")
    handset.await_received(1)
    portal.lie = _says(200, PAGE)
    second = handset.log_visit("คณะที่สอง")
    handset.open("/phone/outbox")
    kept = handset.kept_pages()
    for lie in (NEVER_A_RECEIPT | {"another's receipt": _of_another_item(real)}).values():
        _suffer(handset, portal, lie)
        assert handset.states()["received"] == 1
    assert handset.kept_pages() == kept

    portal.lie = None
    handset.send_now()
    handset.await_received(2, timeout_ms=60_000)
    assert sorted(str(v.id) for v in visits(app)) == sorted([first, second])


def test_no_garbage_takes_a_photo_for_sent(
    app: Flask,
    settings: Settings,
    portal: Portal,
    make_handset: Callable[..., Handset],
    tmp_path: Path,
) -> None:
    handset = make_handset(portal.address)
    handset.sign_in("volunteer")
    visit = handset.log_visit("คณะที่หนึ่ง")
    portal.lies_about = lambda request: request.path.startswith("/api/v1/uploads")
    portal.lie = _says(200, PAGE)
    photos = pictures(tmp_path, 1, size=1_500_000)
    handset.add_pictures("visit", visit, *photos)
    handset.open("/phone/outbox")
    kept = handset.kept_pages()
    for lie in NEVER_A_PIECE.values():
        _suffer(handset, portal, lie)
        assert handset.states("photo")["received"] == 0
    assert handset.kept_pages() == kept
    assert [i["state"] for i in handset.items() if i["state"] == "fixing"] == []

    portal.lie = None
    handset.send_now()
    handset.await_received(2, timeout_ms=60_000)
    assert originals(app, settings) == digests(photos)


def test_a_portal_that_answers_everything_leaves_the_app_as_it_was(
    app: Flask, portal: Portal, make_handset: Callable[..., Handset]
) -> None:
    handset = make_handset(portal.address)
    handset.sign_in("volunteer")
    kept = handset.kept_pages()
    assert kept
    portal.lie = _says(200, PAGE)
    handset.log_visit("คณะที่หนึ่ง")  # every page of it comes from the phone
    handset.switch_off()
    handset.switch_on()
    for path in ("/", "/phone", "/visits", "/static/dist/none.js", "/phone/outbox"):
        handset.open(path)
    handset.page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())"
                          ".catch(() => 'refused')")  # fmt: skip
    assert handset.kept_pages() == kept
    assert handset.states() == {"waiting": 1}
    words = handset.page.locator("[data-slot=state-more]")
    handset.await_that(lambda: bool(words.inner_text()))

    portal.lie = None
    handset.send_now()
    handset.await_received(1)
    assert [v.group_name for v in visits(app)] == ["คณะที่หนึ่ง"]


def test_a_new_version_half_of_which_is_a_portal_s_is_not_kept(
    start_product: Callable[..., Product], world: object, make_handset: Callable[..., Handset]
) -> None:
    product = start_product("web")
    with portal_before(product.address) as portal:
        handset = make_handset(portal.address)
        handset.sign_in("volunteer")
        kept = handset.kept_pages()
        product.kill("web")
        product.start("web", LAKTHAN_BUILD="another")
        portal.lies_about = lambda request: not request.path.startswith(("/sw.js", "/api/"))
        portal.lie = _says(200, PAGE)
        handset.open("/phone/outbox")
        look = "navigator.serviceWorker.getRegistration().then((r) => r.update())"
        look += ".then(() => 0, () => 0)"  # a version that cannot be kept is refused
        handset.page.evaluate(look)
        handset.await_that(lambda: any(r.path.startswith("/phone?") for r in portal.heard[-20:]))
        settled = """() => navigator.serviceWorker.getRegistration().then((r) => !r.installing)"""
        handset.await_that(lambda: bool(handset.page.evaluate(settled)))
        assert handset.kept_pages() == kept

        portal.lie = None

        def is_renewed() -> bool:
            handset.page.evaluate(look)  # again: one look joins another that is under way
            return len(handset.kept_pages()) > len(kept)

        handset.await_that(is_renewed)
