"""One item of a phone's outbox, read strictly: what it asks for, and the hash that names it.

The hash is over the item as it was sent, not as it was understood: phone and server compute it
from the same text, so a receipt that names it speaks of exactly these bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.shared.canonical import canonical_json
from app.shared.codes import normal_code
from app.shared.decode import JsonRecord
from app.shared.errors import Malformed
from app.subjects.rules import CODE_LENGTH
from app.uploads.attachment import Attachment, attachments_from_json

OPS = ("create", "edit", "delete")
_SIGNED = ("kind", "op", "id", "base_version", "data", "attachments")
_FIELDS = frozenset(_SIGNED) | {"captured", "receipt_code"}
_LONGEST_WORD = 40  # characters of a kind or op that we echo


@dataclass(frozen=True, slots=True)
class Named:
    """What names an item in an answer, as far as it could be read."""

    kind: str | None = None
    op: str | None = None
    id: str | None = None  # as it was spelled
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item, its shape checked but not yet its data."""

    named: Named
    kind: str
    op: str
    id: UUID
    base_version: int | None
    data: object
    attachments: tuple[Attachment, ...]
    captured: Mapping[str, object]  # nonce, key_id, signature; believed only when verified
    sha256: str
    body: Mapping[str, Any]  # as it was sent, without its receipt code
    receipt_code: str | None = None  # that the phone gave the visit's person; part of no hash
    receipt_sha256: str | None = None  # what is kept of it while the item is held

    def base(self) -> int:
        """The version the phone changed.  Raises Malformed where it does not say."""
        if self.base_version is None:
            raise Malformed("base_version", "integer")
        return self.base_version

    def without_attachments(self) -> Item:
        """Itself.  Raises Malformed where it announces bytes that its kind cannot have."""
        if self.attachments:
            raise Malformed("attachments", "empty list")
        return self


def named(sent: object) -> Named:
    """What can be said of `sent`, however little of an item it is.  Raises nothing."""
    if not isinstance(sent, Mapping):
        return Named()
    spelled = sent.get("id")
    try:
        JsonRecord({"id": spelled}, {"id"}).id("id")
    except Malformed:
        spelled = None
    return Named(_word(sent.get("kind")), _word(sent.get("op")), spelled, item_sha256(sent))


def item_sha256(sent: Mapping[str, Any]) -> str:
    """The hex SHA-256 that names an item: everything but who signed it."""
    signed = {name: sent.get(name) for name in _SIGNED} | {
        "attachments": sent.get("attachments") or []
    }
    return sha256(canonical_json(signed).encode()).hexdigest()


def item_from_json(sent: object) -> Item:
    """Read one item.  Raises Malformed(field, expected)."""
    read = JsonRecord(sent, _FIELDS)
    body: Mapping[str, Any] = sent  # type: ignore[assignment]  # JsonRecord saw that it is one
    who = named(body)
    kind = read.word("kind")
    op = read.word("op")
    if op not in OPS:
        raise Malformed("op", " or ".join(OPS))
    captured = body.get("captured")
    return Item(
        named=who,
        kind=kind,
        op=op,
        id=read.id("id"),
        base_version=read.whole("base_version"),
        data=body.get("data"),
        attachments=attachments_from_json(body.get("attachments") or []),
        captured=captured if isinstance(captured, Mapping) else {},
        sha256=who.sha256 or "",
        body={name: value for name, value in body.items() if name != "receipt_code"},
        receipt_code=_receipt_code(body.get("receipt_code"), kind, op),
    )


def _receipt_code(sent: object, kind: str, op: str) -> str | None:
    """A phone made it, so it is spelled as it was made, or it is none."""
    if sent is None:
        return None
    if not isinstance(sent, str) or normal_code(sent, CODE_LENGTH) != sent:
        raise Malformed("receipt_code", "12 characters")
    if kind != "visit" or op == "delete":
        raise Malformed("receipt_code", "none, but of a visit")
    return sent


def _word(sent: object) -> str | None:
    return sent[:_LONGEST_WORD] if isinstance(sent, str) else None
