"""The front door of `make`: gets the machine ready for a command, then runs it.

Works with nothing but a Python; see tools/setup for how.  This file keeps to the syntax of
any Python 3, so that an old one can say what is wrong instead of tripping over it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
QUESTION = "import ssl, sqlite3"
NEWER = ["python3.14", "python3.13", "python3.12", "python3.11"]


def newer_python():
    """Return a Python of this machine that is new enough, or None."""
    for name in NEWER:
        path = shutil.which(name)
        # Those that answer no are half-built, or a version manager's shim of nothing.
        if path and subprocess.call([path, "-c", QUESTION], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def main():
    """Hand over to a Python that is new enough and to the command named first."""
    if sys.version_info < OLDEST:
        python = newer_python()
        if python is None:
            version = "%d.%d" % sys.version_info[:2]  # noqa: UP031
            sys.stderr.write("Lakthan needs Python 3.11 or newer; this is " + version + ". ")
            sys.stderr.write("Install python3.11 and its venv package, then run it again.\n")
            return 1
        os.execv(python, [python] + sys.argv)  # noqa: S606, RUF005
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from tools.setup.commands import run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
