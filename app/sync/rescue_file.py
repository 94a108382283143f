"""The rescue file: what lay on a phone that cannot send any more, still sealed with its locker.

A line, then frames: four bytes of length, a JSON header, `bytes` bytes of payload.  It is read
frame by frame, never as a whole, and nothing in it is believed before its seal is open: the seal
names the account and the place, so that frames of two files cannot be mixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.shared.decode import JsonRecord
from app.shared.errors import DomainError, Malformed
from app.shared.files import Readable
from app.uploads.models import ROLES, UploadRole
from app.web.json_body import MalformedJson, parse_json

MAGIC = b"LAKTHAN-RESCUE-1\n"
CHUNK_BYTES = 1024 * 1024  # of a photo, before sealing; the last one is shorter
_IV_BYTES, _TAG_BYTES = 12, 16
_HEADER_MAX = 4_096  # bytes; ours take under 400
_PAYLOAD_MAX = 2 * CHUNK_BYTES  # a chunk and its seal, or an item of at most a mebibyte
_SHA256 = re.compile(r"[0-9a-f]{64}")


class RescueNotOurs(DomainError):
    """It does not begin as rescue files do."""

    code = "rescue_not_ours"


class RescueDamaged(DomainError):
    """It was cut short, or changed after it was made."""

    code = "rescue_damaged"


@dataclass(frozen=True, slots=True)
class Opening:
    """The first frame: from which phone and account, and how much is to come."""

    device_id: UUID
    account_id: UUID
    items: int
    chunks: int


@dataclass(frozen=True, slots=True)
class ItemFrame:
    """One item of the outbox, sealed."""

    id: str  # of the outbox entry
    sealed: bytes


@dataclass(frozen=True, slots=True)
class ChunkFrame:
    """One piece of a photo's bytes, sealed."""

    attachment_id: UUID
    role: UploadRole
    index: int
    count: int
    size_bytes: int  # of the whole attachment
    sha256: str
    sealed: bytes

    @property
    def starts_at(self) -> int:
        """Where its bytes begin in the attachment."""
        return self.index * CHUNK_BYTES

    @property
    def length(self) -> int:
        """How many bytes it must hold."""
        return min(CHUNK_BYTES, self.size_bytes - self.starts_at)


Frame = ItemFrame | ChunkFrame


class RescueFile:
    """A rescue file on its way in."""

    def __init__(self, stream: Readable) -> None:
        """Read the beginning.  Raises RescueNotOurs, RescueDamaged."""
        self._stream = stream
        if _read(stream, len(MAGIC)) != MAGIC:
            raise RescueNotOurs
        self.opening = self._opening()

    def frames(self) -> Iterator[Frame]:
        """The frames after the first, in order.

        Raises:
            RescueDamaged: what comes next is no frame, or not a whole one.
        """
        while (header := self._header()) is not None:
            yield self._frame(header)

    def _opening(self) -> Opening:
        header = self._header()
        if header is None or header.get("kind") != "rescue":
            raise RescueDamaged
        self._payload(header)
        try:
            read = _Header(header)
            return Opening(
                read.id("device_id"), read.id("account_id"), read.count("items"),
                read.count("chunks"),
            )  # fmt: skip
        except Malformed as error:
            raise RescueDamaged from error

    def _frame(self, header: dict[str, Any]) -> Frame:
        sealed = self._payload(header)
        try:
            read = _Header(header)
            match header.get("kind"):
                case "item":
                    return ItemFrame(read.word("id"), sealed)
                case "chunk":
                    return _chunk(read, sealed)
        except Malformed as error:
            raise RescueDamaged from error
        raise RescueDamaged

    def _header(self) -> dict[str, Any] | None:
        """The next header; None where the file ends as it should."""
        length = _read(self._stream, 4)
        if not length:
            return None
        size = int.from_bytes(length)
        if len(length) < 4 or not 0 < size <= _HEADER_MAX:
            raise RescueDamaged
        text = _read(self._stream, size)
        try:
            header = parse_json(text) if len(text) == size else None
        except MalformedJson as error:
            raise RescueDamaged from error
        if not isinstance(header, dict):
            raise RescueDamaged
        return header

    def _payload(self, header: dict[str, Any]) -> bytes:
        size = header.get("bytes")
        if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= _PAYLOAD_MAX:
            raise RescueDamaged
        sealed = _read(self._stream, size)
        if len(sealed) < size:
            raise RescueDamaged
        return sealed


class Opener:
    """Opens frames with the locker of the phone they come from."""

    def __init__(self, locker: bytes, account_id: UUID) -> None:
        self._cipher, self._account_id = AESGCM(locker), account_id

    def item(self, frame: ItemFrame) -> object:
        """The item as the phone would have sent it.  Raises RescueDamaged."""
        text = self._open(frame.sealed, f"item:{self._account_id}:{frame.id}")
        try:
            entry = parse_json(text)
        except MalformedJson as error:
            raise RescueDamaged from error
        if not isinstance(entry, dict) or "item" not in entry:
            raise RescueDamaged
        found: object = entry["item"]
        return found

    def chunk(self, frame: ChunkFrame) -> bytes:
        """The chunk's bytes.  Raises RescueDamaged."""
        place = f"chunk:{self._account_id}:{frame.attachment_id}:{frame.index}"
        plain = self._open(frame.sealed, place)
        if len(plain) != frame.length:
            raise RescueDamaged
        return plain

    def _open(self, sealed: bytes, place: str) -> bytes:
        if len(sealed) < _IV_BYTES + _TAG_BYTES:
            raise RescueDamaged
        try:
            return self._cipher.decrypt(sealed[:_IV_BYTES], sealed[_IV_BYTES:], place.encode())
        except InvalidTag as error:
            raise RescueDamaged from error


class _Header(JsonRecord):
    """A header, read strictly; fields of later versions are let be."""

    def __init__(self, header: dict[str, Any]) -> None:
        super().__init__(header, header.keys())


def _chunk(read: _Header, sealed: bytes) -> ChunkFrame:
    role, sha256 = read.word("role"), read.word("sha256")
    index, count, size_bytes = read.count("index"), read.count("count"), read.count("size_bytes")
    if role not in ROLES or not _SHA256.fullmatch(sha256):
        raise RescueDamaged
    if not 0 <= index < count or size_bytes <= 0 or count != -(-size_bytes // CHUNK_BYTES):
        raise RescueDamaged
    return ChunkFrame(read.id("attachment_id"), role, index, count, size_bytes, sha256, sealed)


def _read(stream: Readable, size: int) -> bytes:
    """`size` bytes, or fewer where the stream ends."""
    found = b""
    while len(found) < size and (part := stream.read(size - len(found))):
        found += part
    return found
