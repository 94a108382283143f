"""The programme file: what the letter says, and faults told with their line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.rounds.calendar import occurrences, occurrences_of
from app.rounds.programme import (
    FOLDER,
    ProgrammeRefused,
    choice_label,
    load_programme,
    put_in_force,
    read_programme,
)
from app.rounds.queries import quarters_known
from app.shared.clock import Quarter

TEXT = (FOLDER / "khok_nong_na_2567.yaml").read_text("utf-8")


def test_the_letters_calendar_is_kept() -> None:
    due = {o.key: (str(o.quarter), o.due_on) for o in occurrences(load_programme())}
    letter = {
        "plan": ("2567Q1", date(2024, 2, 13)),
        "result_2024_02": ("2567Q1", date(2024, 2, 25)),
        "progress_1": ("2567Q2", date(2024, 1, 30)),
        "progress_2": ("2567Q2", date(2024, 2, 15)),
        "progress_3": ("2567Q2", date(2024, 3, 15)),
        "publicity_2024_02": ("2567Q2", date(2024, 2, 15)),
        "publicity_2024_04": ("2567Q3", date(2024, 4, 15)),
    }
    assert {key: due[key] for key in letter} == letter


def test_a_round_counts_for_its_quarter_whatever_its_date() -> None:
    keys = [o.key for o in occurrences_of(load_programme(), Quarter.parse("2567Q1"))]
    assert keys == ["assessment", "network", "plan", "result_2024_02", "result_2024_03"]


def test_a_due_day_without_offices_moves_to_the_next_that_has_them() -> None:
    """25 February 2024 was a Sunday, and Monday made up for Makha Bucha on the Saturday."""
    due = next(o for o in occurrences(load_programme()) if o.key == "result_2024_02")
    assert (due.due_on, due.due_by) == (date(2024, 2, 25), date(2024, 2, 27))


def test_the_five_p_and_the_seven_sectors_are_there() -> None:
    programme = load_programme()
    assert [len(programme.five_p), len(programme.sectors), len(programme.strategies)] == [5, 7, 3]


def test_a_programme_that_is_not_there_is_never_put_in_force() -> None:
    before = load_programme()
    with pytest.raises(ProgrammeRefused, match="absent"):
        put_in_force("absent")
    assert load_programme() is before


def test_a_retired_answer_still_shows_as_itself() -> None:
    topics = load_programme().topics
    assert choice_label(topics, "water", "th") == "หนองน้ำ/คลองไส้ไก่"
    assert choice_label(topics, "retired", "en") == "retired"
    assert choice_label(topics, None, "en") == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("quarter: 2567Q1", "quarter: 2567Q9", "not a fiscal quarter"),
        ("level: district", "level: village", "level"),
        ("followup_months: [1, 3, 6]", "followup_months: [3, 1, 6]", "must rise"),
        ("{key: seeds,", "{key: rice,", "share a key"),
        ('th: "ซ่อม"', 'th: ""', "at least 1 character"),
        ("due_on: 2024-02-13", "due_on: 2023-02-13", "opens_on is after due_on"),
        ("fiscal_year: 2567", "fiscal_year: 2024", "fiscal_year"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in TEXT
    file = tmp_path / "changed.yaml"
    file.write_text(TEXT.replace(old, new, 1), "utf-8")
    with pytest.raises(ProgrammeRefused, match=told) as refused:
        read_programme(file)
    assert str(refused.value).startswith("changed.yaml:")


def test_the_line_is_the_faults_own(tmp_path: Path) -> None:
    file = tmp_path / "changed.yaml"
    changed = TEXT.replace("quarter: 2567Q1", "quarter: nonsense", 1)
    file.write_text(changed, "utf-8")
    line = next(n for n, row in enumerate(changed.splitlines(), 1) if "nonsense" in row)
    with pytest.raises(ProgrammeRefused, match=f"changed.yaml:{line}:"):
        read_programme(file)


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "key: [", "\x00"])
def test_what_is_no_programme_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(ProgrammeRefused):
        read_programme(file)


def test_quarters_run_from_the_programmes_first_to_today() -> None:
    quarters = quarters_known(load_programme(), date(2024, 5, 1))
    assert [str(q) for q in quarters] == ["2567Q3", "2567Q2", "2567Q1"]
