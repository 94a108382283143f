"""A pooled connection is asked whether it is alive where that is in doubt, and only there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

from app.shared import alive
from app.shared.alive import ask_seldom

ENDS_IT = text("select pg_terminate_backend(:pid, 5000)")


@pytest.fixture
def asked() -> list[object]:
    """Every connection that was asked."""
    return []


@pytest.fixture
def engine(make_postgres_database: Callable[..., str], asked: list[object]) -> Iterator[Engine]:
    engine = create_engine(make_postgres_database(), pool_pre_ping=True)
    ask = engine.dialect.do_ping

    def noted(connection: object) -> bool:
        asked.append(connection)
        return ask(connection)  # type: ignore[arg-type]

    engine.dialect.do_ping = noted  # type: ignore[method-assign,assignment]
    ask_seldom(engine)
    yield engine
    engine.dispose()


def test_one_that_worked_a_moment_ago_is_not_asked(engine: Engine, asked: list[object]):
    assert [_pid(engine) for _ in range(5)] == [_pid(engine)] * 5
    assert asked == []


def test_one_that_has_lain_idle_is_asked(
    engine: Engine, asked: list[object], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(alive, "MOMENT_S", -1.0)
    assert _pid(engine) == _pid(engine)
    assert len(asked) == 1


def test_one_that_the_server_ended_a_moment_ago_is_replaced(engine: Engine):
    first = _pid(engine)
    other = create_engine(engine.url)
    with other.connect() as connection:
        assert connection.scalar(ENDS_IT, {"pid": first})
    other.dispose()
    assert _pid(engine) != first


def _pid(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("select pg_backend_pid()")) or 0)
