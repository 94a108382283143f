"""Phones that carry people, for tests of what happens when they are lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import PASSWORD, World
from tests.sync.phone_client import Phone


@pytest.fixture
def phone_of(app: Flask, world: World) -> Callable[[str], Phone]:
    """Enrol a new phone for someone of `world`."""

    def enrolled(who: str) -> Phone:
        phone = Phone(app.test_client(use_cookies=False))
        phone.enrol(who, PASSWORD)
        return phone

    return enrolled
