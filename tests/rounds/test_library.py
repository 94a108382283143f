"""Which programme is in force: of a year, now, and where only a path is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.rounds.cloning import for_next_year, with_version, years_left
from app.rounds.library import Edition, shipped_library
from app.rounds.programme import FOLDER, ProgrammeRefused
from app.rounds.reading import read_text

TEXT = (FOLDER / "khok_nong_na_2567.yaml").read_text("utf-8")
ODD = Path(__file__).parent / "odd_programme.yaml"
NEXT = for_next_year(TEXT)
AFTER = for_next_year(NEXT)


def _edition(text: str, version: int, day: int) -> Edition:
    programme = read_text(with_version(text, version), "f")
    when = datetime(2024, 1, day, tzinfo=UTC)
    return Edition(programme.key, programme.fiscal_year, version, when, with_version(text, version))


LIBRARY = replace(
    shipped_library("khok_nong_na_2567"),
    editions=(_edition(TEXT, 3, 1), _edition(TEXT, 2, 2), _edition(AFTER, 1, 3)),
)


def test_in_force_is_what_was_published_last_whatever_its_number() -> None:
    names = [one.name for one in LIBRARY.in_force]
    assert names == ["khok_nong_na_2569.1", "khok_nong_na_2567.2"]


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2024, 2, 1), "khok_nong_na_2567.2"),  # the running year's
        (date(2025, 2, 1), "khok_nong_na_2567.2"),  # 2568 has none: the newest that has begun
        (date(2025, 10, 1), "khok_nong_na_2569.1"),  # the first day of 2569
        (date(2030, 1, 1), "khok_nong_na_2569.1"),
        (date(2020, 1, 1), "khok_nong_na_2567.2"),  # none has begun: what the settings name
    ],
)
def test_what_is_in_force_on_a_day(today: date, name: str) -> None:
    assert LIBRARY.at(today).name == name


def test_every_version_ever_published_stays_known() -> None:
    for name in ("khok_nong_na_2567.1", "khok_nong_na_2567.3", "khok_nong_na_2569.1"):
        found = LIBRARY.named(name)
        assert found
        assert found.name == name
    assert LIBRARY.named("khok_nong_na_2567.9") is None
    assert [one.version for one in LIBRARY.of_key("khok_nong_na_2567")] == [2, 3, 1]


def test_a_path_stands_alone_and_a_name_brings_its_missions_other_years() -> None:
    assert [one.name for one in shipped_library(str(ODD)).in_force] == ["weaving_2568.4"]
    assert shipped_library("khok_nong_na_2567").start.fiscal_year == 2567
    with pytest.raises(ProgrammeRefused, match=r"absent\.yaml:1: The file cannot be read"):
        shipped_library("/absent.yaml")


def test_a_year_later_keeps_every_other_line() -> None:
    old, new = TEXT.splitlines(), NEXT.splitlines()
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert len(changed) == 22
    assert all(any(y in b for y in ("2568", "2024", "2025")) for _, b in changed)
    assert years_left(TEXT, NEXT, 2567) == [1, 4, 323]


def test_a_leap_day_and_thai_words_before_a_date_do_not_shift_it() -> None:
    row = '  - {key: a, title: {th: "ที่ปี่น้ำ", en: "x"}, level: centre, quarter: 2567Q2,'
    text = f"version: 9\nrounds:\n{row} opens_on: '2024-02-29', due_on: 2024-02-29}}\n"
    moved = for_next_year(text)
    assert "quarter: 2568Q2, opens_on: '2025-02-28', due_on: 2025-02-28}" in moved
    assert "version: 1\n" in moved
    assert "ที่ปี่น้ำ" in moved


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_line_checks_and_lists(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    assert isinstance(runner, CliRunner)
    whole = runner.invoke(args=["programme", "check", str(ODD)])
    assert (whole.exit_code, "odd_programme.yaml is whole: weaving_2568.4" in whole.output) == (
        0, True,
    )  # fmt: skip
    spoilt = tmp_path / "spoilt.yaml"
    spoilt.write_text(TEXT.replace("level: district", "level: village"), "utf-8")
    told = runner.invoke(args=["programme", "check", str(spoilt)])
    assert told.exit_code == 1
    assert told.output.count("village is not one of centre, district") == 8
    assert told.output.startswith("spoilt.yaml:284: rounds.network.level: ")
    assert runner.invoke(args=["programme", "check", str(tmp_path)]).exit_code == 1
    listed = runner.invoke(args=["programme", "list"])
    assert listed.exit_code == 0
    assert "khok_nong_na_2567.1" in listed.output
    assert "in force" in listed.output
