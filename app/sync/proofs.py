"""Proofs of capture: which phone brought which version, and whether its key had signed it.

Every version that came from a phone has one, signed or not: the row also tells a phone that
sends an item again that this very item was done, and when it came.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session

from app.devices.models import CaptureProof, DeviceKey
from app.devices.nonce import nonce_at
from app.devices.signing import verify_capture
from app.shared.dialects import among, insert_into, is_postgresql
from app.shared.rows import Into, insert_all
from app.shared.veil import either, veiled
from app.sync.items import Item
from app.sync.verdicts import Delivery, Key

_TABLE: Any = CaptureProof.__table__
_KEYS = select(DeviceKey.id, DeviceKey.public_key).where(
    DeviceKey.device_id == bindparam("device_id")
)
_LONGEST_SIGNATURE = 120  # characters, the column's; a P-256 signature takes 86
_LONGEST_NONCE = 80  # the column's; ours have 43
_LONGEST_KEY_ID = 36


def proofs_of(
    session: Session, items: Collection[Item]
) -> dict[tuple[str, UUID, str], CaptureProof]:
    """The proofs that these very items were done before, by kind, id and the item's digest."""
    sent = {kept: item.sha256 for item in items for kept in either(session, item.sha256)}
    asked = {"ids": [item.id for item in items], "digests": list(sent)}
    found = session.scalars(_known(is_postgresql(session)), asked)
    return {(proof.record_kind, proof.record_id, sent[proof.item_sha256]): proof for proof in found}


@cache
def _known(on_postgresql: bool) -> Select[CaptureProof]:
    return select(CaptureProof).where(
        among(CaptureProof.record_id, "ids", on_postgresql),
        among(CaptureProof.item_sha256, "digests", on_postgresql),
    )


def keys_of(session: Session, device_id: UUID) -> dict[str, Key]:
    """The phone's keys by id; its old ones stay good for old records."""
    return {str(key.id): key for key in session.execute(_KEYS, {"device_id": device_id})}


def brought_before(session: Session, item: Item) -> bool:
    """Whether any phone brought some version of this record."""
    brought = select(CaptureProof).where(
        CaptureProof.record_kind == item.kind, CaptureProof.record_id == item.id
    )
    return bool(session.scalar(select(exists(brought))))


def keep_proof(
    session: Session, item: Item, version: int, by: Delivery, *, veil: bool = False
) -> None:
    """Keep who brought this version.  One that has its proof already keeps that one.

    `veil`: the item tells of somebody who was forgotten, so its digest must not say what it told.
    """
    row = _proof(item, version, by)
    if veil:
        unsaid = {"nonce": None, "signature": None}
        row |= unsaid | {"item_sha256": veiled(session, item.sha256)}
    session.execute(insert_into(session, _TABLE).on_conflict_do_nothing(), row)


def keep_first_proofs(into: Into, items: Sequence[Item], by: Delivery) -> None:
    """Keep who brought the first versions of these records.  Raises DBAPIError where one has a
    proof already.
    """
    insert_all(into, _TABLE, [_proof(item, 1, by) for item in items])


def not_before(item: Item, by: Delivery) -> datetime | None:
    """Since when the item can have been written, as its phone's signature proves; None: unknown."""
    moment: Any = _signed(item, by)["nonce_at"]
    return moment if isinstance(moment, datetime) else None


def _proof(item: Item, version: int, by: Delivery) -> dict[str, object]:
    return _signed(item, by) | {
        "record_kind": item.kind,
        "record_id": item.id,
        "version": version,
        "device_id": by.device_id,
        "item_sha256": item.sha256,
        "received_at": by.received_at,
    }


def _signed(item: Item, by: Delivery) -> dict[str, object]:
    """What the signature is worth.  A bad one is kept as bad: it never costs the record."""
    nonce = _text(item.captured.get("nonce"), _LONGEST_NONCE)
    signature = _text(item.captured.get("signature"), _LONGEST_SIGNATURE)
    key = by.seen.keys.get(_text(item.captured.get("key_id"), _LONGEST_KEY_ID))
    issued_at = nonce_at(by.seed, nonce) if nonce else None
    claim = _claim(item, nonce)
    right = bool(key and issued_at and verify_capture(key.public_key, claim, signature))
    return {
        "key_id": key.id if key else None,
        "nonce": nonce or None,
        "signature": signature or None,
        "verified": right,
        "nonce_at": issued_at if right else None,
    }


def _claim(item: Item, nonce: str) -> str:
    """The text a phone signs at the moment of capture."""
    return "\n".join(("lakthan-capture-1", item.kind, item.named.id or "", item.sha256, nonce))


def _text(value: object, longest: int) -> str:
    return value if isinstance(value, str) and len(value) <= longest else ""
