"""semgrep with the rules beside this file, without network: nothing its line does not argue."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.security.environment import get_tool
from tools.security.findings import Finding, unargued
from tools.setup.console import complain, say
from tools.setup.places import ROOT

RULES = Path(__file__).parent / "rules"
SCANNED = ("app", "tools", "worker.py", "config.py", "templates", "static/src/js")
QUIET = {
    "SEMGREP_SEND_METRICS": "off",
    "SEMGREP_ENABLE_VERSION_CHECK": "0",
    "OTEL_SDK_DISABLED": "true",
}


class ScanFailed(RuntimeError):
    """semgrep could not read its rules or a file."""


def scan(root: Path = ROOT, paths: Sequence[str] = SCANNED) -> list[Finding]:
    """Every finding of our rules in these paths under `root`.

    Raises:
        ScanFailed: semgrep did not get through.
        Trouble: there is no semgrep, and none can be had.
    """
    program = get_tool("semgrep") / "semgrep"
    command = [
        program, "scan", "--metrics=off", "--disable-version-check", "--config", RULES, "--json",
        "--quiet", "--no-git-ignore", "--disable-nosem", "--jobs=2", *paths,
    ]  # fmt: skip
    env = os.environ | QUIET | {"PATH": f"{program.parent}:{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        list(map(str, command)), cwd=root, env=env, capture_output=True, text=True, check=False
    )
    told = json.loads(done.stdout) if done.stdout else {"errors": [done.stderr], "results": []}
    if errors := [error for error in told["errors"] if _matters(error)]:
        raise ScanFailed(str(errors[:3]))
    return [_finding(one) for one in told["results"]]


def _matters(error: Any) -> bool:
    return not isinstance(error, dict) or error.get("level") != "warn"


def _finding(one: dict[str, Any]) -> Finding:
    extra = one["extra"]
    return Finding(
        path=one["path"], first=one["start"]["line"], last=one["end"]["line"],
        rule=one["check_id"].rpartition(".")[2], words=extra["message"].strip(),
        noqa=extra.get("metadata", {}).get("noqa", ""),
    )  # fmt: skip


def check() -> int:
    """Say what no line argues; 0 if there is nothing."""
    found = scan()
    left = unargued(found)
    for one in left:
        complain(str(one))
    say(f"semgrep: {len(found)} findings, {len(found) - len(left)} argued in line")
    return 1 if left else 0
