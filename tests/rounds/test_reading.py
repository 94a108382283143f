"""A programme file is judged whole: every fault with its own line, and nothing can make it slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.rounds.parsing import MOST_BYTES
from app.rounds.programme import FOLDER, ProgrammeRefused, read_programme
from app.rounds.reading import read_text

TEXT = (FOLDER / "khok_nong_na_2567.yaml").read_text("utf-8")


def _told(text: str | bytes) -> list[str]:
    with pytest.raises(ProgrammeRefused) as refused:
        read_text(text, "file")
    return str(refused.value).splitlines()


def _line_of(text: str, word: str) -> int:
    return next(number for number, row in enumerate(text.splitlines(), 1) if word in row)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("level: district", "level: distrct", "Did you mean district?"),
        ("due_on: 2024-02-13", "due_onn: 2024-02-13", "Did you mean due_on?"),
        ("- {points: 2, th", "- {points: 9, th", "points of the sentences must rise"),
        (
            "side: place, th",
            "side: plaice, th",
            "no plaice in five_p. Did you mean place?",
        ),
        ("strategy: strengthen", "strategy: mend", "There is no mend in strategies."),
        ("rounds: [plan]", "rounds: [plam]", "There is no plam in rounds. Did you mean plan?"),
        ("grades: [A, B]", "grades: [A, D]", "There is no D in grades."),
        ("from_percent: 60", "from_percent: 90", "from_percent must fall"),
        ("from_percent: 0,", "from_percent: 5,", "must begin at 0"),
        ("- level: 3\n", "- level: 5\n", "must count 1, 2, 3"),
        ("due_on: 2024-01-30", "due_on: 2567-01-30", "common era"),
        ("due_on: 2024-01-30", "due_on: 2024-02-30", "A day is expected"),
        ("first: 2024-02, last: 2024-03", "first: 2024-04, last: 2024-03", "is after"),
        ("{key: unreachable,", "{key: lost,", "Counts rest on this key"),
        ("least: 100}", "least: 100, most: 1}", "not both"),
        ("{key: water,", "{key: layout,", "Two entries share a key"),
        ("version: 1", "version: one", "A whole number"),
        ("{key: other,", "{key: no,", "Put them in quotation marks"),
        ("quarter: 2567Q2", "quarter: 2567Q5", "not a fiscal quarter"),
    ],
)
def test_a_fault_stands_at_its_own_line(old: str, new: str, told: str) -> None:
    assert old in TEXT
    changed = TEXT.replace(old, new, 1)
    pairs = zip(TEXT.splitlines(), changed.splitlines(), strict=False)
    number = next(at for at, (before, after) in enumerate(pairs, 1) if before != after)
    # What is wrong with a list or an entry as a whole is told where that begins.
    near = (number, number - 1, number - 2)
    lines = _told(changed)
    assert any(int(row.split(":")[1]) in near and told in row for row in lines), lines


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    changed = (
        TEXT.replace("version: 1", "version: one", 1)
        .replace("strategy: strengthen", "strategy: mend", 1)
        .replace("due_on: 2024-01-30", "due_onn: 2024-01-30", 1)
    )
    lines = _told(changed)
    assert [word for row in lines for word in ("one", "mend", "due_onn") if word in row] != []
    numbers = [int(row.split(":")[1]) for row in lines]
    assert numbers == sorted(numbers)
    assert {_line_of(changed, w) for w in ("version: one", "mend", "due_onn")} <= set(numbers)


def test_a_key_written_twice_names_both_lines() -> None:
    changed = TEXT.replace("strategies:\n", "strategies: []\nstrategies:\n", 1)
    first = _line_of(changed, "strategies: []")
    assert (
        f"file:{first + 1}: strategies is written twice here; it stands in line {first}"
        in (_told(changed)[0])
    )


def test_bytes_that_are_no_utf8_name_their_line() -> None:
    line = _line_of(TEXT, "title:")
    spoilt = TEXT.encode().replace("ศูนย์".encode(), "ศูนย์".encode("cp874"), 1)
    assert _told(spoilt) == [f"file:{line}: This line is not UTF-8 text. Save the file as UTF-8."]


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing here"),
        ("# a comment\n", "nothing here"),
        ("- a\n- b\n", "something else"),
        ("just words", "something else"),
        ("key: a\n\tb: c\n", "cannot be read as YAML"),
        ("key: !!python/object/apply:os.system [ls]\n", "cannot be read as YAML"),
        ("[" * 100_000, "nested too deeply"),
        ("a: &a [*a]\n", "leads back into itself"),
        (LAUGHS, "repeat too much"),
        ("key: x\n" * MOST_BYTES, "too large"),
        ("key: a\x07\n", "no text may hold (U+0007)"),
        ("? [a]\n: 1\n", "cannot be read as YAML"),
    ],
)
def test_what_is_no_programme_is_refused_with_a_line(text: str, told: str) -> None:
    (only,) = _told(text)
    assert told in only
    assert only.split(":")[1].isdecimal()


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    with file.open("wb") as opened:
        opened.truncate(5_000_000)
    with pytest.raises(ProgrammeRefused, match=r"big.yaml:1: This is too large"):
        read_programme(file)


def test_references_that_stay_small_are_welcome() -> None:
    """The odd programme of these tests names one list twice."""
    changed = TEXT.replace("sectors:\n", "sectors: &s\n", 1)
    start = changed.index("visitor_sectors:")
    end = changed.index("topics:", start)
    assert read_text(changed[:start] + "visitor_sectors: *s\n" + changed[end:], "f").visitor_sectors


def test_a_mark_at_the_files_beginning_does_no_harm() -> None:
    assert read_text("\ufeff" + TEXT, "f").key == "khok_nong_na"
