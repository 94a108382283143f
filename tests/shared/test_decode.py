"""The JSON door's readers that no slice's contract cases cover."""

from __future__ import annotations

import pytest

from app.shared.decode import JsonRecord
from app.shared.errors import Malformed


def _octets(value: object) -> bytes | None:
    return JsonRecord({"key": value}, {"key"}).octets("key", longest=32)


@pytest.mark.parametrize(
    ("text", "found"),
    [(None, None), ("", b""), ("AA", b"\0"), ("_-8", b"\xff\xef"), ("A" * 43, bytes(32))],
)
def test_bytes_are_read_from_base64url(text: str | None, found: bytes | None) -> None:
    assert _octets(text) == found


@pytest.mark.parametrize(
    "value",
    ["AB", "AA==", "+/8", "A", "A A", "AAA\n", "กก", "\ud800", "A" * 44, "A" * 10**6, 5, [], True],
)
def test_bytes_in_any_other_spelling_are_refused(value: object) -> None:
    with pytest.raises(Malformed) as refused:
        _octets(value)
    assert refused.value.field == "key"
