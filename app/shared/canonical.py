"""Canonical JSON: the one spelling of a value that a digest or a signature can stand on.

In the manner of RFC 8785: keys in order, no blanks, numbers as ECMAScript prints them; ids and
instants have one spelling, too.  Nearly every value is spelled by the standard library's own
encoder, which is some ten times as quick; where what it wrote could differ from the standard's
spelling - a number of an unusual size, a key beyond the basic plane - the value is spelled here,
piece by piece.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

# What Python writes otherwise than ECMAScript: 1.0, -0.0, any exponent.  Found in a text it is a
# false alarm, and costs no more than time.  Keys beyond the basic plane have another order.
_DOUBTFUL = re.compile(r"[:\[,]-?[0-9]+(?:\.0[,\]}]|[.0-9]*e)|[\U00010000-\U0010ffff]")


def canonical_json(value: object) -> str:
    """Write `value` in the one spelling that has a hash.  Raises TypeError for unknown types."""
    if not isinstance(value, dict | list):
        return _exactly(value)
    try:
        quick = "".join(_quickly(value, 0))
    except (TypeError, ValueError):  # a number that is none, a mapping of another kind
        return _exactly(value)
    return _exactly(value) if _DOUBTFUL.search(quick) else quick


def _quoted_apart(value: object) -> str:
    """What the encoder does not know, without the quotes that it will put."""
    match value:
        case UUID():
            return str(value)
        case datetime():
            return _instant_text(value)
        case date():
            return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not for the quick way")


# What `json.dumps` makes anew at every call, made once: the encoder in C, and in Python where there
# is none.  In this order: circles, what is unknown, texts, indent, separators, sorted keys, keys
# that are no texts, numbers that are none.
_make: Any = getattr(json.encoder, "c_make_encoder", None)
_quickly: Callable[[object, int], Iterable[str]] = (
    _make(None, _quoted_apart, json.encoder.encode_basestring, None, ":", ",", True, False, False)
    if _make
    else lambda value, _: _exactly(value)
)


def _exactly(value: object) -> str:
    write = _WRITERS.get(type(value))
    return write(value) if write else _unusual(value)


def _object(value: Mapping[str, object]) -> str:
    inside = [f"{_text(key)}:{_exactly(value[key])}" for key in _in_order(value)]
    return "{" + ",".join(inside) + "}"


def _in_order(keys: Iterable[str]) -> list[str]:
    """The order of RFC 8785 and of ECMAScript: by UTF-16 code units, not by code points."""
    names = list(keys)
    if "".join(names).isascii():  # then both orders are one
        return sorted(names)
    return sorted(names, key=lambda name: name.encode("utf-16-be", "surrogatepass"))


def _list(value: Iterable[object]) -> str:
    return "[" + ",".join([_exactly(item) for item in value]) + "]"


def _unusual(value: object) -> str:
    """What is a kind of something that has a spelling."""
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, str):
        return _plain_text(value)
    for kind in (list, tuple, int, float, Decimal, UUID, datetime, date):
        if isinstance(value, kind):
            return _WRITERS[kind](value)
    raise TypeError(f"{type(value).__name__} has no canonical spelling")


def _plain_text(value: object) -> str:
    return _text(str(value))


def _instant_text(value: datetime) -> str:
    """UTC to the millisecond, as `Date.prototype.toISOString` writes it."""
    if value.tzinfo is None:
        raise TypeError("a naive datetime has no canonical spelling")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(value: float) -> str:
    """Spell a number as ECMAScript does: 1 for 1.0, 0.00001 and not 1e-05, 1e-7 and not 1e-07."""
    if value == 0:
        return "0"  # minus zero too
    spelled = repr(value)
    if "e" not in spelled and "n" not in spelled:
        return spelled.removesuffix(".0")
    if not math.isfinite(value):
        raise TypeError("NaN and infinity have no canonical spelling")
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(spelled), "f")
    mantissa, _, exponent = spelled.partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent):+d}"


# By exact type.
_text: Callable[[str], str] = json.encoder.encode_basestring
_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: _text,
    int: str,
    float: _number,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    dict: _object,
    list: _list,
    tuple: _list,
    UUID: _plain_text,
    datetime: lambda value: _text(_instant_text(value)),
    date: lambda value: _text(value.isoformat()),
    Decimal: lambda value: _number(float(value)),
}
