"""`flask …` in processes of their own, for tests: exit status, what was said, death on demand."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from config import ROOT, Settings
from tests.backups.filling import PASSPHRASE
from tests.plugins.product import _environ
from tools.supervisor.processes import die_with_parent


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status, or minus the signal that killed it."""

    status: int
    said: str
    steps: int

    @property
    def sentence(self) -> str:
        """The refusal, of which there is one line and no traceback."""
        assert self.status == 1, self
        assert "Traceback" not in self.said, self.said
        last = self.said.splitlines()[-1]
        assert last.startswith("Error: "), self.said
        return last.removeprefix("Error: ")


@dataclass
class Commands:
    """A process that forks commands; what they say goes into `folder`."""

    address: str
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def run(self, settings: Settings, *words: object, largest_file: int = 0, dies_at: int = 0,
            **environ: str) -> Ended:  # fmt: skip
        """Run `flask …` with these settings and wait for its end."""
        out = self.folder / f"said-{next(self.numbers)}"
        given = {"LAKTHAN_BACKUP_PASSPHRASE": PASSPHRASE} | _environ(settings) | environ
        request = {
            "words": [str(word) for word in words], "environ": given, "out": str(out),
            "largest_file": largest_file, "dies_at": dies_at,
        }  # fmt: skip
        with socket.socket(socket.AF_UNIX) as line, line.makefile("r") as told:
            line.connect(self.address)
            line.sendall(json.dumps(request).encode() + b"\n")
            told.readline()
            status = int(told.readline())
        steps = Path(f"{out}.steps").read_text()
        return Ended(status, out.read_text(), int(steps or 0))

    def done(self, settings: Settings, *words: object, **more: str) -> str:
        """Run it; it must end well.  Returns what it said."""
        ended = self.run(settings, *words, **more)  # type: ignore[arg-type]
        assert ended.status == 0, ended.said
        return ended.said


@contextmanager
def forking() -> Iterator[Commands]:
    """Keep the process that forks while the block lasts."""
    with tempfile.TemporaryDirectory(prefix="lakthan-cli-") as folder:
        address = f"{folder}/s"
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.backups.forks", address],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509
        )  # fmt: skip
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            yield Commands(address, Path(folder))
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
