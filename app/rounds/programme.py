"""The programme file: one YAML per programme and fiscal year, checked when it is loaded.

Another mission of the department is a new file in `app/programme/`, not new code.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import click
import yaml
from pydantic import ValidationError

from app.rounds.schema import Choice, PhotoThresholds, Programme, Round, Words

__all__ = [
    "Choice",
    "PhotoThresholds",
    "Programme",
    "ProgrammeRefused",
    "Round",
    "Words",
    "choice_label",
    "load_programme",
    "put_in_force",
    "read_programme",
]

FOLDER = Path(__file__).resolve().parent.parent / "programme"


class ProgrammeRefused(click.ClickException):
    """The file is not a programme; `str()` lists every reason with its line."""


def choice_label(choices: Sequence[Choice], key: str | None, locale: str) -> str:
    """The words of `key`, or the key itself where the list no longer knows it."""
    for choice in choices:
        if choice.key == key:
            return choice.in_(locale)
    return key or ""


_in_force = "khok_nong_na_2567"


def put_in_force(name: str) -> None:
    """Make `name` the programme of this process.  Raises ProgrammeRefused, changing nothing."""
    global _in_force  # noqa: PLW0603 - a process serves one programme
    _loaded(name)
    _in_force = name


def load_programme() -> Programme:
    """The programme in force, loaded once.  Raises ProgrammeRefused."""
    return _loaded(_in_force)


@cache
def _loaded(name: str) -> Programme:
    return read_programme(FOLDER / f"{name}.yaml")


def read_programme(path: Path) -> Programme:
    """Read and check one programme file.  Raises ProgrammeRefused with line numbers."""
    try:
        text = path.read_text("utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (OSError, yaml.YAMLError) as error:
        raise ProgrammeRefused(f"{path.name}: {error}") from error
    try:
        return Programme.model_validate(data)
    except ValidationError as error:
        lines = [
            f"{path.name}:{_line(node, problem['loc'])}: "
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise ProgrammeRefused("\n".join(lines)) from error


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line (from 1) of the deepest part of `location` that the file has."""
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = next((v for k, v in node.value if k.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = node.value[step] if step < len(node.value) else None
        else:
            found = None
        if found is None:
            break
        node = found
    return node.start_mark.line + 1 if node is not None else 1
