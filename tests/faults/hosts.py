"""Hosts of one installation, each in a network namespace of its own, on one wire that can be cut.

The test itself stands outside, where phones are: a line of its own leads to each web host, so a
host that is cut off from database and queue still hears phones.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.stand import (
    GUNICORN,
    WORKER,
    Part,
    Stand,
    _end,
    _forget,
    database_part,
    filled,
    listens,
    queue_part,
    settings_of,
    until,
)
from tests.plugins import servers
from tests.plugins.product import _environ

NAMES = Path("/run/netns")
CLONE_NEWNET = 0x40000000
DATABASE, WEB_A, WEB_B, WORK_A, WORK_B = "database", "web-a", "web-b", "work-a", "work-b"
_NUMBERS = itertools.count(1)


def why_not() -> str:
    """Why this machine cannot have hosts of its own; empty: it can."""
    if os.getuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "no `ip` here: install iproute2"
    name = f"lkt-probe-{os.getpid()}"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    if tried.returncode:
        return f"network namespaces cannot be made here: {tried.stderr.decode().strip()}"
    _ip("netns", "del", name)
    return ""


@dataclass
class Wire:
    """A bridge in a namespace of its own, and hosts on it by name."""

    mark: str  # begins the names of all that belongs to it
    net: str  # the first two bytes of its addresses
    hosts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _ip("netns", "add", self.hub)
        self._in_hub("link", "add", "wire", "type", "bridge")
        self._in_hub("link", "set", "wire", "up")

    @property
    def hub(self) -> str:
        """The bridge's namespace."""
        return f"{self.mark}-hub"

    def add(self, name: str) -> None:
        """One more host: an end on the wire, another that leads to the test."""
        number = self.hosts[name] = len(self.hosts) + 2
        place, inside, outside = f"{self.mark}-{name}", f"i{number}", f"{self.mark}o{number}"
        _ip("netns", "add", place)
        _ip("-n", place, "link", "set", "lo", "up")
        _ip("link", "add", f"{self.mark}t", "type", "veth", "peer", "name", f"{self.mark}u")
        _ip("link", "set", f"{self.mark}t", "netns", place, "name", "inside")
        _ip("link", "set", f"{self.mark}u", "netns", self.hub, "name", inside)
        self._in_hub("link", "set", inside, "master", "wire", "up")
        _ip("-n", place, "addr", "add", f"{self.inside(name)}/24", "dev", "inside")
        _ip("-n", place, "link", "set", "inside", "up")
        _ip("link", "add", outside, "type", "veth", "peer", "name", f"{self.mark}u")
        _ip("link", "set", f"{self.mark}u", "netns", place, "name", "outside")
        _ip("addr", "add", f"{self.net}.{100 + number}.1/24", "dev", outside)
        _ip("link", "set", outside, "up")
        _ip("-n", place, "addr", "add", f"{self.outside(name)}/24", "dev", "outside")
        _ip("-n", place, "link", "set", "outside", "up")

    def inside(self, name: str) -> str:
        """A host's address on the wire."""
        return f"{self.net}.1.{self.hosts[name]}"

    def outside(self, name: str) -> str:
        """A host's address for the test."""
        return f"{self.net}.{100 + self.hosts[name]}.2"

    def cut(self, name: str) -> None:
        """What the host sends on the wire goes nowhere, and nobody tells it so."""
        self._in_hub("link", "set", f"i{self.hosts[name]}", "nomaster")

    def heal(self, name: str) -> None:
        """The wire is whole."""
        self._in_hub("link", "set", f"i{self.hosts[name]}", "master", "wire")

    def enter(self, name: str, user: int | None = None) -> Callable[[], None]:
        """For the child between fork and exec: go to that host, then become `user`."""
        place = os.open(NAMES / f"{self.mark}-{name}", os.O_RDONLY)
        setns = ctypes.CDLL(None, use_errno=True).setns

        def go() -> None:
            if setns(place, CLONE_NEWNET):
                os._exit(1)
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)

        return go

    def remove(self) -> None:
        """All of it; the lines go with their namespaces."""
        for name in [*self.hosts, "hub"]:
            subprocess.run(["ip", "netns", "del", f"{self.mark}-{name}"], check=False)

    def _in_hub(self, *words: str) -> None:
        _ip("-n", self.hub, *words)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass
