"""The chain's arithmetic, pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

FIRST_DIGEST = "0" * 64


def entry_digest(
    previous: str,
    *,
    position: int,
    at: datetime,
    actor_id: str | None,
    action: str,
    kind: str,
    object_id: str,
    facts: Mapping[str, object],
) -> str:
    """SHA-256 (hex) of an entry and of the digest before it: changing one changes all after."""
    body = [
        previous,
        position,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor_id,
        action,
        kind,
        object_id,
        facts,
    ]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
