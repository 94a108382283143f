"""Process families: children that die with their parent, orphans that are not left behind.

The kernel calls are Linux's (prctl(2)); elsewhere they do nothing and process groups suffice.
"""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36
_LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True) if _LINUX else None


def die_with_parent(parting_signal: int) -> Callable[[], None]:
    """Return a `preexec_fn`: the child gets `parting_signal` when the parent thread ends."""
    parent = os.getpid()

    def arrange() -> None:
        if _libc is not None:
            _libc.prctl(_SET_PDEATHSIG, parting_signal, 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return arrange


def adopt_orphans() -> None:
    """Make this process the parent of grandchildren whose parent dies, instead of init."""
    if _libc is not None:
        _libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans(known: set[int]) -> None:
    """Kill and reap direct children that are not `known`: what a killed child left running."""
    for pid in _children_by_parent().get(os.getpid(), []):
        if pid not in known:
            _kill(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def reap_orphan(known: set[int]) -> None:
    """Bury one ended process that came to us and is not `known`, if there is one."""
    with contextlib.suppress(ChildProcessError):
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended and ended.si_pid not in known:
            os.waitpid(ended.si_pid, 0)


def end_group(pid: int) -> None:
    """Kill what is left of the process group that `pid` leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def end_descendants() -> None:
    """Kill every process below this one, at any depth."""
    by_parent = _children_by_parent()
    waiting = list(by_parent.get(os.getpid(), []))
    while waiting:
        pid = waiting.pop()
        waiting += by_parent.get(pid, [])
        _kill(pid)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _children_by_parent() -> dict[int, list[int]]:
    """Read /proc; empty where there is none."""
    families: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # pid (name) state ppid ...: the name may hold spaces and brackets
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            families.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    return families
