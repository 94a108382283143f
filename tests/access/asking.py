"""Asking for an object and for one that does not exist, so that the answers can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access.cast import Cast
from tests.access.table import ROWS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MISSING = {"5606": "5688", "2567Q2": "2567Q2", "plan": "plan"}
_TOKEN = re.compile(r'(name="csrf[-_]token" (?:content|value)=")[^"]+')
_OF_THE_MOMENT = {"X-Request-Id", "Request-Id", "Date", "Set-Cookie", "Server-Timing"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a stranger could compare: the status, the headers, the body - without the request's id
    and without what they asked for themselves.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


def rules(app: Flask) -> list[Rule]:
    """Every rule that has a row, in the order of their addresses."""
    return sorted(
        (rule for rule in app.url_map.iter_rules() if rule.endpoint in ROWS and rule.arguments),
        key=lambda rule: (rule.rule, rule.endpoint),
    )


def methods_of(rule: Rule) -> list[str]:
    """The methods that the rule declares, and HEAD with GET."""
    return sorted((rule.methods or set()) - {"OPTIONS"})


def arguments(cast: Cast, rule: Rule) -> dict[str, str]:
    """What the rule needs to name the marked centre's object."""
    named = cast.things[ROWS[rule.endpoint].thing]
    return {name: named[name] for name in rule.arguments}


def missing(named: dict[str, str]) -> dict[str, str]:
    """The same for nothing: other ids, an area that is none."""
    return {name: _other(value) for name, value in named.items()}


def _other(value: str) -> str:
    try:
        UUID(value)
    except ValueError:
        return MISSING.get(value, value)
    return str(uuid4())


def address(app: Flask, rule: Rule, named: dict[str, str]) -> str:
    """The rule's address with these arguments."""
    typed = {
        name: int(value) if type(rule._converters[name]).__name__ == "IntegerConverter" else value
        for name, value in named.items()
    }
    built = rule.build(typed, append_unknown=False)
    assert built is not None, (rule, named)
    return built[1]


def answers(client: FlaskClient, cast: Cast, rule: Rule, method: str) -> tuple[Answer, Answer]:
    """What is answered for the object that is there, and for one that is not."""
    there = arguments(cast, rule)
    nothing = missing(there)
    said = [*there.values(), *nothing.values()]
    found = []
    for named in (there, nothing):
        url = address(cast.app, rule, named)
        response = client.open(url, method=method, headers={"X-HTTP-Method-Override": "HEAD"})
        found.append(plain(response, said))
        response.close()
    return found[0], found[1]


def plain(response: TestResponse, asked: Iterable[str]) -> Answer:
    """An answer without what is the moment's and without what the asker said."""
    said = {value for value in asked if len(value) > 3}
    said |= set(filter(None, (response.headers.get(name) for name in _OF_THE_MOMENT)))

    def without(text: str) -> str:
        for value in sorted(said, key=len, reverse=True):
            text = text.replace(value, "…")
        return text

    headers = sorted(
        (name, without(value)) for name, value in response.headers if name not in _OF_THE_MOMENT
    )
    body = _TOKEN.sub(r"\1", response.get_data().decode("utf-8", "replace"))
    return Answer(response.status_code, tuple(headers), without(body))


def pairs(cast: Cast, *, also: tuple[str, ...] = ()) -> Iterator[tuple[Rule, str]]:
    """Every rule with every method it declares."""
    for rule in rules(cast.app):
        for method in (*methods_of(rule), *also):
            yield rule, method
