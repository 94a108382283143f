"""The programme says from where on something is worth a question, and a wrong number is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.rounds.programme import FOLDER, ProgrammeRefused, read_programme

TEXT = (FOLDER / "khok_nong_na_2567.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("smallest_px: 640", "smallest_px: -1", "smallest_px"),
        ("witnesses_agree_m: 500", "witnesses_agree_m: far", "A number is expected"),
        ("days_apart: 0", "days_apart: 1.5", "A whole number is expected"),
        ("days_apart: 0", "day_apart: 0", "days_apart"),
        ("likeness_least: 0.7 ", "likeness_least: 75 ", "At most 1"),
    ],
)
def test_a_wrong_threshold_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in TEXT
    file = tmp_path / "changed.yaml"
    file.write_text(TEXT.replace(old, new, 1), "utf-8")
    with pytest.raises(ProgrammeRefused, match=told) as refused:
        read_programme(file)
    line = int(str(refused.value).split(":")[1])
    photos = TEXT.splitlines().index("photos:") + 1
    assert photos <= line <= photos + 30
