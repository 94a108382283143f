"""Reading a programme: text in, a `Programme` or every fault with its line out.

Everything that is wrong is told at once: what an entry may be (`schema`) and what the whole file
must hold together (`cross`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import click
import yaml
from pydantic import ValidationError

from app.rounds.cross import Location, cross_faults, nearest
from app.rounds.faults import Fault, in_order
from app.rounds.parsing import MOST_BYTES, Unfit, decoded, line_of, parsed, written_twice
from app.rounds.schema import Part, Programme

MOST_FAULTS = 200  # who has more has sent something else


class ProgrammeRefused(click.ClickException):
    """It is not a programme; `faults` says why, `str()` lists every reason with its line."""

    def __init__(self, name: str, *faults: Fault) -> None:
        self.faults = in_order(faults)
        super().__init__("\n".join(f"{name}:{fault}" for fault in self.faults))


def read_programme(path: Path) -> Programme:
    """Read and check one programme file.  Raises ProgrammeRefused."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Unfit(1, "too_large", most=MOST_BYTES // 1000)
        content = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ProgrammeRefused(path.name, Fault(1, "", "unreadable", {"why": why})) from error
    except Unfit as unfit:
        raise ProgrammeRefused(path.name, unfit.fault) from None
    return read_text(content, path.name)


def read_text(content: bytes | str, name: str) -> Programme:
    """Check a programme's text; `name` stands before the line numbers.  Raises ProgrammeRefused."""
    try:
        node, data = parsed(decoded(content))
    except Unfit as unfit:
        raise ProgrammeRefused(name, unfit.fault) from None
    faults = [*written_twice(node), *(_told(node, data, *found) for found in cross_faults(data))]
    try:
        programme = Programme.model_validate(data)
    except ValidationError as error:
        faults += [_of_schema(node, data, each) for each in error.errors()[:MOST_FAULTS]]
    if faults:
        raise ProgrammeRefused(name, *faults[:MOST_FAULTS])
    return programme


def _told(
    node: yaml.Node, data: Any, where: Location, code: str, facts: dict[str, object]
) -> Fault:
    if isinstance(facts.get("first"), tuple):
        facts = facts | {"first": line_of(node, facts["first"])}  # type: ignore[arg-type]
    return Fault(line_of(node, where), _place(data, where), code, facts)


def _of_schema(node: yaml.Node, data: Any, problem: Any) -> Fault:
    where: Location = problem["loc"]
    kind, given, bounds = problem["type"], problem["input"], problem.get("ctx", {})
    code, facts = _SIMPLE.get(kind, ("", {}))
    if kind in ("missing", "extra_forbidden"):
        code = "missing" if kind == "missing" else "unknown"
        facts = {"name": where[-1]}
        near = nearest(where[-1], _known_names(where[:-1])) if code == "unknown" else None
        code, facts = ("unknown_near", facts | {"near": near}) if near else (code, facts)
        return Fault(line_of(node, where, key=True), _place(data, where[:-1]), code, facts)
    if kind == "literal_error":
        code, facts = _not_one_of(given, bounds["expected"])
    elif kind in _BOUNDS:
        code = _BOUNDS[kind]
        facts = {"bound": f"{next(iter(bounds.values())):g}"}
    elif kind == "too_short":
        code, facts = "too_few", {"bound": bounds["min_length"]}
    elif kind == "string_pattern_mismatch":
        code, facts = "pattern", {"given": given, "pattern": bounds["pattern"]}
    elif kind in _OURS:
        code, facts = kind, dict(bounds)
    elif not code:
        code, facts = "other", {"why": problem["msg"]}
    return Fault(line_of(node, where), _place(data, where), code, facts)


_SIMPLE: dict[str, tuple[str, dict[str, object]]] = {
    "string_type": ("not_text", {}),
    "string_too_short": ("text_empty", {}),
    "int_type": ("not_whole", {}),
    "int_parsing": ("not_whole", {}),
    "int_from_float": ("not_whole", {}),
    "float_type": ("not_number", {}),
    "float_parsing": ("not_number", {}),
    "finite_number": ("not_number", {}),
    "bool_type": ("not_bool", {}),
    "bool_parsing": ("not_bool", {}),
    "date_type": ("not_date", {}),
    "date_parsing": ("not_date", {}),
    "date_from_datetime_parsing": ("not_date", {}),
    "date_from_datetime_inexact": ("not_date", {}),
    "tuple_type": ("not_list", {}),
    "model_type": ("not_part", {}),
    "model_attributes_type": ("not_part", {}),
    "url_parsing": ("not_link", {}),
    "url_scheme": ("not_link", {}),
    "url_type": ("not_link", {}),
}
_BOUNDS = {
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_big",
    "less_than": "too_big",
}
_OURS = ("not_quarter", "once_or_monthly", "opens_late", "first_late", "one_bound")


def _not_one_of(given: object, expected: str) -> tuple[str, dict[str, object]]:
    allowed = [word for word in re.findall(r"'([^']*)'", expected) if word]
    facts: dict[str, object] = {"given": given, "allowed": ", ".join(allowed)}
    if near := nearest(given, set(allowed)):
        return "not_one_of_near", facts | {"near": near}
    return "not_one_of", facts


def _known_names(where: Location) -> set[str]:
    """The names that the part at `where` may hold."""
    part: type[Part] | None = Programme
    for step in where:
        if isinstance(step, str) and part is not None:
            found = part.model_fields.get(step)
            part = _part_in(found.annotation) if found else None
    return set(part.model_fields) if part else set()


def _part_in(annotation: Any) -> type[Part] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next((part for each in get_args(annotation) if (part := _part_in(each))), None)


def _place(data: Any, where: Location) -> str:
    """The entry in words: one of a list goes by its key, else by its number from 1."""
    words = ""
    for step in where:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        key = data.get("key") if isinstance(step, int) and isinstance(data, dict) else None
        if isinstance(step, int) and not isinstance(key, str):
            words += f"[{step + 1}]"
        else:
            words += f".{key or step}"
    return words.removeprefix(".")
