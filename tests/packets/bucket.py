"""A real S3 server for tests: rclone's, which checks signatures, behind a door that can be cut.

rclone answers a Range with 200 and Content-Range where S3 and RFC 9110 say 206; the door puts
that right, and nothing else.  It also counts what was sent, and breaks a connection when told.
"""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

KEY, SECRET = "lakthan-key", "lakthan-secret"
NAME = "lakthan-packets"
PIECE = 64 * 1024
RCLONE = Path(sys.executable).with_name("rclone")


@dataclass
class Bucket:
    """The server's address and folder, and what its door did."""

    port: int
    folder: Path
    sent_bytes: int = 0
    cut_after: int | None = None  # bytes of the next answer's body; once

    @property
    def url(self) -> str:
        """For LAKTHAN_PACKETS_STORE."""
        return f"s3://{NAME}/issued?endpoint=http://127.0.0.1:{self.port}&region=us-east-1"

    def lying(self) -> list[Path]:
        """The files in the bucket."""
        return [path for path in self.folder.rglob("*") if path.is_file()]


@contextmanager
def serving(folder: Path) -> Iterator[Bucket]:
    """Run the server over a folder, with one empty bucket."""
    with running(folder) as port, _door_before(folder, port) as bucket:
        yield bucket


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """The same without the door: the server's port."""
    (folder / NAME).mkdir(parents=True)
    process, port, listener = _start(folder)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()
        listener.join()  # it has read what the server said to its end
        if process.stderr:
            process.stderr.close()


@contextmanager
def _door_before(folder: Path, port: int) -> Iterator[Bucket]:
    door = ThreadingHTTPServer(("127.0.0.1", 0), _Door)
    door.daemon_threads = True
    bucket = Bucket(door.server_address[1], folder)
    door.bucket, door.behind = bucket, port  # type: ignore[attr-defined]
    thread = Thread(target=door.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield bucket
    finally:
        door.shutdown()
        door.server_close()
        thread.join()


def command(folder: Path, port: int = 0) -> list[str]:
    """How the server is started; on a port of its own choice unless told."""
    return [
        shutil.which(RCLONE) or "rclone", "serve", "s3", str(folder),
        "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}", "--config", "",
        "--dir-cache-time", "1ms",  # tests change files behind its back
    ]  # fmt: skip


def _start(folder: Path) -> tuple[subprocess.Popen[str], int, Thread]:
    """Start it; returns when it says that it listens.  A thread goes on reading what it says."""
    process = subprocess.Popen(command(folder), stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        if "Starting s3 server on" in line:
            listener = Thread(target=process.stderr.read, daemon=True)
            listener.start()
            return process, int(line.rpartition(":")[2].strip(" /]\n")), listener
    raise RuntimeError("rclone did not start")


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        bucket: Bucket = self.server.bucket  # type: ignore[attr-defined]
        inner = http.client.HTTPConnection("127.0.0.1", self.server.behind)  # type: ignore[attr-defined]
        inner.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            inner.putheader(name, value)  # the host too: it is signed
        inner.endheaders()
        left = int(self.headers.get("Content-Length") or 0)
        while left:
            piece = self.rfile.read(min(PIECE, left))
            inner.send(piece)
            left -= len(piece)
        answer = inner.getresponse()
        partly = answer.status == 200 and answer.getheader("Content-Range")
        self.send_response_only(206 if partly else answer.status)
        for name, value in answer.getheaders():
            self.send_header(name, value)
        self.end_headers()
        self._pass_body(bucket, answer)
        inner.close()

    def _pass_body(self, bucket: Bucket, answer: http.client.HTTPResponse) -> None:
        if answer.getheader("Content-Length") is None:
            self.close_connection = True
        sent = 0
        while piece := answer.read(PIECE):
            if bucket.cut_after is not None and sent + len(piece) > bucket.cut_after:
                bucket.cut_after = None
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            bucket.sent_bytes += len(piece)
            sent += len(piece)
            try:
                self.wfile.write(piece)
            except OSError:
                self.close_connection = True
                return  # whoever asked has gone

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
