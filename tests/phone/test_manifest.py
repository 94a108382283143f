"""The manifest and the links to it: what makes the application installable."""

from __future__ import annotations

import io
import json
import re

import pytest
from flask.testing import FlaskClient
from PIL import Image

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def manifest(client: FlaskClient, address: str = "/manifest.webmanifest") -> dict:
    answer = client.get(address)
    assert answer.headers["Content-Type"].startswith("application/manifest+json")
    return json.loads(answer.data)


def test_it_is_called_in_thai_and_starts_in_the_phone_mode(client: FlaskClient) -> None:
    told = manifest(client)
    assert told["name"] == "หลักฐาน"
    assert (told["lang"], told["display"], told["scope"]) == ("th", "standalone", "/")
    assert told["start_url"] == told["id"] == "/phone"
    assert manifest(client, "/manifest.webmanifest?lang=en")["id"] == told["id"]


def test_its_icons_have_the_sizes_they_are_said_to_have(client: FlaskClient) -> None:
    icons = manifest(client)["icons"]
    assert {(icon["sizes"], icon["purpose"]) for icon in icons} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in icons:
        answer = client.get(icon["src"], buffered=True)
        with Image.open(io.BytesIO(answer.data)) as picture:
            assert (picture.format, f"{picture.width}x{picture.height}") == ("PNG", icon["sizes"])


def test_its_shortcuts_lead_to_screens(client: FlaskClient) -> None:
    shortcuts = manifest(client)["shortcuts"]
    assert [one["url"] for one in shortcuts] == [
        "/phone/visits/new", "/phone/photos/new", "/phone/outbox",
    ]  # fmt: skip


@pytest.mark.parametrize("page", ["/phone", "/sign-in"])
def test_every_page_says_where_it_is_and_gives_iphones_their_icon(
    client: FlaskClient, page: str
) -> None:
    html = client.get(page).text
    assert '<link rel="manifest" href="/manifest.webmanifest">' in html
    icon = re.search(r'<link rel="apple-touch-icon" href="([^"]+)">', html)
    assert icon
    with Image.open(io.BytesIO(client.get(icon[1], buffered=True).data)) as picture:
        assert picture.size == (180, 180)
        assert picture.convert("RGBA").getextrema()[3] == (255, 255)  # iOS paints clear parts black
