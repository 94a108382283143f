"""A real browser with a key in it: made on the account's page, used at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import World
from tests.phone.closed import sign_in_at
from tests.plugins.handset import await_that

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


TAP = "() => document.querySelector('[data-passkey-go]')?.click()"
NAME = "เครื่องของฉัน"


@pytest.fixture
def here(world: World, address: str) -> str:
    """The product under a name: browsers make no passkeys for an address of numbers."""
    return f"http://localhost:{urlsplit(address).port}"


@pytest.fixture
def page(page_at: Callable[..., Page]) -> Iterator[Page]:
    """A phone with a fingerprint reader."""
    page = page_at(360, service_workers="block")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable", {"enableUI": False})
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    devtools.detach()


def make_passkey(page: Page, here: str) -> None:
    """Make one on the account's page, and be signed out again."""
    sign_in_at(page, here, "reviewer")
    page.goto(f"{here}/account/passkeys/new")
    page.fill("[data-passkey-label]", NAME)
    page.click("[data-passkey-go]")
    page.wait_for_url(f"{here}/account")
    expect(page.get_by_text(NAME, exact=True)).to_be_visible()
    page.context.clear_cookies()


def test_a_passkey_made_on_the_account_page_opens_the_door(page: Page, here: str) -> None:
    make_passkey(page, here)
    page.goto(f"{here}/sign-in?next=/centres")
    # The browser may offer it by itself while the name is typed; else the button asks for it.
    page.evaluate(TAP)
    page.wait_for_url(f"{here}/centres")
    page.goto(f"{here}/account")
    expect(page.get_by_text(NAME, exact=True)).to_be_visible()


def test_a_tap_while_the_browsers_own_offer_is_on_its_way_waits_for_it(
    page: Page, here: str
) -> None:
    make_passkey(page, here)
    begun: list[Route] = []

    def hold_the_first(route: Route) -> None:
        begun.append(route)
        if len(begun) > 1:
            route.continue_()

    page.route("**/passkeys/sign-in/begin", hold_the_first)
    page.goto(f"{here}/sign-in?next=/centres")
    await_that(lambda: page, lambda: bool(begun))
    page.evaluate(TAP)
    page.evaluate("() => fetch('/healthz')")  # goes out after whatever the tap asked for
    assert len(begun) == 1  # else the browser would keep the challenge that comes last
    begun[0].continue_()
    page.wait_for_url(f"{here}/centres")


def test_an_invitation_opened_from_its_link_ends_in_with_a_passkey(
    page: Page, page_at: Callable[..., Page], here: str, world: World
) -> None:
    desk = page_at(1280, service_workers="block")
    sign_in_at(desk, here, "admin")
    desk.goto(f"{here}/accounts/{world['other_officer'].account_id}")
    desk.click("form[action$=invite] button")
    link = desk.locator("#invitation-link").text_content() or ""
    code = link.partition("#")[2].strip()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers)))
    page.goto(f"{here}/invitation?openExternalBrowser=1#{code}")
    expect(page.get_by_text("Test other_officer")).to_be_visible()
    assert "#" not in page.url
    page.click("[data-passkey-go]")
    page.wait_for_url(f"{here}/")
    page.goto(f"{here}/centres/{world.stranger}")
    expect(page.locator("h1")).to_contain_text("5601-001")
    assert not [told for told in asked if code in told]  # no address, no Referer
