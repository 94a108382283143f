"""What `make` can ask for.  Each command gets ready what it needs, then does its work."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from tools.setup import venv
from tools.setup.browser import get_browser
from tools.setup.checks import call, run_checks, run_tests
from tools.setup.console import Steps, complain, say, survive_any_terminal
from tools.setup.places import DIST, NODE_MODULES, PYTHON, ROOT, RUN_DIR, VENV
from tools.setup.ready import DEV_LOCK, RUN_LOCK, alone, get_ready, get_test_ready, prepare
from tools.setup.trouble import Trouble, from_os_error
from tools.supervisor.address import check_free, chosen_address
from tools.supervisor.folder_lock import refuse_second_run
from tools.supervisor.queue_server import socket_path, url_of

CATALOGUE = "app/translations"
RUN_STEPS = 6  # three here, three in tools/run.py


def run() -> int:
    """Get ready and become the supervisor; this process goes on as tools/run.py."""
    venv.check_folder()
    refuse_second_run()
    check_free(chosen_address())
    with alone():
        prepare(Steps(RUN_STEPS), RUN_LOCK)
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "tools" / "run.py")])  # noqa: S606


def test() -> int:
    """Run every check and every test; the last line is pytest's."""
    get_test_ready()
    return run_tests()


def test_faults() -> int:
    """Run the tests of faults at full length; the last line is pytest's."""
    get_test_ready()
    os.environ.setdefault("LAKTHAN_FAULTS", "full")
    words = (
        "-m",
        "pytest",
        "-q",
        "-rP",  # what each fault came to
        "-m",
        "faults",
        "tests/deploy",
        "tests/faults",
        "tests/packets",
        "tests/phone",
        "tests/photos",
    )
    return call([PYTHON, *words])


def test_fuzz() -> int:
    """Fuzz the pages' forms, then the API as it runs; the last line counts its answers."""
    get_ready(DEV_LOCK)
    forms = [PYTHON, "-m", "pytest", "-q", "--timeout=0", "tests/access/test_hostile.py"]
    os.environ.setdefault("LAKTHAN_FUZZ", "full")
    return call(forms) | call([PYTHON, "-m", "tests.sync.fuzz"])


def test_model() -> int:
    """Play phones against the server at length; the last lines count steps."""
    get_ready(DEV_LOCK)
    os.environ.setdefault("LAKTHAN_MODEL_STEPS", "20000")
    return call([PYTHON, "-m", "pytest", "-q", "-k", "at_length", "tests/sync/test_model.py"])


def bench() -> int:
    """Run every bench and write one table; takes hours, QUICK=1 some twenty minutes."""
    get_test_ready()
    return call([PYTHON, "-m", "bench"])


def bench_photos() -> int:
    """Measure what photos cost, against others and against the bars."""
    get_ready(DEV_LOCK)
    return call([PYTHON, "-m", "bench.photos"])


def bench_packets() -> int:
    """Measure what packets cost, against plain tools and against the bars."""
    get_ready(DEV_LOCK)
    return call([PYTHON, "-m", "bench.packets"])


def check() -> int:
    """Run the checks that need no tests: lint, format, types, layers."""
    get_ready(DEV_LOCK)
    return 1 if run_checks() else 0


def check_security() -> int:
    """Run our own rules over the code; the first time, get the program that does."""
    from tools.security import bandit_check, semgrep_check

    get_ready(DEV_LOCK)
    codes = [call([PYTHON, "-m", bandit_check.__name__]), semgrep_check.check()]
    return max(codes)


def attack() -> int:
    """Start the product with demonstration data and let a stranger's program at it."""
    from tools.security.attack import attack_all

    get_ready(DEV_LOCK)
    return attack_all()


def setup() -> int:
    """Get everything a developer needs, the test browser too."""
    get_test_ready()
    say(f"Ready. Python: {PYTHON.relative_to(ROOT)}")
    return 0


def browser() -> int:
    """Get the test browser and say where it is."""
    get_test_ready()
    say(str(get_browser(Steps(1)).executable))
    return 0


