"""The frame: navigation by role, accessible forms, no style guide in production."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web import nav
from tests.web.conftest import make_frame


@dataclass
class Somebody:
    role: str
    name: str = "สมหญิง ใจดี"


@pytest.fixture
def doors(frame: Flask) -> Iterator[Flask]:
    """Two doors, one of them to a slice that is not there."""
    before = dict(nav._DOORS)
    frame.add_url_rule("/book", "book.index", lambda: "")
    frame.add_url_rule(
        "/book/<int:n>", "book.show", lambda n: str(nav.nav_for(Somebody("officer")))
    )
    nav.register("book.index", "Book", "book", ("officer",), 1)
    nav.register("nothing.index", "Nothing", "leaf", ("officer",), 2)
    yield frame
    nav._DOORS.clear()
    nav._DOORS.update(before)


def test_a_role_sees_only_doors_it_may_open_and_that_exist(doors: Flask) -> None:
    with doors.test_request_context("/"):
        seen = [item.label for item in nav.nav_for(Somebody("officer"))]
        assert "Book" in seen
        assert "Nothing" not in seen
        assert "Book" not in [item.label for item in nav.nav_for(Somebody("volunteer"))]
        assert nav.nav_for(None) == []


def test_a_page_below_a_door_shows_where_it_belongs(doors: Flask) -> None:
    assert "current=True" in doors.test_client().get("/book/7").text


def test_a_visitor_gets_the_page_without_navigation(visitor: FlaskClient) -> None:
    html = visitor.get("/styleguide").text
    assert '<nav class="nav"' not in html
    assert "สมหญิง" not in html


def test_a_refused_form_ties_every_error_to_its_box(visitor: FlaskClient, tmp_path: Path) -> None:
    client = make_frame(tmp_path, WTF_CSRF_ENABLED=False).test_client()
    html = client.post("/styleguide?page=form", data={"plot_rai": "x"}).text
    assert re.search(r'<input aria-describedby="name-hint name-errors" aria-invalid="true"', html)
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        for target in described.split():
            assert f'id="{target}"' in html, target
    for label in re.findall(r'<label[^>]* for="([^"]+)"', html):
        assert f'id="{label}"' in html, label


@pytest.mark.parametrize("page", ["parts", "list", "detail", "form", "sign_in"])
def test_no_two_things_on_a_page_share_an_id(visitor: FlaskClient, page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', visitor.get(f"/styleguide?page={page}").text)
    assert len(ids) == len(set(ids))


def test_every_form_that_changes_something_carries_a_token(visitor: FlaskClient) -> None:
    html = visitor.get("/styleguide?page=form").text
    forms = re.findall(r'<form method="post".*?</form>', html, re.DOTALL)
    assert forms
    assert all('name="csrf_token"' in form for form in forms)


def test_a_form_without_its_token_changes_nothing(visitor: FlaskClient) -> None:
    answer = visitor.post("/language", data={"lang": "en"}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "lang=" not in answer.headers.get("Set-Cookie", "")


def test_the_style_guide_is_not_there_in_production(tmp_path: Path) -> None:
    app = make_frame(tmp_path, "production")
    assert "styleguide.show" not in app.view_functions


def test_everything_of_the_frame_says_who_may_use_it(frame: Flask) -> None:
    for name in ("web.choose_language", "styleguide.show"):
        assert frame.view_functions[name].access == "public"  # type: ignore[attr-defined]
