"""The real gunicorn with the real settings, and lines that never finish what they begin."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import ROOT

THREADS = 2
WAIT_S = 30  # longer than a head or a silent body is waited for; a test that waits so long fails
GOOD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
FORM = (
    b"POST /language HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded"
)


@dataclass
class Server:
    """A running gunicorn."""

    port: int
    log: Path

    def line(self, said: bytes = b"") -> socket.socket:
        """A line that has said this much."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_S)
        line.sendall(said)
        return line

    def ask(self, said: bytes) -> bytes:
        """All that is answered, until the line is closed."""
        with self.line(said) as line:
            return _rest(line)


def _rest(line: socket.socket) -> bytes:
    told = b""
    try:
        while piece := line.recv(65_536):
            told += piece
    except ConnectionError:  # closed while we were still talking
        pass
    return told


@pytest.fixture(scope="module")
def server(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """As `make run` and a server start it, but that it waits for nobody longer than two seconds."""
    folder = tmp_path_factory.mktemp("serving")
    shutil.copyfile(filled_sqlite, folder / "test.db")
    conf, real = folder / "conf.py", ROOT / "deploy" / "gunicorn.conf.py"
    conf.write_text(
        f"exec(compile(open({str(real)!r}).read(), {str(real)!r}, 'exec'),"
        f" globals() | {{'__file__': {str(real)!r}}}, globals())\n"
        "from app.web import serving\nserving.HEAD_S, serving.BODY_SILENCE_S = 2, 1\n"
    )
    env = os.environ | {
        "LAKTHAN_ENV": "test", "LAKTHAN_VAR": str(folder), "HOST": "127.0.0.1", "PORT": "0",
        "WEB_THREADS": str(THREADS), "SECRET_KEY": "x" * 40, "LAKTHAN_SIGNING_KEY": "A" * 43,
        "DATABASE_URL": f"sqlite:///{folder / 'test.db'}", "PYTHONPATH": str(ROOT),
        "REDIS_URL": f"unix://{folder / 'no-redis.sock'}",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", str(conf), "app:create_app()"]
    with _running(command, env, folder / "log") as port:
        yield Server(port, folder / "log")


@contextmanager
def _running(command: list[str], env: dict[str, str], log: Path) -> Iterator[int]:
    with log.open("wb") as sink:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=sink, stderr=sink)
    try:
        yield _port(log, process)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _port(log: Path, process: subprocess.Popen[bytes]) -> int:
    while process.poll() is None:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text("utf-8")):
            return int(found[1])
    pytest.fail(log.read_text("utf-8"))


@pytest.mark.parametrize(
    "begun", [b"", b"GE", HEAD, HEAD + b"X-Long: aaaa", b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01"],
    ids=["silent", "half a line", "half a head", "half a field", "blank lines", "TLS"],
)  # fmt: skip
def test_fifty_lines_that_begin_and_do_not_go_on_keep_nobody_waiting(
    server: Server, begun: bytes
) -> None:
    with ExitStack() as open_lines:
        slow = [open_lines.enter_context(server.line(begun)) for _ in range(50)]
        for line in slow:  # and a little more of it, one byte at a time
            line.sendall(b"a" if begun not in (b"", b"\r\n\r\n") else b"")
        assert server.ask(GOOD).startswith(b"HTTP/1.1 200 ")


def test_such_a_line_is_closed_and_a_patient_ones_question_is_answered(server: Server) -> None:
    with server.line(HEAD) as silent, server.line(GOOD[:9]) as slow:
        for start in range(9, len(GOOD)):
            slow.sendall(GOOD[start : start + 1])
        assert _rest(slow).startswith(b"HTTP/1.1 200 ")
        assert _rest(silent) == b""  # closed without a word, by the server


def test_a_second_question_on_the_same_line_may_not_be_half_either(server: Server) -> None:
    kept = HEAD + b"\r\n"
    with ExitStack() as open_lines:
        for _ in range(20):
            line = open_lines.enter_context(server.line(kept))
            assert line.recv(65_536).startswith(b"HTTP/1.1 200 ")
            line.sendall(kept[:25])
        assert server.ask(GOOD).startswith(b"HTTP/1.1 200 ")


def test_questions_sent_together_are_answered_in_turn(server: Server) -> None:
    assert server.ask((HEAD + b"\r\n") * 3 + GOOD).count(b"HTTP/1.1 200 ") == 4


def test_a_body_that_falls_silent_gives_its_thread_back(server: Server) -> None:
    with ExitStack() as open_lines:
        for _ in range(THREADS * 2):
            half = FORM + b"\r\nContent-Length: 100000\r\n\r\nback=/"
            open_lines.enter_context(server.line(half))
        assert server.ask(GOOD).startswith(b"HTTP/1.1 200 ")
    assert "Traceback" not in server.log.read_text("utf-8")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /" + b"x" * 5_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (HEAD + b"X: " + b"y" * 9_000 + b"\r\n\r\n", 431),
        (HEAD + b"".join(b"X-%d: 1\r\n" % n for n in range(100)) + b"\r\n", 431),
        (HEAD + b"X: " + b"y" * 100_000, 431),
        (FORM + b"\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (FORM + b"\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400),
        (FORM + b"\r\nContent-Length: +5\r\n\r\nabcde", 400),
        (FORM + b"\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
        (FORM + b"\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
        (HEAD + b"Host: evil.example\r\n\r\n", 400),
        (HEAD + b"Folded: a\r\n b\r\n\r\n", 400),
        (HEAD + b"Spaced : a\r\n\r\n", 400),
        (HEAD + b"Nul: a\0b\r\n\r\n", 400),
        (b"GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n", 400),
    ],
    ids=["line", "field", "fields", "endless", "two lengths", "two numbers", "signed", "twice",
         "unknown", "two hosts", "folded", "spaced", "NUL", "version"],
)  # fmt: skip
def test_a_head_out_of_measure_or_of_two_meanings_is_refused(
    server: Server, said: bytes, status: int
) -> None:
    told = server.ask(said)
    assert told == b"" or told.startswith(b"HTTP/1.1 %d " % status)
    assert told or status == 431  # a line may be closed while it is still talking
    assert b"\r\nConnection: close" in told or not told
    assert server.ask(GOOD).startswith(b"HTTP/1.1 200 ")


def test_no_answer_tells_a_version_of_anything(server: Server) -> None:
    for said in (GOOD, GOOD.replace(b"/healthz", b"/no/such"), b"\r\n\r\nGET\r\n\r\n"):
        head = server.ask(said).partition(b"\r\n\r\n")[0].decode()
        assert re.fullmatch(r"[^\d]*", "".join(re.findall(r"(?im)^Server:(.*)$", head)))
        assert not re.search(r"(?i)^(x-powered-by|via|x-aspnet)", head, re.MULTILINE)


def test_a_field_with_an_underscore_speaks_for_nobody(server: Server) -> None:
    told = server.ask(GOOD.replace(b"\r\n\r\n", b"\r\nX_Forwarded_Host: evil.example\r\n\r\n"))
    assert told.startswith(b"HTTP/1.1 200 ")
    assert b"evil" not in told
