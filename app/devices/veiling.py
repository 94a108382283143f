"""Proofs of capture of what somebody is forgotten in: that there was one stays, its digest goes.

The signature goes with it, for with the phone's public key it would say as well whether a guess
was right.  That it was verified, and since when it can have been captured, stays.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.devices.models import CaptureProof
from app.shared.veil import veiled


def veil_proofs(session: Session, kind: str, record_ids: Collection[UUID]) -> None:
    """Veil the digests of what phones sent of these records.  Flushes.  Harmless twice."""
    proofs = select(CaptureProof).where(
        CaptureProof.record_kind == kind, CaptureProof.record_id.in_(record_ids)
    )
    for proof in session.scalars(proofs):
        proof.item_sha256 = veiled(session, proof.item_sha256)
        proof.signature = proof.nonce = None
    session.flush()
