"""The rules see what they are for, and let pass what they are not for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tools.security import bandit_check, semgrep_check
from tools.security.findings import Finding, unargued
from tools.setup.places import VAR

CASES = Path(__file__).parent / "cases"
_NOTE = re.compile(r"(ruleid|ok): ([\w-]+)")


def notes(word: str) -> set[tuple[str, int, str]]:
    """Where the cases say that a rule catches, or passes: the line after the note."""
    return {
        (path.relative_to(CASES).as_posix(), number + 1, found[2])
        for path in CASES.rglob("*.*")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if (found := _NOTE.search(line)) and found[1] == word
    }


def rule_ids() -> set[str]:
    return {
        rule["id"]
        for path in semgrep_check.RULES.glob("*.yaml")
        for rule in yaml.safe_load(path.read_text("utf-8"))["rules"]
    }


def test_every_rule_has_a_case_it_catches_and_one_it_lets_pass() -> None:
    for word in ("ruleid", "ok"):
        assert rule_ids() == {rule for _path, _line, rule in notes(word)}


def test_the_rules_catch_what_the_cases_say_and_nothing_else(tmp_path: Path) -> None:
    if not (VAR / "tools" / "semgrep" / ".installed").exists():
        pytest.skip("`make check-security` has not been run here: it brings semgrep")
    shutil.copytree(CASES, tmp_path / "cases")  # semgrep passes over folders named tests
    found = semgrep_check.scan(tmp_path / "cases", ["."])

    caught = {(one.path.removeprefix("./"), one.first, one.rule) for one in found}
    assert caught == notes("ruleid")


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("return Markup(svg)", False),
        ("return Markup(svg)  # noqa: S704 - our own squares", True),
        ("return Markup(svg)  # noqa: S608 - another matter", False),
        ("return Markup(svg)  # nosemgrep: markup-of-values - ours", True),
        ("return Markup(svg)  # nosemgrep: markup-of-values", False),
        ("return Markup(svg)  # nosemgrep: shell - another matter", False),
    ],
)
def test_only_a_line_that_says_why_is_let_pass(tmp_path: Path, line: str, passes: bool) -> None:
    (tmp_path / "x.py").write_text(f"import markupsafe\n\n{line}\n")
    found = Finding("x.py", 3, 3, "markup-of-values", "words", noqa="S704")

    assert (unargued([found], tmp_path) == []) is passes


def test_bandit_sees_a_shell(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("import subprocess\nsubprocess.call('ls ' + name, shell=True)\n")

    assert [one.rule for one in bandit_check.scan(str(bad))] == ["B602"]
