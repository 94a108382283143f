"""What costs much and says nothing new the thousandth time is done once per test process.

Nothing a test sees changes: an application of its own is as fresh as ever, but what follows from
the source alone - a template's code, an address rule's - is compiled once; a password is hashed
with Argon2id as always, but at the lowest cost.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import cache
from types import CodeType
from typing import Any, ClassVar

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from app.accounts import passwords
from app.shared import versions

# Not the very lowest: tests call 8 KiB weak, and see it replaced when its owner comes in.
CHEAP = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
_AS_IN_AN_OFFICE = passwords._hasher
# How fast this machine is just now is no property of the program; else as is usual here or in CI.
settings.register_profile(
    "lakthan", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("lakthan")


class _Templates(BytecodeCache):
    """The code of the templates compiled so far; Jinja asks by name and by the source's hash."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


class _RememberedRule(Rule):
    """A rule that takes over what one of the same words has compiled: 0.2 ms for each of 300."""

    _compiled: ClassVar[dict[object, dict[str, Any]]] = {}

    def compile(self) -> None:
        key = (
            *(self.rule, self.subdomain, self.host, self.merge_slashes, self.map.host_matching),
            *(tuple((self.defaults or {}).items()), tuple(self.map.converters.items())),
        )
        if (known := self._compiled.get(key)) is None:
            super().compile()
            known = self._compiled[key] = {
                name: getattr(self, name)
                for name in ("_parts", "_trace", "_converters", "_build", "_build_unknown")
            } | {"arguments": set(self.arguments)}
            return
        vars(self).update(known | {"arguments": set(known["arguments"])})
        for builder in ("_build", "_build_unknown"):  # bound to the rule that compiled them
            setattr(self, builder, known[builder].__func__.__get__(self, None))


@pytest.fixture(scope="session", autouse=True)
def _thrift() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP)
        patch.setattr(versions, "version", cache(versions.version))  # of what is installed
        patch.setattr(Flask, "url_rule_class", _RememberedRule)
        patch.setattr(
            Flask, "jinja_options", Flask.jinja_options | {"bytecode_cache": _Templates()}
        )
        yield


@pytest.fixture
def hashing_as_in_an_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords at their full cost, for tests of just that."""
    monkeypatch.setattr(passwords, "_hasher", _AS_IN_AN_OFFICE)


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: the program, and five thousand tests."""
    gc.collect()
    gc.freeze()
