"""Is this container's own process well?  `health.py web`, `health.py worker`; exit status 0 is yes.

The web is asked over its own port, under a name it answers to.  A worker shows a sign of life in
the queue at least every half minute; its host's name says which one is ours.
"""

from __future__ import annotations

import os
import socket
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from config import SettingsRefused, load_settings  # noqa: E402 - found only now

PATIENCE_S = 4


def web_is_well() -> bool:
    """Whether the process answers; not whether database or queue do: a restart mends neither."""
    name = load_settings().host_names or ("localhost",)
    line = HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=PATIENCE_S)
    try:
        line.request("GET", "/healthz", headers={"Host": name[0]})
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def worker_is_well() -> bool:
    """Whether a worker of this host shows signs of life, or the queue itself is away.

    A queue that is away is no reason to end a worker: it waits and goes on by itself.
    """
    from redis import Redis, RedisError

    url = load_settings().redis_url
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE_S, decode_responses=True) as queue:
            names = queue.smembers("rq:workers")
            return any(queue.hget(name, "hostname") == socket.gethostname() for name in names)
    except RedisError:
        return True


def main(words: list[str]) -> int:
    """Ask the one that is named; returns the exit status."""
    asked = {"web": web_is_well, "worker": worker_is_well}
    if len(words) != 1 or words[0] not in asked:
        sys.stderr.write("health.py web | worker\n")
        return 2
    try:
        return 0 if asked[words[0]]() else 1
    except SettingsRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
