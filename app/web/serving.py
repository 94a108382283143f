"""Serving: gunicorn's threads get a request when its head is there, and not before.

Gunicorn's own worker gives a thread to every line that opens, for five seconds, and to every head
that begins, for as long as it likes: eight silent lines and nobody else is served (slow loris).
Here heads are gathered by the one loop that waits for all lines, and a line that has not sent a
whole head within `HEAD_S` is closed.  Bodies are read by the threads; a line that says nothing for
`BODY_SILENCE_S` in the midst of one is taken for dead.  Whoever drips a body holds a thread: the
proxy reads those whole (docs/operations.md).

`deploy/gunicorn.conf.py` names this class; nothing else of the program knows gunicorn.
"""

from __future__ import annotations

import io
import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn import http  # type: ignore[import-untyped]  # it has no types
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from app.shared.malloc import be_frugal, settle

HEAD_S = 10.0  # a head fits into a few packets; a weak signal takes two seconds for them
HEAD_MOST = 64 * 1024  # bytes; twice what the application takes: the parser says no
BODY_SILENCE_S = 60  # a photo's chunk may stall so long on a hill
# Gunicorn takes a megabyte from a line at once and copies the rest for each read of it: three of
# memory for every line, and more work than a quarter of it costs in waiting for the interpreter.
BODY_PIECE = 256 * 1024
_PIECE = 16 * 1024
_END = b"\r\n\r\n"


class PatientWorker(ThreadWorker):
    """Gunicorn's threaded worker, which waits for whole heads without a thread."""

    def init_process(self) -> None:
        """Keep small, then load and serve."""
        be_frugal()
        super().init_process()

    def run(self) -> None:
        """Serve, all being loaded."""
        settle()
        super().run()

    def enqueue_req(self, conn: Any) -> None:
        """Give the line to a thread if a whole head is there; else wait for it here."""
        if conn.parser is None:
            _dead_after(conn.sock, BODY_SILENCE_S)
            conn.initialized = conn.data_ready = True
            conn.parser = http.get_parser(conn.cfg, conn.sock, conn.client)
            conn.parser.unreader.max_body_chunk = BODY_PIECE
        unreader = conn.parser.unreader
        conn.head = bytearray(unreader.buf.getvalue())  # what a body's end brought along
        unreader.buf = io.BytesIO()
        conn.timeout = time.monotonic() + HEAD_S
        self._go_on(conn)

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        """Take what has come of a head."""
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        try:
            piece = conn.sock.recv(_PIECE)
        except BlockingIOError:
            self._wait(conn)
            return
        except OSError:
            piece = b""
        if piece:
            conn.head += piece
            self._go_on(conn)
        else:  # closed before it had asked for anything
            self.nr_conns -= 1
            conn.close()

    def _go_on(self, conn: Any) -> None:
        if _END in conn.head.lstrip(b"\r\n") or len(conn.head) > HEAD_MOST:
            conn.parser.unreader.unread(bytes(conn.head))
            super().enqueue_req(conn)
        else:
            self._wait(conn)

    def _wait(self, conn: Any) -> None:
        conn.sock.setblocking(False)
        # The worker closes what stands first in this row when its time is over: by time, then.
        after = sum(other.timeout <= conn.timeout for other in self.pending_conns)
        self.pending_conns.insert(after, conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)


def _dead_after(line: socket.socket, silence_s: int) -> None:
    """Let a thread wait so long for the next bytes of a body, and no longer."""
    if hasattr(socket, "SO_RCVTIMEO"):
        span = struct.pack("ll", silence_s, 0)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, span)
