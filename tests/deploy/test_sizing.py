"""The sizing table of docs/operations.md: made of what benches measured, and honest where not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.sizing import BEGIN, CPU, DOCUMENT, END, FILES, Known, needs, rules, write


def test_rules_are_the_figures_by_core() -> None:
    known = Known({"records, one a request, 8 clients": 300.0, CPU: 0.2, FILES: 4.0}, {})
    told = dict(rules(known, cores=2))
    assert told["records, each in a request of its own, for each core"] == "150 /s"
    assert told["photos processed and examined, for each worker with a core"] == "5 /s"
    assert told["files of 1,000 photos of 12 megapixels"] == "4 GB"
    assert told["photos of 4 MB taken in, whole"] == "not measured"


def test_a_nation_s_last_day_says_how_many_workers() -> None:
    known = Known({CPU: 0.2, FILES: 4.0}, {})
    told = dict(needs(known, 76))
    # 3.5 million a year in four rounds, half of each within eight hours: 15.2 a second, 3.04 cores
    # of work, 5 workers where a core is busy for 70 % at most.
    assert told["workers of photos then, each with a core"] == "5"
    assert told["files a year"] == "14 TB"
    assert told["cores of web and database then"] == "not measured"


def test_the_table_takes_the_place_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tmp_path / "operations.md"
    document.write_text(f"before\n{BEGIN}\nold figures\n{END}\nafter\n")
    figures = [{"what": CPU, "value": 0.1}]
    (tmp_path / "sizing.json").write_text(json.dumps({"load": 1.5, "figures": figures}))
    known = Known.kept(tmp_path)
    monkeypatch.setattr(Known, "kept", lambda: known)
    write(document)
    told = document.read_text()
    assert "old figures" not in told
    assert "| photos processed and examined, for each worker with a core | 10 /s |" in told
    assert told.startswith("before\n")
    assert told.endswith("\nafter\n")


def test_the_document_has_a_place_for_it() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text.index(BEGIN) < text.index(END)
