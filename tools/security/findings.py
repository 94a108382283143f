"""What a scanner found, and whether the line itself argues it.

`# noqa: S704 - why` argues bandit's B704 (ruff's S rules are bandit's), and a rule of ours whose
metadata name it; `nosemgrep: <rule> - why` argues that rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.setup.places import ROOT


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: where, which rule, what it says.  Lines count from 1, both ends included."""

    path: str
    first: int
    last: int
    rule: str
    words: str
    noqa: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.first}: {self.rule}: {self.words}"


def unargued(findings: list[Finding], root: Path = ROOT) -> list[Finding]:
    """Those that no line among theirs argues."""
    return [found for found in findings if not _argued(found, root)]


def _argued(found: Finding, root: Path) -> bool:
    lines = (root / found.path).read_text("utf-8").splitlines()
    near = lines[max(found.first - 2, 0) : found.last]  # an argument may stand on the line above
    own = any(f"nosemgrep: {found.rule} - " in line for line in near)
    return own or any(_says_noqa(line, found.noqa) for line in lines[found.first - 1 : found.last])


def _says_noqa(line: str, code: str) -> bool:
    return bool(code) and "noqa:" in line and code in line
