"""The shell: one public page that holds nobody's data and may be kept by every phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.phone.screens import SCREENS
from app.phone.words import DESK_CODES
from app.web.wording import SENTENCES
from tests.conftest import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _json(html: str, name: str) -> dict:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', html, re.S)
    assert found
    return json.loads(found[1])


def test_every_address_of_the_phone_gets_the_same_shell(client: FlaskClient):
    pages = [client.get(path) for path in ("/phone", "/phone/visits/new", "/phone/a/b?c=d")]
    assert {page.status_code for page in pages} == {200}
    assert len({page.data for page in pages}) == 1


def test_the_shell_is_the_same_for_everybody_and_sets_no_cookie(
    client: FlaskClient, sign_in: Callable[[str], FlaskClient], world: World
):
    nobody, somebody = client.get("/phone"), sign_in("officer").get("/phone")
    assert nobody.data == somebody.data
    assert "Test officer" not in somebody.text
    for page in (nobody, somebody):
        assert "Set-Cookie" not in page.headers
        assert "Cookie" not in page.headers.get("Vary", "")
        assert "csrf_token" not in page.text


def test_a_phone_that_has_the_shell_is_told_so_in_a_few_bytes(client: FlaskClient):
    first = client.get("/phone")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/phone/outbox", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_shell_speaks_the_language_asked_for_then_the_one_chosen_then_thai(
    client: FlaskClient,
):
    def language(path: str) -> str:
        return re.search(r'<html lang="(\w+)"', client.get(path).text)[1]  # type: ignore[index]

    assert language("/phone") == "th"
    client.set_cookie("lang", "en")
    assert language("/phone") == "en"
    assert language("/phone?lang=th") == "th"


def test_the_shell_has_no_script_and_no_style_of_its_own(client: FlaskClient):
    html = client.get("/phone").text
    assert "<style" not in html and " style=" not in html
    assert not re.search(r"<[^>]+ on\w+=", html)
    kinds = re.findall(r"<script ([^>]*)>", html)
    assert all("src=" in kind or 'type="application/json"' in kind for kind in kinds)


def test_scripts_find_the_words_of_every_refusal(client: FlaskClient):
    words = _json(client.get("/phone?lang=en").text, "words")
    assert set(SENTENCES) - DESK_CODES <= set(words)
    assert words["in_future"].startswith("This day has not come yet")


def test_the_forms_offer_what_the_programme_offers(client: FlaskClient):
    html = client.get("/phone?lang=en").text
    programme = _json(html, "programme")
    form = html[html.index('id="screen-visit-form"') :]
    for choice in programme["visit_kinds"] + programme["topics"] + programme["visitor_sectors"]:
        assert f'value="{choice["key"]}"' in form
    assert programme["name"] == "khok_nong_na_2567.1"


def test_no_day_and_no_id_is_baked_into_a_page_that_is_kept_for_weeks(client: FlaskClient):
    html = client.get("/phone").text
    form = html[html.index('id="screen-visit-form"') :].split("</template>")[0]
    assert not re.search(r'name="(id|version|csrf_token)"', form)
    assert 'name="visit_date-day" ' in form and re.search(
        r'name="visit_date-day"[^>]*value=""', form
    )


def test_every_screen_that_has_a_template_says_its_name(app: Flask, client: FlaskClient):
    html = client.get("/phone").text + client.get("/phone/more").text
    for name in re.findall(r'<template id="screen-([a-z-]+)"', html):
        assert name in {*SCREENS, "broken", "unknown"}
    for name in ("home", "visits", "visit-form", "visit", "outbox"):
        assert f'<template id="screen-{name}"' in html
