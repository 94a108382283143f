"""The checks and the tests, in the order in which they are cheapest to fail."""

import os
import subprocess
from collections.abc import Sequence

from tools.setup.console import Steps, complain, say
from tools.setup.node import get_node, install_modules
from tools.setup.places import PYTHON, ROOT

# The script in .venv/bin names its Python by path and breaks when the folder moves.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
FORGETFUL = "PYTHONDONTWRITEBYTECODE"


def run_tests() -> int:
    """Run everything; return 0 if all of it passed.  pytest comes last, so its line is last."""
    failed = [*run_checks(), *_run_scripts()]
    if failed:
        complain(f"Failed so far: {', '.join(failed)}")
    say("pytest")
    code = call([PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", "-q"])
    return code or (1 if failed else 0)


def run_checks() -> list[str]:
    """Run lint, format, types, layers and bandit; return the names of those that failed."""
    module = [PYTHON, "-m"]
    checks: dict[str, list[object]] = {
        "ruff check": [*module, "ruff", "check", "--quiet", "."],
        "ruff format": [*module, "ruff", "format", "--check", "--quiet", "."],
        "mypy": [*module, "mypy"],
        "lint-imports": [PYTHON, "-c", LINT_IMPORTS, "--no-logo"],
        "bandit": [*module, "tools.security.bandit_check"],
    }
    return [name for name, command in checks.items() if not _passes(name, command)]


def _run_scripts() -> list[str]:
    """Run the tests of the pages' JavaScript, where there are any."""
    scripts = sorted((ROOT / "tests" / "js").rglob("*.test.js"))
    if not scripts:
        return []
    node = get_node(Steps(1))
    install_modules(node, Steps(1), with_browser=True)  # the tests' own packages come with it
    command = [node.node, "--test", "--test-reporter=spec", *scripts]
    return [] if _passes("node --test", command) else ["node --test"]


def call(command: Sequence[object]) -> int:
    """Run a command in the open; return its code.

    Compiled code is kept, whatever a container's image says: the tests start the product hundreds
    of times, and each start without it costs a second of a processor, or four where the libraries
    were installed without it.
    """
    words = [str(word) for word in command]
    environ = {name: value for name, value in os.environ.items() if name != FORGETFUL}
    return subprocess.run(words, cwd=ROOT, check=False, env=environ).returncode


def _passes(name: str, command: Sequence[object]) -> bool:
    """Run one check in the open; tell whether it passed."""
    say(name)
    return call(command) == 0
