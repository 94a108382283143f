"""What the tests save on is the same as what the product runs on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment
from werkzeug.routing import (
    AnyConverter,
    IntegerConverter,
    Map,
    PathConverter,
    Rule,
    UnicodeConverter,
    UUIDConverter,
)

from app import create_app
from app.accounts import passwords
from config import Settings
from tests.conftest import PASSWORD, SentJobs

SAMPLES: dict[type, Any] = {
    UUIDConverter: UUID(int=7), IntegerConverter: 7, PathConverter: "a/ข/c",
    UnicodeConverter: "ก b",
}  # fmt: skip
on_one = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_one
def test_a_later_application_finds_and_names_addresses_as_the_first(
    app: Flask, settings: Settings
) -> None:
    """Rules taken over from an earlier application against rules that werkzeug itself compiled."""
    later = create_app(settings, send_job=SentJobs()).url_map
    assert type(next(later.iter_rules())) is not Rule
    own = Map([Rule(one.rule, **one.get_empty_kwargs()) for one in later.iter_rules()])
    taken, fresh = later.bind("lakthan.test"), own.bind("lakthan.test")
    for rule in own.iter_rules():
        values = {name: _sample(rule, name) for name in rule.arguments}
        method = sorted(rule.methods or {"GET"})[-1]
        url = fresh.build(rule.endpoint, values | {"more": "ก"}, method)
        assert taken.build(rule.endpoint, values | {"more": "ก"}, method) == url
        path = url.partition("?")[0]
        found = taken.match(path, method, return_rule=True)
        assert (found[0].endpoint, found[1]) == fresh.match(path, method)
        assert found[0].map is later


def _sample(rule: Rule, name: str) -> Any:
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else SAMPLES[type(converter)]


@pytest.mark.usefixtures("hashing_as_in_an_office")
def test_an_office_hashes_as_rfc_9106_asks_where_memory_is_dear() -> None:
    stored = passwords.hash_password(PASSWORD)
    assert "$m=65536,t=3,p=4$" in stored
    assert passwords.verify(stored, PASSWORD)
    assert not passwords.verify(stored, PASSWORD + " ")


@on_one
def test_a_changed_template_is_compiled_anew(app: Flask) -> None:
    """The same name with other words is another template, whatever is remembered of it."""
    cache = app.jinja_env.bytecode_cache
    assert cache is not None
    for words in ("one", "two", "one"):
        fresh = Environment(
            loader=DictLoader({"t.html": words}), bytecode_cache=cache, autoescape=True
        )
        assert fresh.get_template("t.html").render() == words
