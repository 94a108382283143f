"""The children's log files: kept small, and read for the few lines a person must see."""

import re
import time
from pathlib import Path

LARGEST_BYTES = 5 * 1024 * 1024
KEPT = 3
QUIET_S = 10  # at most one line per child in this time: a storm stays in its file
_IMPORTANT = re.compile(r"\b(ERROR|CRITICAL)\b")


def rotate(log: Path) -> None:
    """Give a log that has grown large a number and start a new one; keep the last few."""
    if not log.exists() or log.stat().st_size < LARGEST_BYTES:
        return
    for number in range(KEPT, 1, -1):
        older = log.with_suffix(f".{number - 1}.log")
        if older.exists():
            older.replace(log.with_suffix(f".{number}.log"))
    log.replace(log.with_suffix(".1.log"))


class Follower:
    """Reads what was added to a log and picks the lines worth showing."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.offset = log.stat().st_size if log.exists() else 0
        self._silent_until_s = 0.0

    def important(self) -> str | None:
        """Return the first important new line, shortened, unless one was shown just now."""
        added = self._added()
        if time.monotonic() < self._silent_until_s:
            return None
        for line in added.splitlines():
            if _IMPORTANT.search(line[:200]):
                self._silent_until_s = time.monotonic() + QUIET_S
                return line.strip()[:160]
        return None

    def _added(self) -> str:
        size = self.log.stat().st_size if self.log.exists() else 0
        if size < self.offset:  # it was rotated
            self.offset = 0
        if size == self.offset:
            return ""
        with self.log.open("rb") as file:
            file.seek(max(self.offset, size - 100_000))
            self.offset = size
            return file.read().decode("utf-8", "replace")
