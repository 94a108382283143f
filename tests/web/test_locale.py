"""Language: Thai first, English when asked, and never a way to another site."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.local_path import here_path, local_path
from tests.web.conftest import make_frame


@pytest.fixture
def visitor(tmp_path: object) -> FlaskClient:
    return make_frame(tmp_path, WTF_CSRF_ENABLED=False).test_client()  # type: ignore[arg-type]


def language_of(client: FlaskClient, path: str = "/styleguide", **headers: str) -> str:
    page = client.get(path, headers=headers).text
    return page.split('<html lang="')[1].split('"')[0]


def test_pages_are_thai_even_on_a_phone_set_to_english(visitor: FlaskClient) -> None:
    assert language_of(visitor, **{"Accept-Language": "en-US,en"}) == "th"


def test_a_chosen_language_stays(visitor: FlaskClient) -> None:
    answer = visitor.post("/language", data={"lang": "en", "back": "/styleguide?page=list"})
    assert (answer.status_code, answer.location) == (303, "/styleguide?page=list")
    assert language_of(visitor) == "en"


def test_a_language_in_the_address_is_for_that_page_only(visitor: FlaskClient) -> None:
    assert language_of(visitor, "/styleguide?lang=en") == "en"
    assert language_of(visitor) == "th"


def test_an_unknown_language_changes_nothing(visitor: FlaskClient) -> None:
    answer = visitor.post("/language", data={"lang": "xx", "back": "/"})
    assert "Set-Cookie" not in answer.headers
    assert language_of(visitor, "/styleguide?lang=../etc") == "th"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
     "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "evil", "", None],
)  # fmt: skip
def test_the_way_back_never_leads_to_another_site(visitor: FlaskClient, target: str | None) -> None:
    assert local_path(target) is None
    answer = visitor.post("/language", data={"lang": "en", "back": target or ""})
    assert answer.location == "/"


def test_the_way_back_keeps_the_question_but_not_the_language(frame: Flask) -> None:
    with frame.test_request_context("/visits?q=น้ำ&lang=en&page=2"):
        assert here_path() == "/visits?q=%E0%B8%99%E0%B9%89%E0%B8%B3&page=2"
