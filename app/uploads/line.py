"""The line a body comes over: read in pieces, never for ever, and dropped when it is dead.

A thread that reads is a thread that serves nobody else.  So a line that says nothing is given up
after `SILENCE_S`, one that is too slow for its length at its deadline, and one that fell silent
at once when the same upload is continued over a new line.  What came before is not lost.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO
from uuid import UUID

from werkzeug.exceptions import ClientDisconnected

from app.shared.errors import DomainError

PIECE_BYTES = 256 * 1024  # appended to the file at once
SIP_BYTES = 64 * 1024  # read at once, and lost at most when a line is reset
SILENCE_S = 30.0  # a phone that drives through a valley comes back within it, or dials anew
QUIET_S = 2.0  # after which a newer line for the same upload counts as its successor
SLOWEST_BYTES_S = 2_000  # a bad 2G line; slower is a line kept open to keep us busy
LONGEST_S = 3_600.0
OF_ONE_DEVICE = 4
SPILL_BYTES = 1024 * 1024  # the largest piece a phone of ours sends
SPILL_S = 3.0


class LineCut(DomainError):
    """The line broke, or was too slow to wait for; what came is kept (`came_bytes`)."""

    code = "line_cut"


class LinesBusy(DomainError):
    """As many bodies are being read as this process has threads for: come again in a moment."""

    code = "lines_busy"


@dataclass(eq=False)
class Line:
    """One body that is being read."""

    device_id: UUID
    upload_id: UUID
    sock: socket.socket | None  # None where the server shows none: then nobody gives it up
    heard_at: float = field(default_factory=time.monotonic)

    def hang_up(self) -> None:
        """Let its reader find the end."""
        hang_up(self.sock)


class Exchange:
    """The lines of this process: so many at once, some of them of one device."""

    def __init__(self, most: int, of_one_device: int = OF_ONE_DEVICE) -> None:
        self._most, self._of_one_device = most, of_one_device
        self._lines: set[Line] = set()
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, line: Line, *, length: int) -> Iterator[Line]:
        """Serve `line` while the block runs; silent older lines of its upload are hung up.

        Raises:
            LinesBusy: no turn is free.
        """
        self._enter(line)
        deadline = threading.Timer(_patience_s(length), line.hang_up)
        deadline.daemon = True
        try:
            if line.sock is not None:
                line.sock.settimeout(SILENCE_S)
                deadline.start()
            yield line
        except LineCut:
            line.hang_up()  # or gunicorn would listen for two seconds more, and to nobody else
            raise
        finally:
            deadline.cancel()
            if line.sock is not None:
                line.sock.settimeout(None)
            with self._lock:
                self._lines.discard(line)

    def _enter(self, line: Line) -> None:
        with self._lock:
            for other in [o for o in self._lines if o.upload_id == line.upload_id]:
                self._succeed(other)
            own = [other for other in self._lines if other.device_id == line.device_id]
            if len(own) >= self._of_one_device:
                self._succeed(min(own, key=lambda other: other.heard_at))
                own = [other for other in own if other in self._lines]
            if len(self._lines) >= self._most or len(own) >= self._of_one_device:
                raise LinesBusy
            self._lines.add(line)

    def _succeed(self, other: Line) -> None:
        """Hang a line up that fell silent: the phone has dialled anew."""
        if other.heard_at < time.monotonic() - QUIET_S:
            other.hang_up()
            self._lines.discard(other)


def spill(source: IO[bytes], sock: socket.socket | None) -> None:
    """Read away what a refused request still sends, so that its sender hears the answer.

    A line that needs long for it is hung up: its sender asks again.
    """
    if sock is None:
        return
    until, left = time.monotonic() + SPILL_S, SPILL_BYTES
    sock.settimeout(SPILL_S)
    try:
        while left > 0 and time.monotonic() < until:
            sip = source.read(SIP_BYTES)
            if not sip:
                return
            left -= len(sip)
    except (OSError, ClientDisconnected):
        pass  # it broke meanwhile
    finally:
        sock.settimeout(None)
    hang_up(sock)


def hang_up(sock: socket.socket | None) -> None:
    """Let whoever reads find the end.  An answer can still be sent."""
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RD)


def turns_in_this_process() -> int:
    """How many bodies may be read at once: of gunicorn's threads, a quarter is for pages."""
    return max(1, int(os.environ.get("WEB_THREADS") or 8) * 3 // 4)


def pieces(source: IO[bytes], line: Line, *, most: int, expected: int | None) -> Iterator[bytes]:
    """The body in pieces, at most `most` bytes; what came before a cut comes before `LineCut`.

    `expected`: its length as announced, None where it was not.
    """
    came, piece = 0, bytearray()
    while sip := _sip(source, min(SIP_BYTES, most - came)):
        line.heard_at = time.monotonic()
        came += len(sip)
        piece += sip
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
    if expected is not None and came < expected:
        raise LineCut(came_bytes=came)


def _sip(source: IO[bytes], size: int) -> bytes:
    if not size:
        return b""
    try:
        return source.read(size)
    except (OSError, ClientDisconnected):  # reset, silent for too long, or badly chunked
        return b""


def _patience_s(length: int) -> float:
    return min(LONGEST_S, SILENCE_S + length / SLOWEST_BYTES_S)
