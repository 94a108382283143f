"""Refusals and failures: people get a page in their language, programs get problem+json."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.shared.errors import DomainError
from app.web.wording import SENTENCES, wording
from tests.web.conftest import make_frame

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PROGRAM = {"Accept": "application/json"}


def test_a_person_gets_a_page_with_the_sentence_and_the_request_number(
    visitor: FlaskClient,
) -> None:
    answer = visitor.get("/sealed?lang=en", headers=PAGE)
    assert answer.status_code == 422
    assert "This reporting round is sealed." in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_program_gets_the_code_and_the_facts(visitor: FlaskClient) -> None:
    answer = visitor.get("/sealed?lang=en", headers=PROGRAM)
    assert answer.content_type == "application/problem+json"
    body = answer.get_json(force=True)
    assert (body["status"], body["code"]) == (422, "round_sealed")
    assert body["facts"] == {"quarter": "2567Q1"}
    assert body["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/hidden", 404, "not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("DELETE", "/sealed", 405, "method_not_allowed"),
        ("POST", "/api/v1/thing", 400, "csrf"),
    ],
)
def test_every_refusal_has_its_status_and_code(
    visitor: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    answer = visitor.open(path, method=method, headers=PROGRAM)
    assert (answer.status_code, answer.get_json(force=True)["code"]) == (status, code)


def test_what_does_not_exist_and_what_is_hidden_look_alike(visitor: FlaskClient) -> None:
    pages = [visitor.get(path, headers=PAGE).text for path in ("/hidden", "/nowhere")]
    numberless = [page.split("blank__small")[0].split("blank__symbol")[1] for page in pages]
    assert numberless[0] == numberless[1]


def test_a_wrong_method_says_which_are_right(visitor: FlaskClient) -> None:
    assert "GET" in visitor.delete("/sealed", headers=PAGE).headers["Allow"]


def test_our_own_fault_tells_nothing_of_its_inside(tmp_path: Path) -> None:
    client = make_frame(tmp_path, PROPAGATE_EXCEPTIONS=False).test_client()
    page = client.get("/broken?lang=en", headers=PAGE)
    assert page.status_code == 500
    assert "Something went wrong on our side." in page.text
    assert "ZeroDivision" not in page.text
    body = client.get("/broken", headers=PROGRAM).get_json(force=True)
    assert body["code"] == "internal"


def test_our_own_fault_is_told_even_when_the_frame_cannot_ask_who_is_here(tmp_path: Path) -> None:
    app = make_frame(tmp_path, PROPAGATE_EXCEPTIONS=False)

    @app.context_processor
    def who() -> dict[str, object]:
        raise ConnectionError

    assert app.test_client().get("/broken", headers=PAGE).status_code == 500


def test_an_unknown_code_still_says_something(frame: Flask) -> None:
    with frame.test_request_context("/?lang=en"):
        assert wording("brand_new") == "This cannot be done (brand_new)."


def test_every_sentence_can_be_said_without_its_facts(frame: Flask) -> None:
    with frame.test_request_context("/?lang=en"):
        for code in SENTENCES:
            assert wording(code)


def test_facts_are_escaped_on_the_page(frame: Flask) -> None:
    class TooLong(DomainError):
        code = "too_long"

    @frame.get("/long")
    def long() -> str:
        raise TooLong(max="<script>alert(1)</script>")

    assert "<script>alert" not in frame.test_client().get("/long", headers=PAGE).text
