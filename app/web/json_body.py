"""A request's JSON body, read strictly: either what its sender meant, or a refusal with a code.

Python's own reader takes NaN, the last of two equal keys, half characters, and numbers that no
phone can hold, and a hundred thousand brackets bring it down.  Here each of these is answered
`malformed_json` with a `reason`; the size and the type are judged before a byte is parsed.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import NoReturn

from flask import request

from app.shared.errors import DomainError

DEEPEST = 32  # brackets inside brackets; our own bodies have 6
LARGEST = 2**53 - 1  # beyond this a phone's own numbers are no longer whole
_CHUNK = 64 * 1024
# Possessive: never steps back, so a body of nothing but quotes costs one pass, not a square.
_BAD = re.compile("[\0\ud800-\udfff]")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class MalformedJson(DomainError):
    """The body is not one JSON value that every program reads alike (`reason`)."""

    code = "malformed_json"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class UnsupportedMediaType(DomainError):
    """The body does not say that it is plain JSON in UTF-8 (`expected`)."""

    code = "unsupported_media_type"


class RequestTooLarge(DomainError):
    """The body is larger than this address takes (`max_bytes`)."""

    code = "request_too_large"


def read_json(max_bytes: int) -> object:
    """The body of this request as one JSON value.

    Raises:
        UnsupportedMediaType: it is not declared as `application/json` in UTF-8, unpacked.
        RequestTooLarge: it is larger than `max_bytes`, whatever its Content-Length says.
        MalformedJson: it is not JSON in the strict sense above.
    """
    _check_type()
    return parse_json(_read(max_bytes))


def parse_json(body: bytes) -> object:
    """One JSON value out of `body`.  Raises MalformedJson."""
    text = _decode(body)
    _check_depth(body)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except ValueError as error:
        raise MalformedJson("syntax") from error
    if "\\u" in text:  # the only way to write what strict UTF-8 has refused already
        _check_characters(value)
    return value


def _check_type() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").casefold()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(expected="application/json")
    if request.headers.get("Content-Encoding", "identity").strip().casefold() != "identity":
        raise UnsupportedMediaType(expected="identity")  # no bombs to unpack


def _read(max_bytes: int) -> bytes:
    if (request.content_length or 0) > max_bytes:
        raise RequestTooLarge(max_bytes=max_bytes)
    body = bytearray()
    try:
        while len(body) <= max_bytes and (part := request.stream.read(_CHUNK)):
            body += part
    except OSError as error:  # chunks without a size, a line that broke: not ours to log
        raise MalformedJson("cut_off") from error
    if len(body) > max_bytes:
        raise RequestTooLarge(max_bytes=max_bytes)
    return bytes(body)


def _decode(body: bytes) -> str:
    if not body.strip():
        raise MalformedJson("empty")
    if body.startswith(codecs.BOM_UTF8):
        raise MalformedJson("byte_order_mark")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJson("not_utf8") from error


def _check_depth(body: bytes) -> None:
    """Refuse before parsing: the parser goes down as deep as it is told, and falls over."""
    depth = 0
    for bracket in _STRING.sub(b"", body).translate(None, delete=_NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEEPEST:
            raise MalformedJson("too_deep")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):  # which one is meant, nobody can say
        raise MalformedJson("duplicate_key")
    return found


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:  # length first: int() is slow on millions
        raise MalformedJson("number_too_large")
    return int(digits)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise MalformedJson("number_too_large")
    return value


def _constant(name: str) -> NoReturn:
    raise MalformedJson("not_a_number")  # NaN and Infinity are no JSON


def _check_characters(value: object) -> None:
    for text in _texts(value):
        if _BAD.search(text):
            raise MalformedJson("bad_character")


def _texts(value: object) -> Iterator[str]:
    """Every string and key inside; `_check_depth` has bounded how deep this goes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
