"""The body of one request: a piece of an upload, on its way from the line to the disk."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from uuid import UUID

from flask import Request

from app.shared.errors import Malformed
from app.uploads.landing import Landing, WrongOffset
from app.uploads.line import Exchange, Line, pieces
from app.uploads.models import Upload
from app.uploads.protocol import (
    ALGORITHMS,
    OFFSET_STREAM,
    Checksum,
    WrongContent,
    checksum_from,
)

IN_MEMORY_BYTES = 1024 * 1024  # of a piece that waits for its checksum; the rest waits on disk


def has_body(request: Request) -> bool:
    """Whether bytes come with the request."""
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    return chunked or bool(request.content_length)


def socket_of(request: Request) -> socket.socket | None:
    """The connection a request came over, where the server shows it (gunicorn does)."""
    found = request.environ.get("gunicorn.socket")
    return found if isinstance(found, socket.socket) else None


@dataclass(frozen=True, slots=True)
class Body:
    """What a request brings for `upload`, from `offset` on."""

    request: Request
    upload: Upload
    offset: int
    checksum: Checksum | None

    @classmethod
    def of(cls, request: Request, upload: Upload, offset: int) -> Body:
        """Read the headers; not a byte of the body.

        Raises:
            WrongContent: it does not say that it is a piece of a file.
            Malformed: it would reach beyond the upload's end, or its checksum cannot be read.
        """
        if request.mimetype != OFFSET_STREAM:
            raise WrongContent(expected=OFFSET_STREAM)
        missing = upload.size_bytes - offset
        if 0 <= missing < (request.content_length or 0):
            raise Malformed("Content-Length", "no more than is missing")
        return cls(request, upload, offset, checksum_from(request.headers))

    @property
    def missing(self) -> int:
        """How many bytes the upload still takes."""
        return self.upload.size_bytes - self.offset

    def take(self, landing: Landing, exchange: Exchange, device_id: UUID) -> int:
        """Put the body on disk; returns where the upload ends then.

        Without a checksum what came before the line broke is kept; with one it is all or nothing.

        Raises:
            WrongOffset: the upload ends elsewhere, or another request was quicker.
            ChecksumMismatch, LineCut, LinesBusy: as they say.
            OSError: the disk refused.
        """
        reached = landing.reached(self.upload)
        if reached != self.offset:
            raise WrongOffset(offset=reached)
        if not has_body(self.request):
            return self.offset
        if not self.offset:
            landing.begin(self.upload)
        with self._pieces(exchange, device_id) as parts:
            try:
                take = self._checked if self.checksum else self._added
                return take(landing, parts)
            finally:
                landing.flush(self.upload)  # also what came before the line broke

    def _added(self, landing: Landing, parts: Iterator[bytes]) -> int:
        end = self.offset
        for piece in parts:
            end = landing.append(self.upload, end, piece)
        return end

    def _checked(self, landing: Landing, parts: Iterator[bytes]) -> int:
        if self.checksum is None:
            raise ValueError("nothing to check against")
        hashed = ALGORITHMS[self.checksum.algorithm]()
        with SpooledTemporaryFile(IN_MEMORY_BYTES, dir=str(landing.spool_folder())) as waiting:
            if (self.request.content_length or self.missing) > IN_MEMORY_BYTES:
                waiting.rollover()  # at once: a megabyte of each line is not held, then copied
            for piece in parts:
                hashed.update(piece)
                waiting.write(piece)
            self.checksum.check(hashed)
            waiting.seek(0)
            return landing.append(self.upload, self.offset, waiting)

    @contextmanager
    def _pieces(self, exchange: Exchange, device_id: UUID) -> Iterator[Iterator[bytes]]:
        line = Line(device_id, self.upload.id, socket_of(self.request))
        length = self.request.content_length
        with exchange.taken(line, length=self.missing if length is None else length):
            self.request.max_content_length = None  # the upload's own end is the limit
            yield pieces(self.request.stream, line, most=self.missing, expected=length)
