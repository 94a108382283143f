"""One run per data folder: a lock file that the system releases however the holder ends."""

import fcntl
import os
from pathlib import Path
from typing import IO

from tools.setup.places import RUN_DIR
from tools.setup.trouble import Trouble

LOCK = RUN_DIR / "run.lock"


def running_pid(lock: Path = LOCK) -> int | None:
    """Return the process id of the run that holds the folder, if there is one."""
    if not lock.exists():
        return None
    with lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read().strip() or 0)
    return None


def refuse_second_run() -> None:
    """Say so if Lakthan runs from this folder already.

    Raises:
        Trouble: it does.
    """
    pid = running_pid()
    if pid is not None:
        raise Trouble(
            f"Lakthan is already running from this folder (process {pid})",
            "Use it, or stop it there with Ctrl-C",
            "ระบบเปิดอยู่แล้วจากโฟลเดอร์นี้",
        )


def hold_folder() -> IO[str]:
    """Take the folder for this process; keep the answer open as long as it runs.

    Raises:
        Trouble: another run holds it.
    """
    LOCK.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = LOCK.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        refuse_second_run()
        raise
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
