"""Getting ready: the steps that every command needs, one set-up at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from tools.setup import venv
from tools.setup.assets import build_assets, compile_wording
from tools.setup.browser import get_browser
from tools.setup.console import Steps, say
from tools.setup.places import RUN_DIR

RUN_LOCK, DEV_LOCK = "requirements.txt", "requirements-dev.txt"


def prepare(steps: Steps, lock_file: str) -> None:
    """Take the three steps that every command needs."""
    with steps.step("Python environment"):
        venv.make_venv(steps)
    with steps.step("Python packages"):
        venv.install(lock_file, steps)
    with steps.step("Pages, fonts and wording"):
        build_assets(steps)
        compile_wording(steps)


def get_ready(lock_file: str) -> None:
    """Prepare for a command that is not `run`."""
    venv.check_folder()
    with alone():
        prepare(Steps(3), lock_file)


def get_test_ready() -> None:
    """Prepare for tests: the developers' packages and a browser."""
    venv.check_folder()
    steps = Steps(4)
    with alone():
        prepare(steps, DEV_LOCK)
        with steps.step("Test browser"):
            get_browser(steps)


@contextmanager
def alone() -> Iterator[None]:
    """Let one set-up at a time work in this folder; a second one waits for it."""
    RUN_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (RUN_DIR / "setup.lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in this folder; waiting for it")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
