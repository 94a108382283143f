"""An environment of its own for a tool: made on demand from a lock file, checked by stamp."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.setup.console import say
from tools.setup.places import PYTHON, ROOT, VAR
from tools.setup.trouble import Trouble


def get_tool(name: str) -> Path:
    """The folder of programs of `requirements-<name>.txt`'s environment; made if it is not there.

    Raises:
        Trouble: the packages cannot be had.
    """
    lock = ROOT / f"requirements-{name}.txt"
    place = VAR / "tools" / name
    stamp, wanted = place / ".installed", hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return place / "bin"
    say(f"Getting {name} ready")
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    _run([PYTHON, "-m", "uv", "venv", "--quiet", "--python", PYTHON, place], name)
    install = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--require-hashes"]
    _run([*install, "--python", place / "bin" / "python", "-r", lock], name)
    stamp.write_text(wanted)
    return place / "bin"


def _run(command: Sequence[object], name: str) -> None:
    words = [str(word) for word in command]
    env = os.environ | {"UV_NO_PROGRESS": "1"}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Trouble(
            f"{name} could not be installed: {' '.join(last)}",
            "Check that the package index can be reached, then run the same command again",
        )
