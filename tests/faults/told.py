"""The long form's table: fault x rounds x what was lost x seconds until it was made good."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.reckoning import Reckoned
from tests.faults.village import Village


@dataclass(frozen=True, slots=True)
class Line:
    """What a storm came to."""

    fault: str
    kind: str
    seed: int
    recoveries_s: Sequence[float]
    village: Village
    left: Reckoned

    def __str__(self) -> str:
        recoveries = sorted(self.recoveries_s)
        answers = self.village.tally.answers
        again = {key: count for key, count in answers.items() if key.isdigit()}
        cut = sum(count for key, count in answers.items() if key[0].isupper())
        return (
            f"| {self.fault} | {self.kind} | {len(recoveries)} | 0 of {self.left.visits} records,"
            f" {self.left.photos} photos | {statistics.median(recoveries):.1f} /"
            f" {recoveries[-1]:.1f} | {self.left.finished_s:.0f} |"
            f" {self.village.tally.longest_s:.1f} | {again or ''} {cut} cut |"
            f" {self.left.partials} | seed {self.seed} |"
        )


def tell(line: Line) -> None:
    """Print it; pytest shows it with `-s` or `-rP`, `make test-faults` does."""
    print(line)  # noqa: T201 - what the long form is for
