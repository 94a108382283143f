"""bandit over the program: nothing of medium severity or more that its line does not argue.

python -m tools.security.bandit_check
"""

from __future__ import annotations

import json
import subprocess
import sys

from tools.security.findings import Finding, unargued
from tools.setup.console import complain
from tools.setup.places import PYTHON, ROOT

SCANNED = ("app", "tools", "worker.py", "config.py")


def scan(*paths: str) -> list[Finding]:
    """Run bandit; every finding of medium or high severity."""
    command = [PYTHON, "-m", "bandit", "-q", "-ll", "-f", "json", "-r", *(paths or SCANNED)]
    done = subprocess.run(
        list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = json.loads(done.stdout)
    if told["errors"]:
        raise SystemExit(f"bandit could not read: {told['errors']}")
    return [
        Finding(
            path=one["filename"], first=min(one["line_range"]), last=max(one["line_range"]),
            rule=one["test_id"], words=one["issue_text"], noqa="S" + one["test_id"][1:],
        )
        for one in told["results"]
    ]  # fmt: skip


def main() -> int:
    """Say what no line argues; 0 if there is nothing."""
    left = unargued(scan(*sys.argv[1:]))
    for found in left:
        complain(str(found))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
