"""An attachment as a phone announces it: which bytes will come, and how they will be known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from app.shared.decode import JsonRecord
from app.shared.errors import Malformed
from app.shared.media import MEDIA_TYPES, ORIGINAL_TYPES
from app.uploads.models import ROLES, UploadRole

MOST_ATTACHMENTS = 8  # an original and its preview today
LARGEST_BYTES = 2**31 - 1  # the column's limit; what is taken is far less
SHA256_HEX = re.compile(r"[0-9a-f]{64}")
_FIELDS = ("id", "role", "sha256", "bytes", "type")


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that belongs to a record, announced before or after its bytes come."""

    id: UUID
    role: UploadRole
    sha256: str
    size_bytes: int
    media_type: str


def attachments_from_json(value: object) -> tuple[Attachment, ...]:
    """Read the `attachments` of one item of the sync API.  Raises Malformed(field, expected)."""
    if not isinstance(value, list) or len(value) > MOST_ATTACHMENTS:
        raise Malformed("attachments", f"list of at most {MOST_ATTACHMENTS}")
    return tuple(_one(item, f"attachments[{place}].") for place, item in enumerate(value))


def _one(item: object, within: str) -> Attachment:
    read = JsonRecord(item, _FIELDS, within=within)
    role, sha256, size_bytes = read.word("role"), read.word("sha256"), read.count("bytes")
    if role not in ROLES:
        raise Malformed(f"{within}role", " or ".join(ROLES))
    if not SHA256_HEX.fullmatch(sha256):
        raise Malformed(f"{within}sha256", "64 hex digits")
    if not 0 < size_bytes <= LARGEST_BYTES:
        raise Malformed(f"{within}bytes", "positive integer")
    media_type = read.word("type")
    known = ORIGINAL_TYPES if role == "original" else MEDIA_TYPES
    if media_type not in known:
        raise Malformed(f"{within}type", " or ".join(known))
    return Attachment(read.id("id"), role, sha256, size_bytes, media_type)
