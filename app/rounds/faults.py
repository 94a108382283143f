"""Faults of a programme file: a line, a place, a code and facts, with the sentence in English.

Whoever edits a programme reads them on a page in Thai (`fault_words`) and on the command line here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


def N_(sentence: str) -> str:  # noqa: N802 - the name by which Babel finds sentences
    """Mark a sentence for the catalogue."""
    return sentence


SENTENCES = {
    # --- what can be told without reading on ---
    "unreadable": N_("The file cannot be read: %(why)s"),
    "too_large": N_("This is too large for a programme. At most %(most)s kB."),
    "not_utf8": N_("This line is not UTF-8 text. Save the file as UTF-8."),
    "control": N_("There is a character here that no text may hold (U+%(sign)s)."),
    "empty": N_("There is nothing here. A programme begins with `key:`."),
    "not_a_programme": N_("A programme is made of `key: value` lines; this is something else."),
    "yaml": N_("This cannot be read as YAML: %(why)s"),
    "too_deep": N_("This is nested too deeply for a programme."),
    "expands": N_("The references (*) from here on repeat too much. Write the entries out."),
    "circular": N_("This reference (*) leads back into itself. Write the entry out."),
    "twice": N_("%(name)s is written twice here; it stands in line %(first)s already."),
    # --- an entry by itself ---
    "unknown": N_("%(name)s is not known here."),
    "unknown_near": N_("%(name)s is not known here. Did you mean %(near)s?"),
    "missing": N_("%(name)s is missing here."),
    "not_text": N_("Words are expected here. Put them in quotation marks."),
    "text_empty": N_("This must not be empty: at least 1 character."),
    "pattern": N_("%(given)s cannot be used here. It has to be of the form %(pattern)s"),
    "not_one_of": N_("%(given)s is not one of %(allowed)s."),
    "not_one_of_near": N_("%(given)s is not one of %(allowed)s. Did you mean %(near)s?"),
    "not_number": N_("A number is expected here."),
    "not_whole": N_("A whole number is expected here."),
    "not_bool": N_("Either true or false is expected here."),
    "too_small": N_("This is too small. At least %(bound)s."),
    "too_big": N_("This is too large. At most %(bound)s."),
    "too_few": N_("Too few entries. At least %(bound)s."),
    "not_date": N_("A day is expected here, such as 2024-02-13."),
    "not_quarter": N_("%(given)s is not a fiscal quarter. Write it as 2567Q1."),
    "not_list": N_("A list is expected here."),
    "not_part": N_("Entries like `key: value` are expected here."),
    "not_link": N_("A web address is expected here."),
    "other": N_("This does not fit: %(why)s"),
    # --- entries that do not go together ---
    "once_or_monthly": N_("A round has either quarter, opens_on and due_on, or monthly."),
    "opens_late": N_("opens_on is after due_on."),
    "first_late": N_("The month in first is after the one in last."),
    "one_bound": N_("Either least or most is needed here, not both."),
    "shared_key": N_("Two entries share a key: %(name)s stands in line %(first)s already."),
    "fixed_key": N_("Counts rest on this key. It is one of %(allowed)s; the words are yours."),
    "must_rise": N_("These numbers must rise, each given once."),
    "points_rise": N_("The points of the sentences must rise, and the last must be more than 0."),
    "no_such": N_("There is no %(name)s in %(where)s."),
    "no_such_near": N_("There is no %(name)s in %(where)s. Did you mean %(near)s?"),
    "grades_fall": N_("Grades stand best first: from_percent must fall."),
    "last_grade": N_("The last grade must begin at 0, or some centres would have none."),
    "levels_count": N_("The levels of the scale must count 1, 2, 3 and on."),
    "year_far": N_(
        "The year %(year)s lies far from fiscal year %(fiscal_year)s. Days are written in the"
        " common era, as 2024-02-13."
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the line (from 1), the entry, and what its sentence needs."""

    line: int
    place: str  # rounds.plan.due_on; empty for the file as a whole
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        sentence = SENTENCES[self.code] % self.facts
        return (
            f"{self.line}: {self.place}: {sentence}" if self.place else f"{self.line}: {sentence}"
        )


def in_order(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """By line, each once."""
    kept = {str(fault): fault for fault in faults}
    return tuple(sorted(kept.values(), key=lambda fault: fault.line))
