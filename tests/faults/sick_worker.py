"""The worker with a decoder that has faults: some files take their reader with them.

    python -m tests.faults.sick_worker --queues photos,upkeep

No file is known that kills the decoders we run (tests/photos/test_hostile.py looks for one), so
the faults that others had are played here: a file that says which one has it.  All else - queue,
horse, fence, lease - is the product's own.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import worker
from app.photos import jobs
from app.shared.fence import FENCES

MARK = b"kills its reader by: "
HEALTHY = jobs.render


def _crash() -> None:
    """A write beyond a buffer's end."""
    os.kill(os.getpid(), signal.SIGSEGV)


def _run_for_ever() -> None:
    """A loop that heeds nobody: no signal's handler is ever called in it."""
    all(itertools.repeat(True))


def _take_all_memory() -> None:
    """More and more, until the fence says no."""
    held = []
    while True:
        held.append(bytearray(64 << 20))


def _leave() -> None:
    """As libraries do that call exit() on an error."""
    os._exit(3)


FAULTS: dict[str, Callable[[], None]] = {
    "crash": _crash, "abort": os.abort, "loop": _run_for_ever,
    "memory": _take_all_memory, "exit": _leave,
}  # fmt: skip


def render(data: bytes, **known: Any) -> Any:
    """As the pipeline's, but for files with a fault's name in them."""
    _, marked, rest = data.partition(MARK)
    if marked:
        FAULTS[rest.split(b";", 1)[0].decode()]()
    return HEALTHY(data, **known)


if __name__ == "__main__":
    jobs.render = render
    if seconds := os.environ.get("SICK_CPU_S"):  # a short test cannot wait for all ten
        FENCES["photos"] = replace(FENCES["photos"], cpu_s=int(seconds))
    sys.exit(worker.main())
