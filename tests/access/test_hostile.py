"""Whatever is typed into a form or an address: an answer, and never a fault of ours.

LAKTHAN_FUZZ=full   also one box at a time, each with every value (`make test-fuzz`)
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.access.asking import address, arguments, rules
from tests.access.cast import Cast
from tests.access.hostile import ASKED, VALUES, asked, bodies, encoded, forms_of
from tests.access.state import Undo
from tests.access.table import ROWS

pytestmark = pytest.mark.parametrize("cast", ["sqlite"], indirect=True)
FORM = "application/x-www-form-urlencoded"
FULL = os.environ.get("LAKTHAN_FUZZ") == "full"
ACTORS = ("volunteer", "officer", "reviewer", "admin", "nobody") if FULL else ("officer", "nobody")
# `make test` takes a fifth of the values, `make test-fuzz` all of them.
SOME = VALUES if FULL else dict(list(VALUES.items())[::5])


def pages(cast: Cast, who: str) -> list[str]:
    """Every page that opens for them: of their own records, and those without a record."""
    named = [
        address(cast.app, rule, arguments(cast, rule))
        for rule in rules(cast.app)
        if "GET" in (rule.methods or ()) and who in ROWS[rule.endpoint].may
    ]
    bare = [
        rule.rule
        for rule in cast.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
        and rule.endpoint != "upkeep.readyz"  # says 503 where there is no queue, as here
    ]  # fmt: skip
    return sorted({*named, *bare})


def asks(client: FlaskClient, method: str, url: str, body: bytes = b"") -> int:
    """The status; 599 is an exception that nobody answered."""
    try:
        answer = client.open(url, method=method, data=body or None, content_type=FORM)
        answer.close()
        return answer.status_code
    except Exception as fault:  # noqa: BLE001 - that is what is looked for
        return _told(fault)


def _told(fault: BaseException) -> int:
    sys.stdout.write(f"{type(fault).__name__}: {fault}\n")
    return 599


@pytest.mark.parametrize("who", ACTORS)
def test_no_form_falls_over_what_is_typed(cast: Cast, undo: Undo, who: str) -> None:
    client, wrong, n = cast.client(who), [], Counter[int]()
    for url, names in forms_of(client, pages(cast, who)).items():
        if url in ("/sign-out", "/sign-in"):
            continue  # leaving ends the test; signing in counts wrong tries
        with undo():
            for label, body in _bodies(names):
                status = asks(client, "POST", url, body)
                n[status] += 1
                if status >= 500:
                    wrong.append((url, label, status))
    assert not wrong, "\n".join(map(str, wrong[:40]))
    assert n.total() > 50 or who == "nobody", n


def _bodies(names: set[str]) -> Iterator[tuple[str, bytes]]:
    yield from bodies(names, SOME)
    if FULL:
        for name in sorted(names):
            for label, value in VALUES.items():
                rest = [(other, "1") for other in sorted(names - {name})]
                yield f"{name}: {label}", encoded([(name, value), *rest])


@pytest.mark.parametrize("who", ["officer", "nobody"])
def test_no_page_falls_over_what_it_is_asked(cast: Cast, who: str) -> None:
    client, wrong = cast.client(who), []
    values = SOME if who == "officer" else {"nul": "\0", "huge": "9" * 400}
    for url in pages(cast, who):
        if asks(client, "GET", url) in (302, 401, 404):
            continue
        for label, query in asked(cast, values):
            if (status := asks(client, "GET", f"{url}?{query}")) >= 500:
                wrong.append((url, label, status))
    assert not wrong, "\n".join(map(str, wrong[:40]))


@pytest.mark.skipif(not FULL, reason="a quarter of a million questions: `make test-fuzz` asks")
def test_no_page_falls_over_one_thing_it_is_asked(cast: Cast) -> None:
    """One at a time: all at once, the first refusal would hide the rest."""
    client, wrong = cast.client("officer"), []
    for url in pages(cast, "officer"):
        if "/packets/" in url or asks(client, "GET", url) != 200:
            continue
        for name in ASKED:
            for label, value in VALUES.items():
                query = encoded([(name, value[:150])]).decode()
                if (status := asks(client, "GET", f"{url}?{query}")) >= 500:
                    wrong.append((url, name, label, status))
    assert not wrong, "\n".join(map(str, wrong[:40]))


@pytest.mark.parametrize(
    "tail", ["%00", "%ff%fe", "%2e%2e%2f", "..%5c", "x" * 8_000, "%0d%0a", "ก"]
)
def test_no_address_falls_over_its_own_parts(cast: Cast, tail: str) -> None:
    client = cast.client("officer")
    for rule in cast.app.url_map.iter_rules():
        head = rule.rule.partition("<")[0]
        for url in {
            f"{head}{tail}",
            f"{head}{tail}/edit",
            f"{rule.rule.partition('<')[0]}x/{tail}",
        }:
            assert asks(client, "GET", url) < 500, url
