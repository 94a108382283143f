"""Nobody reaches what is not theirs, and nobody can tell that it is there."""

from __future__ import annotations

import pytest

from tests.access.asking import METHODS, address, answers, arguments, methods_of, pairs, rules
from tests.access.cast import ACTORS, PHONES, SHUT_OUT, Cast
from tests.access.state import Undo, state_of
from tests.access.table import FREE, ROWS
from tests.test_access import DEVICE, MATRIX

FOUND = (200, 206, 204, 302, 303, 304, 400, 409, 410, 412, 415, 422)
SIGN_IN = (302, 401)


def test_every_address_that_names_something_has_a_row(cast: Cast) -> None:
    named = {rule.endpoint for rule in cast.app.url_map.iter_rules() if rule.arguments}
    assert named - {"uploads.options"} == (set(ROWS) | set(FREE)) - {"uploads.options"}


@pytest.mark.parametrize("who", ACTORS)
def test_it_opens_for_whom_the_row_names_and_for_nobody_else(cast: Cast, who: str) -> None:
    client = cast.client(who)
    wrong = []
    for rule in rules(cast.app):
        if "GET" in methods_of(rule) or "HEAD" in methods_of(rule):
            url = address(cast.app, rule, arguments(cast, rule))
            response = client.open(url, method="GET" if "GET" in methods_of(rule) else "HEAD")
            if (response.status_code in FOUND[:3] + FOUND[4:]) != (who in ROWS[rule.endpoint].may):
                wrong.append((rule.endpoint, response.status_code))
            response.close()
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", ACTORS)
def test_for_everybody_else_it_is_as_if_there_were_nothing(cast: Cast, who: str) -> None:
    """The same status, headers and body, to the byte but for the request's number."""
    client, before = cast.client(who), state_of(cast)
    told = []
    for rule, method in pairs(cast):
        if who not in ROWS[rule.endpoint].may:
            there, nothing = answers(client, cast, rule, method)
            if there != nothing or there.status not in _shut(rule.endpoint, who):
                told.append((rule.endpoint, method, there.status, nothing.status))
    assert not told, "\n".join(map(str, told))
    assert state_of(cast) == before  # and nothing was changed on the way


def _shut(endpoint: str, who: str) -> tuple[int, ...]:
    if MATRIX[endpoint] == DEVICE:
        return (404,) if who in PHONES and who not in SHUT_OUT else (401,)
    return SIGN_IN if who in SHUT_OUT or who in PHONES else (404,)


@pytest.mark.parametrize("who", ["officer", "nobody"])
def test_a_method_that_nobody_declared_is_refused_to_all_alike(cast: Cast, who: str) -> None:
    client, before = cast.client(who), state_of(cast)
    told = []
    for url, declared in _addresses(cast).items():
        for method in set(METHODS) - declared:
            status = client.open(url, method=method).status_code
            if status not in ((200, 204) if method == "OPTIONS" else (405,)):
                told.append((url, method, status))
    assert not told, "\n".join(map(str, told))
    assert state_of(cast) == before


def _addresses(cast: Cast) -> dict[str, set[str]]:
    """Every address of an object with all methods that some rule declares for it."""
    found: dict[str, set[str]] = {}
    for rule in cast.app.url_map.iter_rules():
        if rule.endpoint in ROWS and rule.arguments:
            url = address(cast.app, rule, arguments(cast, rule))
            found.setdefault(url, set()).update(rule.methods or set())
    return found


@pytest.mark.parametrize("cast", ["sqlite"], indirect=True)
def test_what_changes_something_opens_for_whom_the_row_names(cast: Cast, undo: Undo) -> None:
    """The rows are not refused by accident: for their own people the object is found."""
    wrong = []
    for rule in rules(cast.app):
        for method in sorted(set(methods_of(rule)) - {"GET", "HEAD"}):
            for who in sorted(ROWS[rule.endpoint].may):
                with undo():
                    url = address(cast.app, rule, arguments(cast, rule))
                    status = cast.client(who).open(url, method=method).status_code
                    if status in (401, 403, 404) or status >= 500:
                        wrong.append((rule.endpoint, method, who, status))
    assert not wrong, "\n".join(map(str, wrong))
