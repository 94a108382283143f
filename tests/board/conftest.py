"""What the board's tests share: a story to tell, and how to count what is asked of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.board.story import Story
from tests.conftest import World

Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def story(session: Session, world: World) -> Story:
    """Writes into the test's own session; commit what a client shall see."""
    return Story(session, world)


@pytest.fixture
def counting(session: Session) -> Counting:
    """`with counting() as statements:` fills the list with what reaches the database."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        statements: list[str] = []
        engine = session.get_bind()

        def note(*args: object) -> None:
            statements.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return count


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Make it this Bangkok day for the board's pages."""

    def set_day(day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        for module in ("routes", "board_routes", "map_routes"):
            monkeypatch.setattr(f"app.board.{module}.now", lambda: noon)

    return set_day
