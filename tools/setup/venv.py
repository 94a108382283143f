"""The Python environment: made once, filled from lock files, checked by stamp ever after."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.setup.console import Steps, run_quietly
from tools.setup.places import PYTHON, ROOT, VAR, VENV
from tools.setup.trouble import Trouble, not_writable

OLDEST = (3, 11)
BOOTSTRAP_LOCK = "requirements-bootstrap.txt"
FIRST_INSTALL_BYTES = 700 * 1024 * 1024  # .venv 250 MB, Node for machines without it 210 MB, room


def check_folder() -> None:
    """Refuse early what would fail in the middle: a read-only folder, a nearly full disk.

    Raises:
        Trouble: the project's folder or the data folder cannot be used.
    """
    for place in (ROOT, VAR):
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                pass
        except PermissionError:
            raise not_writable(str(place)) from None
    free_bytes = shutil.disk_usage(ROOT).free
    if not _stamp("requirements.txt").exists() and free_bytes < FIRST_INSTALL_BYTES:
        raise Trouble(
            f"Only {free_bytes // 2**20} MB are free here and the first set-up needs about"
            f" {FIRST_INSTALL_BYTES // 2**20} MB",
            "Free some space, then run the same command again",
            "พื้นที่ดิสก์ไม่พอ: ลบไฟล์ที่ไม่ใช้ออก แล้วสั่งอีกครั้ง",
        )


def make_venv(steps: Steps) -> None:
    """Make .venv unless a working one is there.  Half-made or moved ones are made again."""
    if _works():
        return
    _forget_stamps()
    uv = shutil.which("uv")
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    elif uv:
        command = [uv, "venv", "--clear", "--seed", "--python", sys.executable, str(VENV)]
    else:
        raise Trouble(
            "This Python cannot make virtual environments",
            "Install its missing part (Debian, Ubuntu: sudo apt install python3-venv),"
            " then run the same command again",
            "ขาด python3-venv: สั่ง sudo apt install python3-venv แล้วสั่งอีกครั้ง",
        )
    run_quietly(command, steps=steps, failing="The Python environment could not be made")


def install(lock: str, steps: Steps) -> None:
    """Install the lock file `lock`, hashes required, unless its stamp says it is installed.

    Uses uv for speed and falls back to pip where uv does not run.  A file of pins with
    hashes gives the same packages either way.
    """
    stamp, wanted = _stamp(lock), _digest(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    if not _install_with_uv(lock, steps):
        run_quietly(
            [PYTHON, "-m", "pip", "install", "--require-hashes", "--retries", "2", "-r", lock],
            steps=steps,
            failing=f"The packages of {lock} could not be installed",
            env=_environment(),
        )
    stamp.write_text(wanted)


def _install_with_uv(lock: str, steps: Steps) -> bool:
    """Try uv.  False means: let pip do it, and let pip name the trouble if there is one."""
    try:
        if not _has_uv():
            run_quietly(
                [
                    *(PYTHON, "-m", "pip", "install", "--require-hashes", "--retries", "2"),
                    *("--only-binary=:all:", "-r", BOOTSTRAP_LOCK),
                ],
                steps=steps,
                failing="uv could not be installed",
                env=_environment(),
            )
        run_quietly(
            [
                *(PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON),
                *("--require-hashes", "-r", lock),
            ],
            steps=steps,
            failing=f"The packages of {lock} could not be installed",
            env=_environment(),
        )
    except Trouble as trouble:
        steps.tick(f"({trouble.what}; trying pip)")
        return False
    return True


def _has_uv() -> bool:
    answer = subprocess.run([PYTHON, "-m", "uv", "--version"], capture_output=True, check=False)
    return answer.returncode == 0


def _works() -> bool:
    """Tell whether .venv holds a Python that starts, is new enough and has pip."""
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        answer = subprocess.run([PYTHON, "-c", question], capture_output=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0


def _environment() -> dict[str, str]:
    """Keep downloads out of a home folder that cannot be written to, or is not there."""
    env = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", UV_NO_PROGRESS="1")
    home = Path(os.environ.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        env |= {"UV_CACHE_DIR": str(VAR / "cache" / "uv"), "PIP_NO_CACHE_DIR": "1"}
    return env


def _stamp(lock: str) -> Path:
    return VENV / f".installed-{Path(lock).stem}"


def _digest(lock: str) -> str:
    """Return what the stamp of an installed lock says: its bytes and the Python it is for."""
    version = subprocess.run([PYTHON, "--version"], capture_output=True, check=True).stdout
    return hashlib.sha256((ROOT / lock).read_bytes() + version).hexdigest()


def _forget_stamps() -> None:
    for stamp in VENV.glob(".installed-*"):
        stamp.unlink()
