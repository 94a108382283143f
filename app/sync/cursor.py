"""The cursor of `GET /changes`: what a phone already has, in the phone's own keeping.

It holds two short digests for each section: of its text, and the stamp of what it was told from
(`changes_stamps`).  So the server needs no table to know what is new.
The seal binds it to the device: another phone's, a forged or an old one is refused, and the phone
then simply asks for everything.  Pure.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from uuid import UUID

from app.shared.base64url import from_base64url, to_base64url
from app.shared.keys import derived_key
from app.shared.paging import BadCursor

SECTIONS = ("account", "programme", "centres", "rounds", "due", "records", "office")
DIGEST_BYTES = 12  # 2**96: nobody's two days of data ever agree by chance
_PURPOSE = b"lakthan-cursor-1"
_FORMAT = b"\x03"  # raise it with SECTIONS: old cursors are then refused, not misread
_SEAL_BYTES = 16
_SIZE = len(_FORMAT) + 2 * DIGEST_BYTES * len(SECTIONS) + _SEAL_BYTES


@dataclass(frozen=True, slots=True)
class Known:
    """A section that a phone has."""

    digest: bytes  # of its text
    stamp: bytes  # of what it was told from


def digest_of(section: str) -> bytes:
    """The digest that stands for a section's text."""
    return sha256(section.encode()).digest()[:DIGEST_BYTES]


def write_cursor(seed: str, device_id: UUID, known: Mapping[str, Known]) -> str:
    """The cursor that says: this device has these sections."""
    body = _FORMAT + b"".join(known[name].digest + known[name].stamp for name in SECTIONS)
    return to_base64url(body + _seal(seed, device_id, body))


def read_cursor(seed: str, device_id: UUID, cursor: str) -> dict[str, Known]:
    """What the device has, by section.

    Raises:
        BadCursor: it was not written by this server for this device, or is of another format.
    """
    raw = from_base64url(cursor) if len(cursor) < 2 * _SIZE else None
    if raw is None or len(raw) != _SIZE:
        raise BadCursor
    body, seal = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(seed, device_id, body)) or body[:1] != _FORMAT:
        raise BadCursor
    ends = range(len(_FORMAT), len(body) + 1, DIGEST_BYTES)
    parts = [body[start:end] for start, end in pairwise(ends)]
    return {name: Known(*parts[2 * place : 2 * place + 2]) for place, name in enumerate(SECTIONS)}


def _seal(seed: str, device_id: UUID, body: bytes) -> bytes:
    key = derived_key(seed, _PURPOSE)
    return hmac.digest(key, device_id.bytes + body, "sha256")[:_SEAL_BYTES]
