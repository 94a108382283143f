"""No form of any page changes anything without the token that the page was given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.cast import Cast
from tests.web.walking import SITE, addresses, client_of, close, furnished

# No cookie opens these: a bearer, or a secret in the address or the body, and no page's form.
BY_BEARER = re.compile(r"/api/v1/")
WITHOUT_A_PAGE = {
    "devices.leave",  # asks for a header that no foreign page can send; signs out
    "reminders.confirmed", "reminders.stopped",  # one tap in a mail, by the secret in its link
}  # fmt: skip


@pytest.fixture(scope="module")
def cast(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    found = furnished(filled_sqlite, tmp_path_factory.mktemp("tokens"))
    yield found
    close(found.app)


def test_every_page_that_takes_something_asks_for_the_token(cast: Cast) -> None:
    assert cast.app.config.get("WTF_CSRF_ENABLED", True)
    told = {"Accept": "application/json", "Origin": SITE, "Sec-Fetch-Site": "same-origin"}
    n, open_ones = 0, set()
    for who in ("nobody", "volunteer", "officer", "reviewer", "admin"):
        client = client_of(cast, who)
        for rule, url in addresses(cast):
            if "POST" not in (rule.methods or set()) or BY_BEARER.match(rule.rule):
                continue
            answer = client.post(url, base_url=SITE, headers=told, data={"csrf_token": "x"})
            n += 1
            if answer.status_code != 400 or answer.get_json()["code"] != "csrf":
                open_ones.add(rule.endpoint)
    assert open_ones == WITHOUT_A_PAGE
    assert n > 500


def test_a_token_of_another_browser_is_none(cast: Cast) -> None:
    page = client_of(cast, "other_officer").get("/account", base_url=SITE).text
    stolen = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert stolen
    told = {"Accept": "application/json", "Referer": f"{SITE}/account"}
    answer = client_of(cast, "officer").post(
        "/account/sessions/end", base_url=SITE, headers=told, data={"csrf_token": stolen[1]}
    )
    assert answer.get_json()["code"] == "csrf"


def test_findings_ask_for_the_token_under_the_prefix_of_their_form(cast: Cast) -> None:
    """Wapiti looks for a box called `csrf_token` and finds none: tools/security/attack.py."""
    officer, named = client_of(cast, "officer"), cast.things["finding"]
    place = f"/photos/findings/{named['finding_id']}/answer"
    told = {"Accept": "application/json", "Referer": f"{SITE}/"}
    bare = officer.post(place, base_url=SITE, headers=told, data={"reason": "x" * 20})
    assert (bare.status_code, bare.get_json()["code"]) == (400, "csrf")
