"""Runs of other processes, measured by what the kernel says they used, and bars over them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tools.setup.places import ROOT

_UNIT = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, kB on Linux


@dataclass(frozen=True, slots=True)
class Run:
    """One process and those it started: seconds, the largest size of any, and its last line."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    said: str


@dataclass(slots=True)
class Runs:
    """The same command, round after round."""

    all: list[Run] = field(default_factory=list)

    def median(self, unit: str) -> float:
        """Of "cpu_s", "wall_s" or "peak_mb"."""
        return statistics.median(getattr(run, unit) for run in self.all)


def run(command: Sequence[object]) -> Run:
    """Run a command to its end.

    Raises:
        SystemExit: it failed.
    """
    began = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout
    said = process.stdout.read().decode().strip()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    wall_s = time.monotonic() - began
    peak_mb = used.ru_maxrss * _UNIT / 1024**2
    return Run(used.ru_utime + used.ru_stime, wall_s, peak_mb, said.rpartition("\n")[2])


@dataclass(frozen=True, slots=True)
class Bar:
    """A goal: the figure may be at most so much."""

    what: str
    figure: float
    limit: float

    @property
    def row(self) -> str:
        """The table's row."""
        verdict = "pass" if self.figure <= self.limit else "**miss**"
        return f"| {self.what} | {self.figure:.2f} | <= {self.limit} | {verdict} |"


def model() -> str:
    """The processor's name."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return "processor unknown"


def load() -> str:
    """How busy the machine was in the last 1, 5 and 15 minutes."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())
