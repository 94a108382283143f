"""A phone on a real line: requests by hand over a socket, so that the line can be cut anywhere."""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.uploads.tus import OFFSET_STREAM, UPLOADS, TusPhone, checksum, metadata, sha256_of

RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close sends a reset
PATIENCE_S = 30.0


@dataclass
class Line:
    """One connection with a PATCH begun on it."""

    sock: socket.socket

    def send(self, data: bytes) -> None:
        """More of the body."""
        self.sock.sendall(data)

    def cut(self) -> None:
        """Pull the plug: the server gets a reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.sock.close()

    def hang_up(self) -> None:
        """End politely in the middle."""
        self.sock.close()

    def fall_silent(self) -> None:
        """Nothing more comes, and nobody says so."""

    def status(self) -> int | None:
        """What the server answers; None if it closed the line without a word."""
        with http.client.HTTPResponse(self.sock) as answer:
            try:
                answer.begin()
            except (OSError, http.client.HTTPException):
                return None
            return answer.status


@dataclass
class WirePhone:
    """An enrolled phone before a server at `address`."""

    phone: TusPhone
    address: str
    statuses: list[int] = field(default_factory=list)

    def request(self, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
        """A whole request on a line of its own, without a body."""
        line = http.client.HTTPConnection(*self._host, timeout=PATIENCE_S)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, headers=self.phone.headers | named)
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    @contextmanager
    def keep_alive(self) -> Iterator[Callable[..., int]]:
        """A function that sends requests over one line, for as long as that holds."""
        line = http.client.HTTPConnection(*self._host, timeout=PATIENCE_S)
        line.connect()
        line.auto_open = 0  # a line that was closed stays closed

        def ask(method: str, path: str, data: bytes | None = None, **headers: str) -> int:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, data, self.phone.headers | named)
            with line.getresponse() as answer:
                answer.read()
                return answer.status

        yield ask
        line.close()

    def begin(self, data: bytes, attachment_id: object) -> str:
        """Begin an upload, or find it again; returns its address."""
        told = metadata(attachment_id=attachment_id, sha256=sha256_of(data))
        answer = self.request(
            "POST", UPLOADS, Upload_Length=str(len(data)), Upload_Metadata=told, Content_Length="0"
        )
        assert answer.status == 201
        return str(answer.headers["Location"])

    def offset(self, url: str) -> int:
        """How far it is."""
        answer = self.request("HEAD", url)
        assert answer.status == 200
        return int(answer.headers["Upload-Offset"])

    def dial(self, url: str, offset: int, length: int, **headers: str) -> Line:
        """Begin a PATCH of `length` bytes; not one of them is sent yet."""
        sock = socket.create_connection(self._host, timeout=PATIENCE_S)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = self.phone.headers | named | {
            "Host": "127.0.0.1", "Content-Type": OFFSET_STREAM, "Content-Length": str(length),
            "Upload-Offset": str(offset), "Connection": "close",
        }  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        sock.sendall(f"PATCH {url} HTTP/1.1\r\n{head}\r\n".encode())
        return Line(sock)

    @contextmanager
    def under_way(self, url: str, offset: int, data: bytes) -> Iterator[None]:
        """Half of what is missing has been sent, and the rest never comes."""
        rest = data[offset:]
        line = self.dial(url, offset, len(rest))
        line.send(rest[: len(rest) // 2])
        yield
        line.hang_up()

    def patch(self, url: str, offset: int, piece: bytes, **headers: str) -> int | None:
        """A whole PATCH; its status."""
        line = self.dial(url, offset, len(piece), **headers)
        with suppress(OSError):  # refused before it was all sent; the answer says why
            line.send(piece)
        status = line.status()
        line.hang_up()
        if status:
            self.statuses.append(status)
        return status

    def finish(self, url: str, data: bytes, *, piece: int = 1 << 20, checked: bool = False) -> None:
        """Go on until all of it is there, as often as it takes."""
        for _ in range(2_000):
            offset = self.offset(url)
            if offset == len(data):
                return
            part = data[offset : offset + piece]
            self.patch(
                url, offset, part, **({"Upload_Checksum": checksum(part)} if checked else {})
            )
        raise AssertionError("it never ends")

    @property
    def _host(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        return str(parts.hostname), int(parts.port or 80)
