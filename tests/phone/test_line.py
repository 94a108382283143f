"""The gate: a page opened in a chat is led to the phone's own browser, once, then explained."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.phone.line import chat_browser

LINE_ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; SM-A135F Build/TP1A.220624.014; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/122.0.6261.119 Mobile Safari/537.36 Line/14.3.1/IAB"
)
LINE_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 Safari Line/14.5.0"
)
FACEBOOK_ANDROID = (
    "Mozilla/5.0 (Linux; Android 12; M2010J19SG Build/SKQ1.211202.001; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36 "
    "[FB_IAB/FB4A;FBAV/445.0.0.34.118;]"
)
MESSENGER_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 [FBAN/MessengerForiOS;FBAV/440.0.0.27.106;FBBV/550000000]"
)
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Mobile Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
)
IN_LINE = (LINE_ANDROID, LINE_IPHONE)
IN_CHAT = (*IN_LINE, FACEBOOK_ANDROID, MESSENGER_IPHONE)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def opened(client: FlaskClient, path: str, user_agent: str, **more: str):
    """What a person gets who opens `path` in that browser."""
    page = {"User-Agent": user_agent, "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    return client.get(path, headers=page | more)


@pytest.mark.parametrize("user_agent", IN_LINE, ids=("android", "iphone"))
@pytest.mark.parametrize("path", ["/", "/phone/enrol", "/sign-in?next=/visits", "/nowhere"])
def test_a_page_opened_inside_line_is_sent_to_the_phones_browser(
    client: FlaskClient, path: str, user_agent: str
):
    answer = opened(client, path, user_agent)
    assert answer.status_code == 302
    if "openExternalBrowser=1" not in answer.location:  # the sign-in comes first, then the gate
        answer = opened(client, answer.location, user_agent)
    assert answer.location.endswith("openExternalBrowser=1")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("user_agent", IN_LINE, ids=("android", "iphone"))
def test_whoever_is_still_inside_line_is_shown_the_way_and_never_sent_round(
    client: FlaskClient, user_agent: str
):
    first = opened(client, "/phone/enrol?x=1", user_agent)
    assert first.location == "/phone/enrol?x=1&openExternalBrowser=1"
    second = opened(client, first.location, user_agent)
    assert second.status_code == 200
    assert "LINE" in second.text
    assert "/phone/enrol?x=1&amp;openExternalBrowser=1" in second.text  # readable without a script
    assert second.text.count('class="drawing"') == 2


@pytest.mark.parametrize("user_agent", [FACEBOOK_ANDROID, MESSENGER_IPHONE])
def test_facebook_and_messenger_get_the_way_out_at_once(client: FlaskClient, user_agent: str):
    answer = opened(client, "/phone", user_agent)
    assert answer.status_code == 200
    assert "Facebook" in answer.text


@pytest.mark.parametrize("user_agent", [CHROME, SAFARI], ids=("chrome", "safari"))
def test_a_real_browser_never_meets_the_gate(client: FlaskClient, user_agent: str):
    assert chat_browser(user_agent) is None
    assert "openExternalBrowser" not in opened(client, "/sign-in", user_agent).text
    assert opened(client, "/sign-in?openExternalBrowser=1", user_agent).status_code == 200


@pytest.mark.parametrize("user_agent", IN_CHAT)
def test_programs_files_and_forms_are_let_through(client: FlaskClient, user_agent: str):
    assert opened(client, "/healthz", user_agent).status_code == 200
    with opened(client, "/static/src/img/icon.svg", user_agent) as file:
        assert file.mimetype == "image/svg+xml"
    assert opened(client, "/api/v1/nothing", user_agent).status_code == 404
    script = client.get("/sign-in", headers={"User-Agent": user_agent, "Accept": "*/*"})
    assert script.status_code == 200
    assert "drawing" not in script.text
    assert client.post("/sign-in", headers={"User-Agent": user_agent}).status_code == 422


@pytest.mark.parametrize("path", ["//elsewhere.example/x", "/%5Celsewhere.example", "/ก?q=ก%26x"])
def test_the_gate_never_leads_to_another_site(client: FlaskClient, path: str):
    answer = opened(client, path, LINE_ANDROID)
    if path.startswith("//"):  # read as another host, which is none of ours
        assert (answer.status_code, answer.location) == (400, None)
        return
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))


def test_an_iphone_is_shown_an_iphone(client: FlaskClient):
    iphone = opened(client, "/phone?openExternalBrowser=1&lang=en", LINE_IPHONE).text
    android = opened(client, "/phone?openExternalBrowser=1&lang=en", LINE_ANDROID).text
    assert "Safari" in iphone
    assert "Chrome" in android
    assert "Safari" not in android


def test_the_page_holds_no_inline_code_and_asks_no_other_host(client: FlaskClient):
    html = opened(client, "/phone?openExternalBrowser=1", LINE_ANDROID).text
    assert "style=" not in html
    assert "<script>" not in html
    assert "http://www.w3.org" not in html
