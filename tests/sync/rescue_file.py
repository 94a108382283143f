"""Writes rescue files as a phone does - and as no phone would."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.shared.base64url import from_base64url
from app.shared.ids import new_id
from tests.sync.phone_client import Item, Phone

MAGIC = b"LAKTHAN-RESCUE-1\n"
CHUNK_BYTES = 1024 * 1024


@dataclass
class RescueWriter:
    """One phone's file, frame by frame."""

    device_id: str
    account_id: str
    locker: bytes
    frames: list[bytes] = field(default_factory=list)
    items: int = 0
    chunks: int = 0

    @classmethod
    def of(cls, phone: Phone, login: str, password: str) -> RescueWriter:
        """The writer for what lies on `phone`: signing in again gives the same locker."""
        answer = phone.enrol(login, password)
        locker = from_base64url(answer["locker"])
        assert locker is not None
        return cls(answer["device_id"], answer["account"]["id"], locker)

    def item(self, item: Item, *, entry_id: str | None = None) -> RescueWriter:
        """Add one item, with what else a phone keeps beside it."""
        entry_id = entry_id or str(new_id())
        entry = {"item": item, "problems": [], "receipt": None}
        self.sealed(
            {"kind": "item", "id": entry_id},
            json.dumps(entry, ensure_ascii=False).encode(),
            f"item:{self.account_id}:{entry_id}",
        )
        self.items += 1
        return self

    def photo(
        self, attachment: Mapping[str, Any], content: bytes, *, only: Sequence[int] | None = None
    ) -> RescueWriter:
        """Add a photo's bytes in chunks; `only` some of them."""
        count = -(-len(content) // CHUNK_BYTES)
        for index in only if only is not None else range(count):
            part = content[index * CHUNK_BYTES : (index + 1) * CHUNK_BYTES]
            header = {
                "kind": "chunk", "attachment_id": attachment["id"], "role": attachment["role"],
                "index": index, "count": count, "size_bytes": len(content),
                "sha256": attachment["sha256"],
            }  # fmt: skip
            place = f"chunk:{self.account_id}:{attachment['id']}:{index}"
            self.sealed(header, part, place)
            self.chunks += 1
        return self

    def sealed(self, header: dict[str, Any], plain: bytes, place: str) -> RescueWriter:
        """Add any frame, sealed to any place."""
        iv = os.urandom(12)
        payload = iv + AESGCM(self.locker).encrypt(iv, plain, place.encode())
        self.frames.append(frame(header | {"bytes": len(payload)}, payload))
        return self

    def file(self, **changed: Any) -> bytes:
        """The whole file; `changed` fields of its first header."""
        first = {
            "kind": "rescue", "device_id": self.device_id, "account_id": self.account_id,
            "install_id": str(new_id()), "made_at": "2024-02-13T10:00:00.000Z",
            "app_version": "0.1.0", "items": self.items, "chunks": self.chunks, "bytes": 0,
        } | changed  # fmt: skip
        return MAGIC + frame(first) + b"".join(self.frames)


def frame(header: Mapping[str, Any], payload: bytes = b"") -> bytes:
    """One frame."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(4) + text + payload
