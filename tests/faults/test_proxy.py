"""The fault proxy does what it says: otherwise every test that leans on it proves nothing."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.plugins.fault_proxy import Fault, FaultProxy

BODY = bytes(range(256)) * 1024


class _Echo(BaseHTTPRequestHandler):
    """Answers a POST with what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def handle(self) -> None:
        with suppress(ConnectionError):  # a cut line is what these tests are about
            super().handle()


@pytest.fixture
def proxy(make_fault_proxy: Callable[[str], FaultProxy]) -> Iterator[FaultProxy]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    yield make_fault_proxy(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def _post(proxy: FaultProxy, timeout_s: float = 10) -> bytes:
    line = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=timeout_s)
    try:
        line.request("POST", "/", BODY)
        return line.getresponse().read()
    finally:
        line.close()


def test_without_a_fault_every_byte_comes_through(proxy: FaultProxy) -> None:
    assert _post(proxy) == BODY
    assert proxy.sent_up > len(BODY)
    assert proxy.sent_down > len(BODY)


@pytest.mark.parametrize("after", [0, 1, 70_000])
@pytest.mark.parametrize("towards", ["server", "phone"])
def test_a_reset_cuts_once_after_that_many_bytes(
    proxy: FaultProxy, after: int, towards: str
) -> None:
    proxy.faults = [Fault("reset", after, towards)]  # type: ignore[arg-type]
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        _post(proxy)
    passed = proxy.sent_up if towards == "server" else proxy.sent_down
    assert passed == after
    assert _post(proxy) == BODY


def test_silence_keeps_the_line_open_and_says_nothing(proxy: FaultProxy) -> None:
    proxy.faults = [Fault("silence", 1_000)]
    with pytest.raises(socket.timeout):
        _post(proxy, timeout_s=0.3)
    assert _post(proxy) == BODY


def test_a_portal_answers_instead_of_the_server(proxy: FaultProxy) -> None:
    proxy.always = Fault("answer")
    assert b"Free WiFi" in _post(proxy)
    proxy.always = None
    assert _post(proxy) == BODY


def test_a_line_that_is_down_refuses(proxy: FaultProxy) -> None:
    proxy.refuse = True
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        _post(proxy)
