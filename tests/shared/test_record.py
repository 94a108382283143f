"""Content has one hash in every language, and ids tell when they were made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from app.shared.canonical import canonical_json
from app.shared.record import content_sha256, moment_of

NAIVE = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
BANGKOK = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (19.15, "19.15"),
        (0.00001, "0.00001"),
        (0.0000001, "1e-7"),
        (1e21, "1e+21"),
        (123456789012345680.0, "123456789012345680"),
        (Decimal("2.50"), "2.5"),
        ('น้ำ\u0001"', '"น้ำ\\u0001\\""'),
        (date(2024, 2, 29), '"2024-02-29"'),
        (datetime(2024, 2, 13, 9, 55, tzinfo=BANGKOK), '"2024-02-13T02:55:00.000Z"'),
        ({"b": [1, ()], "a": {}}, '{"a":{},"b":[1,[]]}'),
    ],
)
def test_a_value_is_spelled_as_a_browser_spells_it(value: object, text: str):
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), NAIVE, b"x", {1, 2}])
def test_what_has_no_spelling_has_no_hash(value: object):
    with pytest.raises(TypeError):
        canonical_json({"x": value})


def test_the_kind_of_record_is_part_of_its_content():
    assert content_sha256("visit", {"a": 1}) != content_sha256("followup", {"a": 1})


def test_the_order_of_fields_is_not_part_of_the_content():
    assert content_sha256("visit", {"a": 1, "b": 2}) == content_sha256("visit", {"b": 2, "a": 1})


def test_an_id_tells_when_it_was_made_unless_it_is_of_another_kind():
    example = UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")  # RFC 9562, appendix A.6
    assert moment_of(example) == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert moment_of(UUID("6f6b6e6f-6e67-5e61-8000-000000002567")) is None
    assert moment_of(UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")) is None
