"""Fields: what a kind of record asks for, said once for the JSON door, the form and the rules.

Pure.  The words beside a field are the slice's `phrases`; what a choice offers is the programme's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.rounds.programme import Choice, Programme

FieldType = Literal[
    "text",  # one line
    "lines",  # several lines
    "day",  # a Bangkok day
    "choice",  # one key of the programme's list `offered`
    "choices",  # any of them, each once
    "whole",  # a whole number
    "link",  # an address on the web, http or https
    "ref",  # the id of another record
    "refs",  # ids of photos and documents: evidence, which may come later than what it proves
    "rows",  # some rows of `columns`
]
LONGEST_TEXT, LONGEST_LINES, LONGEST_LINK = 200, 2_000, 1_000  # code points
MOST_BAHT = 999_999_999
MOST_ROWS = 100
MOST_REFS = 40


@dataclass(frozen=True, slots=True)
class Field:
    """One field.  `name` is the column, the JSON key and the form's box."""

    name: str
    type: FieldType
    needed: bool = False
    longest: int = 0  # code points; 0: what its type allows
    least: int = 0  # of a number
    most: int = MOST_BAHT  # of a number
    offered: str = ""  # the programme's list
    columns: tuple[Field, ...] = ()  # of rows
    may_come: bool = False  # a day may lie in the future
    personal: bool = False  # a person's: no values in histories, masked in lists

    def choices(self, programme: Programme) -> Sequence[Choice]:
        """What can be chosen; `assessment.criteria` reaches into a part of the programme."""
        found: Any = programme
        for name in self.offered.split("."):
            found = getattr(found, name)
        choices: Sequence[Choice] = found
        return choices

    @property
    def limit(self) -> int:
        """The most code points of a text."""
        return self.longest or {"lines": LONGEST_LINES, "link": LONGEST_LINK}.get(
            self.type, LONGEST_TEXT
        )

    @property
    def nothing(self) -> object:
        """What is stored where nothing was said."""
        return [] if self.type in ("choices", "refs", "rows") else None


def facts_for_phone(fields: Sequence[Field]) -> list[Mapping[str, object]]:
    """The fields as the phone's rules and forms read them."""
    return [
        {
            "name": field.name, "type": field.type, "needed": field.needed, "longest": field.limit,
            "least": field.least, "most": field.most, "offered": field.offered,
            "mayCome": field.may_come, "columns": facts_for_phone(field.columns),
        }
        for field in fields
    ]  # fmt: skip
