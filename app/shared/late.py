"""What is loaded when it is asked for, and not before: a web process never asks.

The commands of `flask`, and the migrations with Alembic, are some 18 MB of every process.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from click import Command
from flask.cli import AppGroup


class LateCommands(AppGroup):
    """The commands of `flask`; `load` adds them, once, when the first is looked for."""

    def __init__(self, name: str, load: Callable[[], None]) -> None:
        self._load: Callable[[], None] | None = None
        super().__init__(name)
        self._load = load

    @property
    def commands(self) -> MutableMapping[str, Command]:
        """All of them, by name."""
        if self._load:
            load, self._load = self._load, None
            load()
        return self._known

    @commands.setter
    def commands(self, known: MutableMapping[str, Command]) -> None:
        self._known = known


class Late:
    """Stands where an extension will; `begin` puts it there and returns it."""

    def __init__(self, begin: Callable[[], object]) -> None:
        self._begin = begin

    def __getattr__(self, name: str) -> Any:
        return getattr(self._begin(), name)
