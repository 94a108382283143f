"""Every question can be put in Thai and in English, with its figures and without a gap."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app.findings import rules
from app.findings.evidence import Draft
from app.findings.wording import SENTENCES, words, words_outside

FACTS: dict[str, Any] = {
    "distance_m": 2612, "by": "file", "age_min": 25, "accuracy_m": 900, "days": 12,
    "taken_day": "2024-02-01", "record_day": "2024-02-13", "skew_min": 150,
    "taken_at": "2024-02-13T02:30:00+00:00", "received_at": "2024-02-13T07:30:00+00:00",
    "captured_at": "2024-02-13T02:30:00+00:00", "not_before_at": "2024-02-12T02:30:00+00:00",
    "not_after_at": "2024-02-13T02:30:00+00:00", "width": 320, "height": 240,
}  # fmt: skip
REUSE: dict[str, Any] = {
    "centre_id": "c", "centre_name": "ศูนย์เรียนรู้บ้านดง", "same_centre": False,
    "same_quarter": False, "earlier_day": "2023-11-02", "struck_out": False, "copies": 1,
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_sentence_is_complete_in_both_languages(code: str) -> None:
    kind = code.partition("_")[0]
    draft = Draft(kind, code, FACTS | REUSE if kind == "reuse" else FACTS)  # type: ignore[arg-type]
    written = words(draft)
    for text in written:
        assert text and "{" not in text and "  " not in text
    assert re.search("[ก-๙]", written.th) and not re.search("[ก-๙]", written.en.replace(
        REUSE["centre_name"], ""))  # fmt: skip
    names = [{name for _t, name, _s, _c in Formatter().parse(text) if name}
             for text in SENTENCES[code]]  # fmt: skip
    assert (names[0] ^ names[1]) <= {"days"}


def test_every_code_of_the_rules_has_a_sentence() -> None:
    folder = Path(rules.__file__).parent
    found = set()
    for name in ("rules", "place_rules", "time_rules", "reuse_rules"):
        tree = ast.parse((folder / f"{name}.py").read_text("utf-8"))
        texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
        found |= {t for t in texts if isinstance(t, str) and t in SENTENCES}
        kinds = "position|time|reuse|source|quality|file"
        coded = {t for t in texts if isinstance(t, str) and re.fullmatch(f"({kinds})_[a-z_]+", t)}
        assert coded - {"time_gps_differs", "time_invalid", "time_clock_unset", "file_name"} <= set(
            SENTENCES
        )
    assert found == set(SENTENCES)


def test_a_far_photo_is_asked_about_with_its_distance() -> None:
    written = words(Draft("position", "position_far", {"distance_m": 2612, "by": "device"}))
    assert written.th == "พิกัดจากโทรศัพท์อยู่ห่างจากศูนย์ 2.6 กม. ภาพนี้ถ่ายที่ไหน หรือพิกัดคลาดเคลื่อน"
    assert "2.6 km" in written.en


def test_years_are_buddhist_in_both_languages() -> None:
    facts = {"taken_day": "2024-02-01", "record_day": "2024-02-13", "days": 12}
    written = words(Draft("time", "time_other_day", facts))
    assert "1 ก.พ. 2567" in written.th and "13 Feb 2567 BE" in written.en


def test_the_other_centre_is_named_only_for_those_who_may_know() -> None:
    draft = Draft("reuse", "reuse_picture", REUSE | {"mirrored": True, "kept_share": 0.81}, "x")
    inside, outside = words(draft), words_outside(draft)
    assert outside is not None
    assert "ศูนย์เรียนรู้บ้านดง" in inside.th and "ศูนย์เรียนรู้บ้านดง" in inside.en
    assert "บ้านดง" not in outside.th + outside.en
    for text in (inside.th, outside.th):
        assert "2 พ.ย. 2566" in text and "กลับซ้ายขวา ตัดขอบเหลือ 81%" in text
    assert "mirrored and cropped to 81%" in outside.en


def test_only_a_reuse_has_words_for_outsiders() -> None:
    assert words_outside(Draft("position", "position_weak")) is None
