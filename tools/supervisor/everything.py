"""Start everything on one machine, keep it running, end all of it.

Ctrl-C or SIGTERM ends it; a second one hurries.
"""

import os
import signal
import time
from types import FrameType
from typing import NoReturn

from tools.setup.console import Steps, complain, run_quietly, say, survive_any_terminal
from tools.setup.places import LOGS, PYTHON, RUN_DIR
from tools.setup.trouble import Trouble, from_os_error
from tools.supervisor.address import Address, check_free, chosen_address
from tools.supervisor.children import Child
from tools.supervisor.folder_lock import hold_folder
from tools.supervisor.processes import adopt_orphans, end_descendants, end_orphans, reap_orphan
from tools.supervisor.queue_child import start_queue

TICK_S = 0.25
READY_WITHIN_S = 120  # an old laptop under load; a warm start takes 2 s
DEATHS_BEFORE_READY = 3
STANDS_AFTER_S = 1.0
POLITE_S = 10  # then what still runs is killed: jobs may run twice, so nothing is lost
DEFAULT_WORKERS = 2
ACCOUNTS = RUN_DIR / "accounts.txt"


class StopAsked(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


class StopSignals:
    """Turns the first Ctrl-C, SIGTERM or SIGHUP into StopAsked, later ones into hurry."""

    def __init__(self) -> None:
        self.hurry = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked)
        self.stopping = False

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        if self.stopping:
            self.hurry = True
        else:
            self.stopping = True
            raise StopAsked


class Supervisor:
    """Starts the children in order and looks after them until it is asked to stop."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.env = os.environ | {"PYTHONUNBUFFERED": "1", "PORT": str(address.port)}
        self.env |= {"HOST": address.host, "FLASK_APP": "app"}
        self.env |= {"PYTHONDONTWRITEBYTECODE": ""}  # compiled once, every later start is quick
        self.env.setdefault("LAKTHAN_ENV", "demo")
        self.workers = _worker_count(self.env)
        self.queue: Child | None = None
        self.programs: list[Child] = []

    @property
    def is_demo(self) -> bool:
        """Tell whether this run shows the demonstration data."""
        return self.env["LAKTHAN_ENV"] == "demo"

    @property
    def children(self) -> list[Child]:
        """Return all of them, the queue server first."""
        return [self.queue, *self.programs] if self.queue else self.programs

    def start(self, steps: Steps) -> None:
        """Bring everything up, in the order in which one needs the other.

        Raises:
            Trouble: something does not come up; it says what and where to read more.
        """
        with steps.step("Queue"):
            self.queue = start_queue(self.env)
        with steps.step("Database and demonstration" if self.is_demo else "Database"):
            run_quietly(
                [PYTHON, "tools/prepare.py", ACCOUNTS],
                steps=steps,
                failing="The database could not be prepared",
                log="prepare.log",
                env=self.env,
            )
        with steps.step("Web server and workers"):
            self._start_programs()
            self._await_ready(steps)

    def watch(self) -> NoReturn:
        """Look after the children for ever."""
        while True:
            time.sleep(TICK_S)
            self._tend()

    def stop(self, signals: StopSignals) -> None:
        """End everything: politely, then by force; the queue server last.  Again is harmless."""
        for family in (self.programs, [self.queue] if self.queue else []):
            for child in family:
                child.ask_to_end()
            deadline_s = time.monotonic() + POLITE_S
            while not signals.hurry and time.monotonic() < deadline_s:
                if all(child.ended() for child in family):
                    break
                time.sleep(0.05)
            for child in family:
                child.end()
        end_descendants()

    def _start_programs(self) -> None:
        python = str(PYTHON)
        web = [python, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "app:create_app()"]
        started = [
            Child("web", web, self.env, parting_signal=signal.SIGTERM),
            Child("workers", [python, "-m", "tools.foreman", str(self.workers)], self.env),
        ]
        for child in started:
            child.start()
            self.programs.append(child)

    def _await_ready(self, steps: Steps) -> None:
        deadline_s = time.monotonic() + READY_WITHIN_S
        while not (self._all_stand() and self.address.status("/readyz") == 200):
            self._tend()
            steps.tick("")
            for child in self.children:
                if child.deaths >= DEATHS_BEFORE_READY:
                    raise _does_not_start(child)
            if time.monotonic() > deadline_s:
                raise Trouble(
                    f"Lakthan was not ready within {READY_WITHIN_S} s",
                    f"Read {self.address.url}/readyz and the logs in {LOGS}",
                )
            time.sleep(0.1)

    def _all_stand(self) -> bool:
        """Tell whether every program has outlived the moment in which a broken one dies."""
        return all(child.age_s() >= STANDS_AFTER_S for child in self.programs)

    def _tend(self) -> None:
        for child in self.children:
            child.tend()
            if line := child.follower.important():
                say(f"{child.name}: {line}")
        known = {child.pid for child in self.children if child.pid}
        if len(known) < len(self.children):
            end_orphans(known)
        reap_orphan(known)


def main() -> int:
    """Run until asked to stop; return the exit code."""
    os.umask(0o077)  # what is kept under var is nobody else's to read
    survive_any_terminal()
    adopt_orphans()
    try:
        signals = StopSignals()
        LOGS.mkdir(parents=True, exist_ok=True)
        with hold_folder():
            return _run(chosen_address(), signals)
    except StopAsked:
        return 0
    except (Trouble, OSError) as error:
        complain(str(from_os_error(error) if isinstance(error, OSError) else error))
        return 1


def _run(address: Address, signals: StopSignals) -> int:
    """Start everything, tell, look after it; whatever happens, leave nothing running."""
    check_free(address)
    supervisor = Supervisor(address)
    try:
        supervisor.start(Steps(6, first=4))
        say(f"Lakthan is ready at {address.url}")
        if supervisor.is_demo:
            say(ACCOUNTS.read_text(encoding="utf-8").rstrip())
        say("Press Ctrl-C to stop")
        supervisor.watch()
    except StopAsked:
        say("Stopping ...")
        supervisor.stop(signals)
        say("Stopped")
        return 0
    finally:
        signals.stopping = True
        supervisor.stop(signals)


def _worker_count(env: dict[str, str]) -> int:
    given = env.get("WORKERS") or str(DEFAULT_WORKERS)
    if not given.isdecimal():
        raise Trouble(f"WORKERS={given} is not a number", "Choose one, as in: make run WORKERS=2")
    return int(given)


def _does_not_start(child: Child) -> Trouble:
    words = child.log.read_text(errors="replace").splitlines()[-15:]
    complain("\n" + "\n".join(words))
    return Trouble(f"{child.name} does not start", f"Its words are above and in {child.log}")
