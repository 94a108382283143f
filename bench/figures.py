"""Figures: what every bench leaves behind, so that one table can be made of all.

A figure stands beside its bar (what it must reach) and, where there is one, beside the limit that
the same machine showed in the same run.  `var/bench/figures/<bench>.json` holds the last run's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from tools.setup.places import VAR

FOLDER = VAR / "bench" / "figures"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; `bar` must be reached from the side that `good` names."""

    what: str
    value: float
    unit: str
    good: Literal["high", "low"] = "high"
    bar: float | None = None
    limit: float | None = None  # of the machine, in the same run and unit

    @property
    def verdict(self) -> str:
        """Whether the bar is met."""
        if self.bar is None:
            return ""
        met = self.value >= self.bar if self.good == "high" else self.value <= self.bar
        return "pass" if met else "**miss**"

    def row(self) -> str:
        """Its line of the table."""
        sign = ">=" if self.good == "high" else "<="
        bar = f"{sign} {self.bar:g}" if self.bar is not None else ""
        limit = f"{self.limit:.3g} ({self.value / self.limit:.2f} x)" if self.limit else ""
        return f"| {self.what} | {self.value:.4g} {self.unit} | {bar} | {self.verdict} | {limit} |"


HEAD = "| what | figure | bar | | limit of the machine |\n|---|---|---|---|---|"


def keep(bench: str, figures: Sequence[Figure]) -> None:
    """Print a bench's figures as a table, and keep them for the table of all."""
    load = os.getloadavg()[0]
    print(f"\n{bench} (load of the machine {load:.1f}, {os.cpu_count()} cores)\n\n{HEAD}")
    for figure in figures:
        print(figure.row())
    FOLDER.mkdir(parents=True, exist_ok=True)
    told = {"load": load, "figures": [asdict(figure) for figure in figures]}
    (FOLDER / f"{bench}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))


def kept(benches: Sequence[str]) -> Iterator[str]:
    """The lines of the table of all benches that left figures."""
    yield HEAD
    for bench in benches:
        path = FOLDER / f"{bench}.json"
        if path.exists():
            told = json.loads(path.read_text("utf-8"))
            yield f"| **{bench}** (load {told['load']:.1f}) | | | | |"
            yield from (Figure(**each).row() for each in told["figures"])
