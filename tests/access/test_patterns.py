# ruff: noqa: E501 - long tables and one long sentence
"""No pattern of ours can be made to step back for ever by what is typed.

Every compiled pattern of the program meets every hostile string in one process with ten seconds of
processor time: one catastrophic pattern alone would need hours.
"""

from __future__ import annotations

import subprocess
import sys

from config import ROOT

PROGRAM = r"""
import importlib, pkgutil, re, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (20, 25))
from app import create_app  # what it wires is imported
import app
found = {}
for module in pkgutil.walk_packages(app.__path__, "app."):
    if ".demo" in module.name or module.name.endswith("__main__"):
        continue
    for name, value in vars(importlib.import_module(module.name)).items():
        if isinstance(value, re.Pattern):
            found[value] = f"{module.name}.{name}"
N = 3_000
seeds = ["a", "0", " ", "ก", "๑", ".", "-", "/", "@", "a.", "a@", "0-", "a-", "\t ", "\"", "\\", "<",
         "<a ", "{", "[", "(", "0.", ":", "http://a", "=", "&", "é", "้", "\u202e", "1101700203452",
         "08-1", "00:", "a b", "xn--", "%a0", ";", ",", "'", "A0", "_"]
texts = [seed * (N // len(seed)) + tail for seed in seeds for tail in ("", "!", "\n", "\0", "x", "@")]
for pattern, name in found.items():
    print(name, file=sys.stderr, flush=True)
    for text in texts:
        told = text if isinstance(pattern.pattern, str) else text.encode("utf-8")
        pattern.match(told); pattern.fullmatch(told); pattern.search(told)
print(len(found))
"""


def test_no_pattern_steps_back_for_ever() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"out of time at {done.stderr.splitlines()[-1:]}"
    assert int(done.stdout) > 30
