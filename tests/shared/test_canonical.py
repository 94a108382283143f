"""The quick spelling is the exact one: RFC 8785, said here once more, word for word.

`canonical_json` is what every digest and every receipt stands on, and it is written for speed; so
whatever can be sent is spelled both by it and by the plain reading of the standard below.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.shared.canonical import canonical_json

letters = st.characters(exclude_categories=[])  # halves of pairs as well
texts = st.text(letters) | st.sampled_from(["\U0001f600", "\uffe5", ""])
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [1e-6, 9.99e-7, 1e-4, 9.99e-5, 1e15, 1e16, 1e20, 1e21, 2.0**53, 19.15, 100.27, -0.0, 1.0]
)
scalars = st.none() | st.booleans() | st.integers() | numbers | texts
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=30
)


@given(values)
def test_whatever_is_sent_is_spelled_as_the_standard_says(value: Any):
    assert canonical_json(value) == _by_the_book(value)


@given(values)
def test_what_is_spelled_can_be_read_again(value: Any):
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


def _by_the_book(value: Any) -> str:
    match value:
        case dict():
            names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
            inside = (f"{_text(name)}:{_by_the_book(value[name])}" for name in names)
            return "{" + ",".join(inside) + "}"
        case list():
            return "[" + ",".join(map(_by_the_book, value)) + "]"
        case str():
            return _text(value)
        case float():
            return _number(value)
    return json.dumps(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """ECMAScript's Number::toString, step by step, from the shortest digits that read back."""
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    figures = "".join(map(str, digits))
    k, n = len(figures), len(figures) + int(exponent)
    if k <= n <= 21:
        text = figures + "0" * (n - k)
    elif 0 < n <= 21:
        text = f"{figures[:n]}.{figures[n:]}"
    elif -6 < n <= 0:
        text = "0." + "0" * -n + figures
    else:
        head = figures[0] + (f".{figures[1:]}" if k > 1 else "")
        text = f"{head}e{n - 1:+d}"
    return "-" * sign + text
