"""Wording: every refusal that any slice can give has its sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.web.wording import SENTENCES
from config import ROOT


def _sources() -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield path, node


def _codes() -> Iterator[tuple[str, str]]:
    for path, node in _sources():
        where = path.relative_to(ROOT).as_posix()
        for code in _of_problem(node) or _of_class(node):
            yield code, where


def _of_problem(node: ast.AST) -> list[str]:
    """The literal codes of `Problem("field", "code")`, also of `"a" if … else "b"`."""
    if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem"):
        return []
    return [
        part.value
        for part in ast.walk(node.args[1])
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def _of_class(node: ast.AST) -> list[str]:
    """The code of `class Refusal(DomainError): code = "…"`."""
    if not isinstance(node, ast.ClassDef):
        return []
    return [
        line.value.value
        for line in node.body
        if isinstance(line, ast.Assign)
        and getattr(line.targets[0], "id", "") == "code"
        and isinstance(line.value, ast.Constant)
        and isinstance(line.value.value, str)
    ]


def test_every_refusal_has_its_sentence() -> None:
    missing = {f"{code} ({where})" for code, where in _codes() if code not in SENTENCES}
    assert not missing
