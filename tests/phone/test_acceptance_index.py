"""What is said to prove the phone exists: docs/phone-tests.md names tests, a row a promise."""

from __future__ import annotations

import re

import pytest

from tools.setup.places import ROOT

PAGE = (ROOT / "docs" / "phone-tests.md").read_text("utf-8")


def test_all_fifteen_have_a_row() -> None:
    assert re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE) == [str(n) for n in range(1, 16)]


@pytest.mark.parametrize("proof", sorted(set(re.findall(r"`(tests/[\w/.]+(?:::\w+)?)`", PAGE))))
def test_what_is_named_exists(proof: str) -> None:
    file, _, name = proof.partition("::")
    content = (ROOT / file).read_text("utf-8")
    assert not name or f"def {name}(" in content
