"""What the tests of forgetting may ask for."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import World
from tests.sync.phone_client import Phone


@pytest.fixture
def phones(app: Flask, world: World) -> tuple[Phone, Phone]:
    """The volunteer's phone and an officer's."""
    found = []
    for who in ("volunteer", "officer"):
        phone = Phone(app.test_client(use_cookies=False))
        phone.enrol(who, "a long test password")
        found.append(phone)
    return found[0], found[1]
