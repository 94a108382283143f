"""The queue server as a child of the supervisor: found, started, its broken file set aside."""

import signal
import time
from pathlib import Path

from tools.setup.console import say
from tools.setup.places import RUN_DIR, VAR
from tools.setup.trouble import Trouble
from tools.supervisor import queue_server
from tools.supervisor.children import Child

UP_WITHIN_S = 60  # loading a long append-only file


def start_queue(env: dict[str, str]) -> Child | None:
    """Start a queue server and name it in `env` as REDIS_URL; None if `env` names one already.

    Raises:
        Trouble: there is none to start, it does not start, or the one named does not answer.
    """
    if env.get("REDIS_URL"):
        _check_given(env["REDIS_URL"])
        return None
    data, path = VAR / "redis", queue_server.socket_path(RUN_DIR)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    env["REDIS_URL"] = queue_server.url_of(path)
    command = queue_server.server_command(_binary(), path, data)
    child = Child("queue", command, env, parting_signal=signal.SIGTERM)
    if not _comes_up(child, path):
        _set_aside(data)
        if not _comes_up(child, path):
            raise Trouble("The queue server does not start", f"Its own words are in {child.log}")
    return child


def _binary() -> str:
    try:
        return queue_server.find_binary()
    except FileNotFoundError:
        raise Trouble(
            "No Redis or Valkey can be had on this machine",
            "Install redis-server, or set REDIS_URL to one that runs",
        ) from None


def _comes_up(child: Child, path: Path) -> bool:
    """Start the server; tell whether it answers before it ends or time is up."""
    child.start()
    deadline_s = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < deadline_s and not child.ended():
        if queue_server.answers(path):
            return True
        time.sleep(0.02)
    child.end()
    return False


def _set_aside(data: Path) -> None:
    """Move a queue file that could not be read out of the way; keep it for whoever asks."""
    if not any(data.iterdir()):
        return  # it was not the file
    data.replace(data.with_name(f"{data.name}-unreadable-{int(time.time())}"))
    data.mkdir(mode=0o700)
    say("The queue's file could not be read; it was set aside and the queue starts empty")


def _check_given(url: str) -> None:
    """Refuse a REDIS_URL that nobody answers at."""
    import redis  # only for a Redis that is not ours

    try:
        redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as error:
        raise Trouble(
            f"REDIS_URL is set, but that Redis does not answer ({error})",
            "Start it, or unset REDIS_URL and one is started here",
        ) from None
