"""Strict JSON: what its sender meant, or a refusal; never a server error, never a guess."""

from __future__ import annotations

import contextlib
import io
import json
import time
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.json_body import DEEPEST, MalformedJson, parse_json, read_json

MAX_BYTES = 1024 * 1024


@pytest.fixture
def reader(frame: Flask) -> Flask:
    frame.config["WTF_CSRF_ENABLED"] = False  # as the API's addresses are, which take no cookies

    @frame.post("/api/v1/echo")
    def echo() -> str:
        return json.dumps({"read": read_json(MAX_BYTES)})

    return frame


def _send(reader: Flask, body: bytes, **kwargs: Any) -> tuple[int, str | None, str | None]:
    """Status, code and reason of the answer."""
    given_type = {"content_type": "application/json"} | kwargs
    answer = reader.test_client().post("/api/v1/echo", data=body, **given_type)
    shown = answer.get_json(force=True)
    return answer.status_code, shown.get("code"), (shown.get("facts") or {}).get("reason")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"n": 12, "words": ["\xe0\xb8\x81", "\\u0e01", "\\ud83c\\udf3e"]}',
         {"n": 12, "words": ["ก", "ก", "🌾"]}),
        (b" [1, -2.5, 1e3, true, null] ", [1, -2.5, 1000.0, True, None]),
        (b"9007199254740991", 2**53 - 1),
        (b'"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"', "]" * 38),
        (b"[" * DEEPEST + b"]" * DEEPEST, None),
        (b'["\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["]', ['"' + "[" * 40]),
    ],
)  # fmt: skip
def test_plain_json_is_read_as_it_is(body: bytes, value: object) -> None:
    read = parse_json(body)
    assert value is None or read == value


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b'{"a": 1', "syntax"),
        (b'{"a": 1} x', "syntax"),
        (b"{'a': 1}", "syntax"),
        (b'{"a": 01}', "syntax"),
        (b'{"a": 1,}', "syntax"),
        (b'"raw \x00 nul"', "syntax"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": 1, "\\u0061": 2}', "duplicate_key"),
        (b"[NaN]", "not_a_number"),
        (b"[Infinity]", "not_a_number"),
        (b"[-Infinity]", "not_a_number"),
        (b"[1e400]", "number_too_large"),
        (b"[-1e400]", "number_too_large"),
        (str(2**70).encode(), "number_too_large"),
        (str(2**53).encode(), "number_too_large"),
        (str(-(2**53)).encode(), "number_too_large"),
        (b"9" * 100_000, "number_too_large"),
        (rb'"\ud800"', "bad_character"),
        (rb'{"\udfff": 1}', "bad_character"),
        (rb'["\ude00\ud83d"]', "bad_character"),
        (rb'[{"a": ["\u0000"]}]', "bad_character"),
        (rb'{"\u0000": 1}', "bad_character"),
        (b'"\xed\xa0\x80"', "not_utf8"),
        (b'"\xff"', "not_utf8"),
        (b'\xef\xbb\xbf{"a": 1}', "byte_order_mark"),
        ('{"a": 1}'.encode("utf-16"), "not_utf8"),
        ('{"a": 1}'.encode("utf-16-le"), "syntax"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'"a" ' + b"[{" * 100_000, "too_deep"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(reader: Flask, body: bytes, reason: str) -> None:
    assert _send(reader, body) == (400, "malformed_json", reason)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/problem+json",
        "application/json; charset=utf-16",
        "application/json; charset=tis-620",
        "",
    ],
)
def test_only_json_in_utf8_is_read(reader: Flask, content_type: str) -> None:
    status, code, _ = _send(reader, b"{}", content_type=content_type)
    assert (status, code) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", 'Application/JSON; charset="UTF-8"', "application/json;v=1"],
)
def test_a_charset_may_be_named_if_it_is_utf8(reader: Flask, content_type: str) -> None:
    assert _send(reader, b"{}", content_type=content_type)[0] == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_packed_bodies_are_not_unpacked(reader: Flask, coding: str) -> None:
    answered = _send(reader, b"{}", headers={"Content-Encoding": coding})
    assert answered[:2] == (415, "unsupported_media_type")


def test_a_body_of_exactly_the_limit_is_read(reader: Flask) -> None:
    assert _send(reader, b'"' + b"a" * (MAX_BYTES - 2) + b'"')[0] == 200
    assert _send(reader, b'"' + b"a" * (MAX_BYTES - 1) + b'"')[:2] == (413, "request_too_large")


def test_a_large_body_is_refused_without_a_length_and_with_a_false_one(reader: Flask) -> None:
    body = b'"' + b"a" * (2 * MAX_BYTES) + b'"'
    stream = {"input_stream": io.BytesIO(body)}
    unsaid = {"wsgi.input_terminated": True}  # as a server says of a chunked body
    assert _send(reader, b"", **stream, environ_overrides=unsaid)[0] == 413
    larger = {"CONTENT_LENGTH": str(10**12)}
    assert _send(reader, b"{}", environ_overrides=larger)[0] == 413
    shorter = {"CONTENT_LENGTH": "10"}  # the rest belongs to nobody
    assert _send(reader, body, environ_overrides=shorter)[0] == 400
    nonsense = {"CONTENT_LENGTH": "-5"}
    assert _send(reader, b"{}", environ_overrides=nonsense)[0] == 400


@pytest.mark.parametrize(
    "body",
    [
        b'"' * MAX_BYTES,
        b'"' + b'\\"' * (MAX_BYTES // 2 - 1),
        b"\\" * MAX_BYTES,
        b"[]," * (MAX_BYTES // 3),
        b"[" + b"1," * (MAX_BYTES // 2 - 1) + b"1]",
        b'["' + b"\\u0e01" * (MAX_BYTES // 6 - 2) + b'"]',
    ],
)
def test_no_body_costs_more_than_its_length(body: bytes) -> None:
    started = time.perf_counter()
    with contextlib.suppress(MalformedJson):
        parse_json(body)
    assert time.perf_counter() - started < 10  # a square of a million would be hours


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), inner
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON_VALUES, st.booleans())
@settings(deadline=None)
def test_every_value_that_is_plain_comes_back(value: object, ascii_only: bool) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:\\u0d8', max_size=60).map(str.encode))
@settings(deadline=None, max_examples=500)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        json.dumps(parse_json(body), ensure_ascii=False, allow_nan=False).encode()
    except MalformedJson as error:
        assert error.facts["reason"]