class Hosts:
    """Two web hosts and two of workers, one of database and queue; files in a shared folder."""

    wire: Wire
    stand: Stand  # as the test sees it: through sockets, which no cut touches

    def address(self, name: str) -> str:
        """Where phones find a web host."""
        return f"http://{self.wire.outside(name)}:8000"


@contextmanager
def hosts_of_one_installation() -> Iterator[Hosts]:
    """Started and ready, until the block ends.  Needs root."""
    with ExitStack() as stack:
        mark, net = f"k{os.getpid() % 1_000_000}{next(_NUMBERS)}", f"10.{os.getpid() % 200 + 20}"
        wire = Wire(mark, net)
        stack.callback(wire.remove)
        for name in (DATABASE, WEB_A, WEB_B, WORK_A, WORK_B):
            wire.add(name)
        folder = stack.enter_context(servers._folder())
        data = stack.enter_context(servers._folder())
        stand = _stores(stack, wire, folder, data)
        _programs(wire, stand, folder)
        stack.callback(stand.end)
        stack.callback(_forget, stand.app)
        stand.start(WEB_A, WEB_B, WORK_A, WORK_B, "clock")
        hosts = Hosts(wire, stand)
        until(stand.is_ready, "ready")
        yield hosts


def _stores(stack: ExitStack, wire: Wire, folder: Path, data: Path) -> Stand:
    """Database and queue on their host, listening there and on sockets for the test."""
    here = wire.inside(DATABASE)
    database, url = database_part(folder, data)
    with (data / "data/pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {wire.net}.1.0/24 trust\n")
    database.command += ["-c", f"listen_addresses={here}"]
    database.before, database.user = wire.enter(DATABASE, database.user), None
    queue, redis_url = queue_part(folder)
    port = queue.command.index("--port")
    queue.command[port + 1] = "6379"
    queue.command += ["--bind", here, "--protected-mode", "no"]
    queue.before = wire.enter(DATABASE)
    for part in (database, queue):
        part.start()
        stack.callback(_end, part)
    for part in (database, queue):
        until(part.stands, f"{part.name} stands: {part.words()}")
    settings = settings_of(folder, url, redis_url)
    address = f"http://{wire.outside(WEB_A)}:8000"
    return Stand(settings, filled(settings), address, {"database": database, "queue": queue})


def _programs(wire: Wire, stand: Stand, folder: Path) -> None:
    """Web and workers on their hosts; the clock and the upkeep beside the database."""
    here = wire.inside(DATABASE)
    settings = stand.settings.model_copy(
        update={
            "database_url": f"postgresql+psycopg://lakthan@{here}/postgres",
            "redis_url": f"redis://{here}:6379/0",
        }
    )
    environ = os.environ | _environ(settings) | {"HOST": "0.0.0.0", "PORT": "8000"}  # noqa: S104
    made = [Part(name, GUNICORN, environ, folder, _web_stands(wire, name), wire.enter(name))
            for name in (WEB_A, WEB_B)]  # fmt: skip
    made += [Part(name, [*WORKER, "--queues", "photos,packets"], environ, folder, lambda: True,
                  wire.enter(name)) for name in (WORK_A, WORK_B)]  # fmt: skip
    made.append(Part("clock", [*WORKER, "--clock"], environ, folder, lambda: True,
                     wire.enter(DATABASE)))  # fmt: skip
    made.append(Part("upkeep", [*WORKER, "--queues", "upkeep"], environ, folder, lambda: True,
                     wire.enter(DATABASE)))  # fmt: skip
    stand.parts |= {part.name: part for part in made}
    stand.start("upkeep")


def _web_stands(wire: Wire, name: str) -> Callable[[], bool]:
    return lambda: listens(8000, wire.outside(name))
