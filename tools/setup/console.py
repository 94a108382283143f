"""What the person at the terminal sees: numbered steps with seconds, and quiet commands."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.setup.places import LOGS, ROOT
from tools.setup.trouble import DISK_FULL, from_output

TICK_S = 0.2
HEARTBEAT_S = 10  # without a terminal to rewrite a line on, one line this often
TAIL_BYTES = 6000
TAIL_LINES = 15
FULL_BYTES = 10 * 1024 * 1024


def say(line: str = "") -> None:
    """Print one line now."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def survive_any_terminal() -> None:
    """Print `?` for a letter that the terminal's encoding lacks, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def complain(line: str) -> None:
    """Print one line on standard error now."""
    sys.stdout.flush()
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class Steps:
    """Numbers the steps of a long command and times each: `[2/6] Python packages ... 5 s`."""

    def __init__(self, total: int, first: int = 1) -> None:
        self.total, self.number = total, first - 1
        self.label = ""
        self._began_s = time.monotonic()
        self._spoke_s = self._began_s

    @contextmanager
    def step(self, label: str) -> Iterator["Steps"]:
        """Announce a step; say at its end how long it took, or that it was ready already."""
        self.number += 1
        self.label = label
        self._began_s = self._spoke_s = time.monotonic()
        self._rewrite("...")
        try:
            yield self
        except BaseException:
            if sys.stdout.isatty():
                say()  # leave the unfinished line standing; the reason goes below it
            raise
        elapsed_s = time.monotonic() - self._began_s
        self._finish("ready" if elapsed_s < 0.5 else f"{elapsed_s:.0f} s")

    def tick(self, doing: str) -> None:
        """Show that the step is alive.  Cheap; call it as often as you like."""
        elapsed_s = time.monotonic() - self._began_s
        if sys.stdout.isatty():
            self._rewrite(f"... {elapsed_s:.0f} s {doing}")
        elif time.monotonic() - self._spoke_s >= HEARTBEAT_S:
            self._spoke_s = time.monotonic()
            say(f"[{self.number}/{self.total}] {self.label} ... {elapsed_s:.0f} s so far {doing}")

    def _rewrite(self, rest: str) -> None:
        if sys.stdout.isatty():
            width = max(40, os.get_terminal_size().columns) - 1
            line = f"[{self.number}/{self.total}] {self.label} {rest}"
            sys.stdout.write("\r\x1b[K" + line[:width])
            sys.stdout.flush()

    def _finish(self, result: str) -> None:
        clear = "\r\x1b[K" if sys.stdout.isatty() else ""
        say(f"{clear}[{self.number}/{self.total}] {self.label}: {result}")


def run_quietly(
    command: Sequence[object],
    *,
    steps: Steps,
    failing: str,
    log: str = "setup.log",
    env: Mapping[str, str] | None = None,
) -> None:
    """Run `command` with its output in var/log; show only that it lives, or why it failed.

    Raises:
        Trouble: it ended with a code other than 0.
    """
    path = LOGS / log
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as sink:
        start_bytes = sink.tell()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=dict(os.environ if env is None else env),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while _still_running(process):
            steps.tick(_last_line(path, start_bytes))
    finally:
        if process.poll() is None:  # interrupted: take the whole family down
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode:
        _explain_failure(path, start_bytes, failing)


def _still_running(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(timeout=TICK_S)
    except subprocess.TimeoutExpired:
        return True
    return False


def _explain_failure(path: Path, start_bytes: int, failing: str) -> None:
    if shutil.disk_usage(path.parent).free < FULL_BYTES:
        raise DISK_FULL  # too full, perhaps, for the tool to write down that it is
    output = _tail(path, start_bytes)
    trouble = from_output(output, failing, _shown(path))
    if trouble.what == failing:  # not a known cause: let the tool speak for itself
        complain("\n" + "\n".join(output.splitlines()[-TAIL_LINES:]))
    raise trouble


def _tail(path: Path, start_bytes: int) -> str:
    with path.open("rb") as log:
        log.seek(max(start_bytes, path.stat().st_size - TAIL_BYTES))
        return log.read().decode("utf-8", "replace")


def _last_line(path: Path, start_bytes: int) -> str:
    lines = [line.strip() for line in _tail(path, start_bytes).splitlines() if line.strip()]
    return f"({lines[-1][:90]})" if lines else ""


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
