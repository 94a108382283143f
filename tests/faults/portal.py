"""A portal: stands between a phone and the office, reads every request, and may lie about it.

`FaultProxy` breaks lines; this one speaks HTTP, so it can answer one path as a hotel does and
garble what the server said on another.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


@dataclass(frozen=True, slots=True)
class Request:
    """What the phone sent."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What it is answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def without(self, name: str) -> Answer:
        """The same without a header."""
        kept = [(n, value) for n, value in self.headers if n.lower() != name.lower()]
        return replace(self, headers=kept)

    def having(self, name: str, value: str) -> Answer:
        """The same with another value of a header."""
        return replace(self, headers=[*self.without(name).headers, (name, value)])

    def saying(self, body: bytes) -> Answer:
        """The same with another body."""
        return replace(self, body=body)


Ask = Callable[[], Answer]
Lie = Callable[[Request, Ask], Answer]  # may `ask` the server, or not


class Portal(ThreadingHTTPServer):
    """Running.  `lies_about` says which requests `lie` answers; the rest goes through."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream.removeprefix("http://")
        self.lie: Lie | None = None
        self.lies_about: Callable[[Request], bool] = lambda _: True
        self.lies = 0
        self.heard: list[Request] = []

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, request: Request) -> Answer:
        """Through to the server, or a lie."""
        self.heard.append(request)
        if self.lie is None or not self.lies_about(request):
            return self.forward(request)
        answer = self.lie(request, lambda: self.forward(request))
        self.lies += 1
        return answer

    def forward(self, request: Request) -> Answer:
        """What the server says."""
        line = http.client.HTTPConnection(self.upstream, timeout=60)
        try:
            line.putrequest(request.method, request.path, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers:
                if name.lower() not in HOP_BY_HOP:
                    line.putheader(name, value)
            line.putheader("Content-Length", str(len(request.body)))
            line.endheaders(request.body)
            answer = line.getresponse()
            kept = [(n, value) for n, value in answer.getheaders() if n.lower() not in HOP_BY_HOP]
            return Answer(answer.status, kept, answer.read())
        finally:
            line.close()


class _Handler(BaseHTTPRequestHandler):
    """One connection of the phone."""

    protocol_version = "HTTP/1.1"
    server: Portal

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, list(self.headers.items()), body)
        answer = self.server.answer(request)
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        bodiless = self.command == "HEAD" or answer.status in (204, 304)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if not bodiless:
            self.wfile.write(answer.body)

    do_GET = do_POST = do_HEAD = do_PATCH = do_DELETE = do_OPTIONS = _any  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def handle(self) -> None:
        with suppress(ConnectionError, http.client.HTTPException):  # a phone that went away
            super().handle()


@contextmanager
def portal_before(address: str) -> Iterator[Portal]:
    """A portal before the server at `address`, for as long as the block."""
    portal = Portal(address)
    thread = Thread(target=portal.serve_forever, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        portal.shutdown()
        thread.join()
        portal.server_close()
