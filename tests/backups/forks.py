"""Runs `flask …` as processes of their own without paying two seconds of imports for each.

    python -m tests.backups.forks SOCKET

Everything is imported once; each request forks a keeper, which forks the command, tells its
result and ends.  A command can be told to die by SIGKILL at its n-th step towards the disk: an
fsync, a statement or a commit.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import alembic.command  # noqa: F401 - imported here so that a fork has it
import flask_migrate  # noqa: F401
import psycopg  # noqa: F401
from flask.cli import main as flask_main
from sqlalchemy import Engine, event

import app.web  # noqa: F401
from app import SLICES


def main(path: str) -> None:
    """Serve until the test process closes its end."""
    for name, parts in SLICES.items():
        for part in parts:
            import_module(f"app.{name}.{part}")
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page in each fork
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen(8)
    os.write(1, b"ready\n")
    while True:
        line, _ = door.accept()
        if os.fork() == 0:
            door.close()
            _keep(line)
        line.close()


def _keep(line: socket.socket) -> None:
    """Run one command and tell how it ended: its exit status, or minus the signal."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with line, line.makefile("r") as asked:
        request = json.loads(asked.readline())
        child = os.fork()
        if child == 0:
            _become(request)
        line.sendall(f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(request: dict[str, Any]) -> None:
    os.setsid()
    out = os.open(request["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for handle in (1, 2):
        os.dup2(out, handle)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(request["environ"])
    if limit := request["largest_file"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    _count_steps(request["dies_at"], Path(f"{request['out']}.steps"))
    sys.argv = ["flask", *request["words"]]
    code: object = 0
    try:
        flask_main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def _count_steps(dies_at: int, told: Path) -> None:
    """Count steps into the file `told`; die at one of them, before it is done."""
    done, real, steps = 0, os.fsync, os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def step(*_given: object) -> None:
        nonlocal done
        done += 1
        os.pwrite(steps, str(done).encode(), 0)
        if done == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def fsync(handle: int) -> None:
        step()
        real(handle)

    os.fsync = fsync
    event.listen(Engine, "commit", step)
    event.listen(Engine, "before_cursor_execute", step)


if __name__ == "__main__":
    main(sys.argv[1])
