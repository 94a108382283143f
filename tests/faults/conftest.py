"""Stands of the product that the tests of one process share: each test brings its own village."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.stand import Stand, standing


@pytest.fixture(scope="session")
def sqlite_stand() -> Iterator[Stand]:
    """The product on SQLite."""
    with standing("sqlite") as stand:
        yield stand


@pytest.fixture(scope="session")
def postgresql_stand() -> Iterator[Stand]:
    """The product on a PostgreSQL that waits for the disk."""
    with standing("postgresql") as stand:
        yield stand


@pytest.fixture
def stand(request: pytest.FixtureRequest, kind: str) -> Stand:
    """The stand of this `kind`, with every part running."""
    found: Stand = request.getfixturevalue(f"{kind}_stand")
    for name, part in found.parts.items():
        if part.process is None or part.process.poll() is not None:
            found.start(name)
    return found
