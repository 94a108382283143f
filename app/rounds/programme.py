"""The programmes in force: what forms ask and what is due, as the domain asks for it.

A programme is one YAML file per mission and fiscal year, checked when it is loaded.  Another
mission of the department is a new file, not new code.  What the administrator publishes later
lies in the database; `taking_up` brings it here, and the
domain only calls `load_programme`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.rounds.library import FOLDER, Edition, Library, shipped_library
from app.rounds.reading import ProgrammeRefused, read_programme
from app.rounds.schema import Choice, PhotoThresholds, Programme, Round, Words

__all__ = [
    "FOLDER",
    "Choice",
    "PhotoThresholds",
    "Programme",
    "ProgrammeRefused",
    "Round",
    "Words",
    "choice_label",
    "load_programme",
    "programme_key",
    "programme_named",
    "programme_of_year",
    "programmes_in_force",
    "programmes_of_key",
    "programmes_shipped",
    "put_in_force",
    "read_programme",
    "renew",
    "seen_stamp",
]


@dataclass(frozen=True, slots=True)
class _State:
    """What this process goes by; replaced as a whole."""

    library: Library
    now: Programme
    stamp: object = None  # by which an edge knows that nothing has changed since


_state: _State | None = None


def put_in_force(name: str, today: date | None = None) -> None:
    """Start this process with the programme `name`, forgetting what was published elsewhere.

    `name` is one of `app/programme` or the path of a YAML file; `today` a Bangkok day, without
    which the named programme is the one in force.

    Raises ProgrammeRefused, changing nothing.
    """
    _set(shipped_library(name), today)


def renew(name: str, editions: Sequence[Edition], today: date, stamp: object) -> None:
    """Take up what is published by now, oldest first, over what `name` starts with."""
    _set(replace(shipped_library(name), editions=tuple(editions)), today, stamp)


def seen_stamp() -> object:
    """The stamp of the last `renew`; None since `put_in_force`."""
    return _known().stamp


def load_programme() -> Programme:
    """The programme of what is due now.  Raises ProgrammeRefused."""
    return _known().now


def programme_key(programme: Programme) -> str:
    """A programme of a fiscal year, whatever its version: `khok_nong_na_2567`."""
    return f"{programme.key}_{programme.fiscal_year}"


def programme_named(name: str) -> Programme:
    """The version a record was filled under (`khok_nong_na_2567.1`); else the one in force."""
    state = _known()
    return state.library.named(name) or state.now


def programme_of_year(fiscal_year: int) -> Programme | None:
    """The programme in force for a fiscal year (Buddhist era), if there is one."""
    return _known().library.by_year.get(fiscal_year)


def programmes_in_force() -> tuple[Programme, ...]:
    """One programme per fiscal year, newest year first."""
    return _known().library.in_force


def programmes_of_key(key: str) -> tuple[Programme, ...]:
    """Every version known of `khok_nong_na_2567`, the one published last first."""
    return _known().library.of_key(key)


def programmes_shipped() -> list[tuple[Programme, str]]:
    """What the installation starts with, each with its file's text; the configured one first."""
    library = _known().library
    return list(zip((library.start, *library.shipped), library.texts, strict=True))


def choice_label(choices: Sequence[Choice], key: str | None, locale: str) -> str:
    """The words of `key`, or the key itself where the list no longer knows it."""
    for choice in choices:
        if choice.key == key:
            return choice.in_(locale)
    return key or ""


def _known() -> _State:
    if _state is None:
        put_in_force("khok_nong_na_2567")
    assert _state is not None  # noqa: S101 - put_in_force set it or raised
    return _state


def _set(library: Library, today: date | None, stamp: object = None) -> None:
    global _state  # noqa: PLW0603 - a process serves one installation
    _state = _State(library, library.at(today) if today else library.start, stamp)
