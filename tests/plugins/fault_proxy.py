"""A proxy that breaks lines on purpose: cuts after N bytes, stalls, slows, plays the portal.

It stands between a phone and the server on this machine and forwards bytes.  What it does to
the next connections is told by `Fault`s; without one it only forwards.  Bytes are counted in the
direction a fault names, from the start of the connection.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

import pytest

PIECE_BYTES = 16 * 1024
RST = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close sends a reset

PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 63\r\n"
    b"Connection: close\r\n\r\n<html><body>Welcome to Free WiFi! Please sign in.</body></html>"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a connection.

    `after` bytes sent up (to the server) or down (to the phone) it is cut: by a reset, by
    silence (nothing comes any more, nothing is closed), or `answered` with `answer` instead of
    being forwarded at all.  `times` connections suffer it, then it is spent.
    """

    kind: Literal["reset", "silence", "answer"]
    after: int = 0
    towards: Literal["server", "phone"] = "server"
    answer: bytes = PORTAL
    times: int = 1


@dataclass
class FaultProxy:
    """A running proxy.  `address` is what the phone is given; the rest may change at any time."""

    upstream: tuple[str, int]
    port: int = 0
    delay_s: float = 0.0  # added to every piece, each way
    bytes_per_s: float = 0.0  # 0: as fast as it goes
    refuse: bool = False  # nobody answers: the line is down
    always: Fault | None = None  # suffered by every connection without one of its own
    faults: list[Fault] = field(default_factory=list)
    connections: int = 0
    sent_up: int = 0
    sent_down: int = 0
    _accepted: set[socket.socket] = field(default_factory=set)
    _made: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def cut_all(self) -> None:
        """Reset every connection that is open now."""
        if self._loop:
            self._loop.call_soon_threadsafe(self.reset_all)

    def reset_all(self) -> None:
        """The same, from the proxy's own thread."""
        for writer in self._made:
            _reset(writer)

    async def serve(self, ready: Callable[[], None]) -> None:
        """Forward until cancelled.

        It accepts by itself: asyncio's server loses the sockets that it accepts while it closes.
        """
        self._loop = asyncio.get_running_loop()
        with socket.create_server(("127.0.0.1", self.port)) as door:
            door.setblocking(False)
            self.port = door.getsockname()[1]
            self._loop.add_reader(door, self._accept, door)
            ready()
            try:
                await asyncio.Event().wait()
            finally:
                self._loop.remove_reader(door)

    def end(self) -> None:
        """Close what is open, also what a task that never began was to close."""
        self.reset_all()
        for sock in self._accepted:
            sock.close()

    def _accept(self, door: socket.socket) -> None:
        with suppress(OSError):  # it went away before it was let in
            sock, _ = door.accept()
            sock.setblocking(False)
            self.connections += 1
            self._accepted.add(sock)
            self._tasks.add(task := asyncio.ensure_future(self._take(sock)))
            task.add_done_callback(self._tasks.discard)

    async def _take(self, sock: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=sock)
        self._made.add(writer)
        try:
            await self._suffer(self._next_fault(), reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # either side went away: that is what a line does
        finally:
            writer.close()

    def _next_fault(self) -> Fault | None:
        if not self.faults:
            return self.always
        fault = self.faults[0]
        self.faults[0:1] = (
            [Fault(fault.kind, fault.after, fault.towards, fault.answer, fault.times - 1)]
            if fault.times > 1
            else []
        )
        return fault

    async def _suffer(
        self, fault: Fault | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self.refuse:
            _reset(writer)
            return
        if fault and fault.kind == "answer":
            await reader.readuntil(b"\r\n\r\n")
            writer.write(fault.answer)
            await writer.drain()
            return
        up_reader, up_writer = await asyncio.open_connection(*self.upstream)
        self._made.add(up_writer)
        both = [
            asyncio.ensure_future(self._forward(reader, up_writer, fault, "server")),
            asyncio.ensure_future(self._forward(up_reader, writer, fault, "phone")),
        ]
        try:
            if await self._first_cut(both):
                if fault and fault.kind == "silence":
                    await asyncio.Event().wait()  # open, and nothing ever comes
                _reset(writer)
                _reset(up_writer)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            up_writer.close()

    async def _first_cut(self, both: list[asyncio.Task[bool]]) -> bool:
        """Whether the fault cut the line; False once both directions have ended by themselves."""
        for ended in asyncio.as_completed(both):
            if await ended:
                return True
        return False

    async def _forward(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        fault: Fault | None,
        towards: str,
    ) -> bool:
        """Copy until the source ends (False) or the fault cuts the line (True)."""
        left = fault.after if fault and fault.towards == towards else None
        while True:
            if left == 0:
                return True
            piece = await source.read(min(PIECE_BYTES, left or PIECE_BYTES))
            if not piece:
                if target.can_write_eof():
                    target.write_eof()
                return False
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            if self.bytes_per_s:
                await asyncio.sleep(len(piece) / self.bytes_per_s)
            target.write(piece)
            await target.drain()
            if towards == "server":
                self.sent_up += len(piece)
            else:
                self.sent_down += len(piece)
            left = None if left is None else left - len(piece)


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    writer.transport.abort()


@pytest.fixture
def make_fault_proxy() -> Iterator[Callable[[str], FaultProxy]]:
    """A function: `make_fault_proxy(address)` puts a proxy before the server at `address`."""
    stops: list[Callable[[], None]] = []

    def make(address: str) -> FaultProxy:
        host, _, port = address.removeprefix("http://").partition(":")
        proxy = FaultProxy((host, int(port)))
        loop, ready = asyncio.new_event_loop(), threading.Event()

        def run() -> None:
            asyncio.set_event_loop(loop)
            task = loop.create_task(proxy.serve(ready.set))
            stops.append(lambda: loop.call_soon_threadsafe(task.cancel))
            try:
                loop.run_until_complete(task)
            except asyncio.CancelledError:
                pass
            finally:
                _finish(loop, proxy)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        assert ready.wait(10)
        stops.append(thread.join)
        return proxy

    yield make
    for stop in stops:
        stop()


def _finish(loop: asyncio.AbstractEventLoop, proxy: FaultProxy) -> None:
    """Let connections that are still open end before the loop is closed."""
    rest = asyncio.all_tasks(loop)
    for task in rest:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
    proxy.end()
    loop.run_until_complete(asyncio.sleep(0))  # what was reset closes one turn later
    loop.close()
