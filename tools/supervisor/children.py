"""One child: started, watched, started again after a growing pause, ended."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.setup.console import say
from tools.setup.places import LOGS, ROOT
from tools.supervisor.logs import Follower, rotate
from tools.supervisor.processes import die_with_parent, end_group

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
DEATHS_TOLD = 5
STEADY_S = 60.0  # a child that lived this long starts again with the first pause


class Child:
    """A program that is kept running.  `parting_signal` is what it gets if we are killed."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        *,
        parting_signal: int = signal.SIGKILL,
    ) -> None:
        self.name, self.command, self.env = name, [str(part) for part in command], dict(env)
        self.parting_signal = parting_signal
        self.log = LOGS / f"{name.replace(' ', '-')}.log"
        self.follower = Follower(self.log)
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self._started_s = self._start_again_s = 0.0

    @property
    def pid(self) -> int | None:
        """Return the process id while it is not known to have ended."""
        return self.process.pid if self.process else None

    def age_s(self) -> float:
        """Return for how many seconds it has been running; 0 if it is not."""
        return 0.0 if self.ended() else time.monotonic() - self._started_s

    def start(self) -> None:
        """Start it, its output going to its log."""
        rotate(self.log)
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(self.parting_signal),  # noqa: PLW1509  (no threads)
            )
        self._started_s = time.monotonic()

    def tend(self) -> None:
        """Look after it once: note a death, start it again when its pause is over."""
        now_s = time.monotonic()
        if self.process is None:
            if now_s >= self._start_again_s:
                self.start()
        elif self.process.poll() is not None:
            self._note_death(now_s)
        elif now_s - self._started_s >= STEADY_S:
            self.deaths = 0

    def ask_to_end(self) -> None:
        """Send SIGTERM to it alone; it knows how to end what it started."""
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGTERM)

    def ended(self) -> bool:
        """Tell whether it is not running."""
        return self.process is None or self.process.poll() is not None

    def end(self) -> None:
        """Kill it and what is left of its group."""
        if self.process:
            end_group(self.process.pid)
            self.process.wait()
            self.process = None

    def _note_death(self, now_s: float) -> None:
        assert self.process is not None  # noqa: S101  (the caller has just polled it)
        how = _how_it_ended(self.process.returncode)
        end_group(self.process.pid)
        self.process = None
        self.deaths += 1
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self.deaths - 1))
        self._start_again_s = now_s + pause_s
        if self.deaths <= DEATHS_TOLD:
            say(f"{self.name} {how}; starting it again in {pause_s:g} s (log: {self.log.name})")
        elif self.deaths == DEATHS_TOLD + 1:
            say(f"{self.name} keeps ending; it is tried again and again, now without a word")


def _how_it_ended(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
