"""Signing in and out as a browser does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import PASSWORD, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_someone_comes_back_to_the_page_they_wanted(client: FlaskClient, world: World) -> None:
    answer = client.get("/centres?search=x")
    assert answer.location == "/sign-in?next=/centres?search%3Dx"
    answer = client.post(answer.location, data={"login": "officer", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/centres?search=x")


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example", "/\\evil", "javascript:x"]
)
def test_signing_in_never_leads_to_another_site(
    client: FlaskClient, world: World, evil: str
) -> None:
    answer = client.post(
        "/sign-in", query_string={"next": evil}, data={"login": "officer", "password": PASSWORD}
    )
    assert answer.location == "/"


def test_a_wrong_password_is_told_and_nothing_typed_is_lost(
    client: FlaskClient, world: World
) -> None:
    answer = client.post("/sign-in", data={"login": "officer", "password": "wrong password"})
    assert answer.status_code == 422
    assert 'value="officer"' in answer.text


def test_a_copied_cookie_is_dead_after_sign_out(
    app: Flask, sign_in: Callable[[str], FlaskClient]
) -> None:
    client = sign_in("officer")
    cookie = client.get_cookie("lakthan")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("lakthan", cookie.value)
    assert thief.get("/centres").status_code == 200
    client.post("/sign-out")
    assert thief.get("/centres").status_code == 302