def demo() -> int:
    """Make the demonstration data in the database; harmless when it is there."""
    return in_environment("-m", "flask", "--app", "app", "demo")


def worker() -> int:
    """Run one more worker beside a `make run`, or alone with REDIS_URL set."""
    return in_environment("worker.py")


def migration(name: str = "") -> int:
    """Write a migration from what the models say and the database lacks."""
    if not name:
        raise Trouble("A migration needs a name", 'Give one: make migration name="add phone"')
    return in_environment("-m", "flask", "--app", "app", "db", "migrate", "-m", name)


def strings() -> int:
    """Collect the strings of the code into the catalogues."""
    get_ready(DEV_LOCK)
    template = RUN_DIR / "messages.pot"
    template.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    babel = (PYTHON, "-m", "babel.messages.frontend")
    collect = (
        *(*babel, "extract", "--mapping", "babel.cfg", "--keyword", "_l", "--sort-by-file"),
        # Babel skips folders named with an underscore unless told otherwise: our macros.
        *("--ignore-dirs", ".* node_modules var"),
        *("--add-comments", "Translators:", "--add-location", "file", "--no-wrap"),
        *("--project", "Lakthan", "-o", template, "."),
    )
    merge = (
        *(*babel, "update", "--input-file", template, "--output-dir", CATALOGUE, "--no-wrap"),
        *("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date"),
    )
    return call(collect) or call(merge)


def translations() -> int:
    """Compile the catalogues."""
    get_ready(RUN_LOCK)
    return 0


def lock() -> int:
    """Write every requirements*.txt anew from its .in, with hashes for every system."""
    get_ready(RUN_LOCK)
    names = ["requirements.in", *sorted(path.name for path in ROOT.glob("requirements-*.in"))]
    names += ["bench/requirements.in", "bench/requirements-load.in"]
    for name in names:
        command = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes"]
        command += ["--universal", "--python-version", "3.11", "--no-emit-index-url"]
        command += ["--custom-compile-command", "make lock", *sys.argv[2:]]
        if code := call([*command, name, "-o", name.removesuffix(".in") + ".txt"]):
            return code
    return 0


def assets() -> int:
    """Build the pages' assets."""
    get_ready(RUN_LOCK)
    return 0


def clean() -> int:
    """Remove what can be made again.  The data in var stays."""
    refuse_second_run()
    for place in (VENV, NODE_MODULES, DIST):
        shutil.rmtree(place, ignore_errors=True)
    for pattern in ("app", "tests", "tools", "migrations"):
        for cache in list((ROOT / pattern).rglob("__pycache__")):
            shutil.rmtree(cache, ignore_errors=True)
    say("Removed what can be made again. Your data in var is untouched.")
    return 0


COMMANDS: dict[str, Callable[..., int]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        *(
            run,
            test,
            test_faults,
            test_fuzz,
            test_model,
            bench,
            bench_photos,
            bench_packets,
            check,
            check_security,
            attack,
            setup,
            browser,
            demo,
            worker,
            migration,
        ),
        *(strings, translations, lock, assets, clean),
    )
}


def in_environment(*words: str) -> int:
    """Run a Python command in .venv as if `make run` had started it."""
    get_ready(RUN_LOCK)
    env = dict(os.environ)
    env.setdefault("LAKTHAN_ENV", "demo")
    env.setdefault("REDIS_URL", url_of(socket_path(RUN_DIR)))
    return subprocess.run([PYTHON, *words], cwd=ROOT, env=env, check=False).returncode


def run_command(words: Sequence[str]) -> int:
    """Run the command that `words` name; turn every foreseen failure into one line."""
    survive_any_terminal()
    if not words or words[0] not in COMMANDS:
        complain(f"Say one of: {', '.join(COMMANDS)}")
        return 2
    try:
        os.chdir(ROOT)
        rest = words[1:] if words[0] == "migration" else ()
        return COMMANDS[words[0]](*rest)
    except KeyboardInterrupt:
        complain("Stopped")
        return 130
    except Trouble as trouble:
        complain(str(trouble))
    except OSError as error:
        complain(str(from_os_error(error)))
    return 1
