"""Cursors: what was tampered with is refused before the database sees it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest

from app.packets.models import Packet
from app.shared.clock import now
from app.shared.ids import new_id
from app.shared.paging import BadCursor, decode_cursor, encode_cursor

ID = "018d5c00-0000-7000-8000-000000000000"
KEY = (Packet.requested_at, Packet.id)


def _cursor(*values: object) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_a_cursor_comes_back_as_it_was() -> None:
    values = [now(), new_id()]
    assert decode_cursor(encode_cursor(values), KEY) == values


@pytest.mark.parametrize(
    "cursor",
    [
        _cursor("0001-01-01T00:00:00+14:00", ID),
        _cursor("9999-12-31T23:59:59-14:00", ID),
        _cursor("2024-01-01T00:00:00", ID),
        _cursor("2024-01-01T00:00:00+07:00", "x"),
        _cursor("2024-01-01T00:00:00+07:00"),
        _cursor(1, ID),
        "%%%",
        "A" * 700,
    ],
)
def test_a_crooked_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor, KEY)
