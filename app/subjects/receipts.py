"""Receipt codes: made by a phone or here, opened for a quarter of an hour, dead when withdrawn.

Who holds the code is taken for the person in the visit: it was handed to them, and to nobody
else.  Only a keyed digest is kept of it.  A code opens in one browser at a time.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record
from app.shared.codes import code_digest, new_code, normal_code
from app.shared.dialects import insert_into
from app.shared.errors import DomainError
from app.shared.rows import Into, insert_all
from app.subjects.models import ReceiptCode
from app.subjects.rules import CODE_LENGTH, MOST_CODES, OPEN_FOR
from app.visits.draft import VisitDraft
from app.visits.forgetting import was_forgotten
from app.visits.models import Visit

_PURPOSE = b"lakthan-receipt-1"


class ReceiptInvalid(DomainError):
    """Unknown, withdrawn, of somebody who was forgotten: one answer for all."""

    code = "receipt_invalid"


class NobodyNamed(DomainError):
    """The visit names nobody and nobody agreed to anything: there is nothing to give a code for."""

    code = "nobody_named"


def digest_of(seed: str, code: str) -> str:
    """What is kept of a code."""
    return code_digest(seed, _PURPOSE, code)


def may_have_code(visit: Visit) -> bool:
    """Whether the visit has a person who agreed to something: they must be able to undo it."""
    return visit.deleted_at is None and agreed(visit)


def agreed(entry: Visit | VisitDraft) -> bool:
    """Whether its person agreed to anything."""
    return entry.consent_followup or entry.consent_photo


def make_receipt(session: Session, visit: Visit, *, actor: Actor, seed: str, now: datetime) -> str:
    """Make a new code for the visit; older ones stop working.  The code itself is kept nowhere.

    Raises:
        NobodyNamed: nobody in this visit agreed to anything.
    """
    if not may_have_code(visit):
        raise NobodyNamed
    session.execute(
        update(ReceiptCode)
        .where(ReceiptCode.visit_id == visit.id, ReceiptCode.withdrawn_at.is_(None))
        .values(withdrawn_at=now, open_sha256=None, open_until=None)
    )
    code = new_code(CODE_LENGTH)
    session.add(ReceiptCode(code_sha256=digest_of(seed, code), visit_id=visit.id, made_at=now))
    record(
        session, actor_id=actor.account_id, action="receipt.made", kind="visit",
        object_id=visit.id, now=now,
    )  # fmt: skip
    session.flush()
    return code


def keep_receipt(session: Session, visit: Visit, digest: str, *, now: datetime) -> bool:
    """Keep a code that a phone made for the visit.  Whether it is this visit's now.

    Sent again it is known, also when it was withdrawn since.  One that another visit has is not
    taken: the phone's person gets a new one at the desk.  Nor is one for somebody forgotten.
    """
    if not may_have_code(visit) or was_forgotten(session, visit.id):
        return False
    known = select(ReceiptCode.visit_id).where(ReceiptCode.code_sha256 == digest)
    if (owner := session.scalar(known)) is not None:
        return owner == visit.id
    count = select(func.count()).where(ReceiptCode.visit_id == visit.id)
    if (session.scalar(count) or 0) >= MOST_CODES:
        return False
    session.execute(
        insert_into(session, ReceiptCode)
        .values(code_sha256=digest, visit_id=visit.id, made_at=now)
        .on_conflict_do_nothing(index_elements=["code_sha256"])
    )
    return session.scalar(known) == visit.id


def keep_first_receipts(into: Into, visits: Mapping[str, UUID], *, now: datetime) -> None:
    """Keep codes (their digests) of visits that are new.  Raises DBAPIError where one was known."""
    rows = [
        {"code_sha256": digest, "visit_id": visit_id, "made_at": now}
        for digest, visit_id in visits.items()
    ]
    insert_all(into, ReceiptCode.__table__, rows)  # type: ignore[arg-type]


def has_live_code(session: Session, visit_id: UUID) -> datetime | None:
    """Since when the visit has a code that works, if it has one."""
    return session.scalar(
        select(func.max(ReceiptCode.made_at)).where(
            ReceiptCode.visit_id == visit_id, ReceiptCode.withdrawn_at.is_(None)
        )
    )


def open_receipt(
    session: Session, text: str, *, seed: str, now: datetime
) -> tuple[ReceiptCode, str]:
    """Open what a code, as typed, gives; returns the secret that this browser keeps.

    Raises:
        ReceiptInvalid: for every reason alike.
    """
    code = normal_code(text, CODE_LENGTH)
    digest = digest_of(seed, code or "")  # the same work whether or not it can be one
    entry = session.get(ReceiptCode, digest, populate_existing=True)
    if code is None or entry is None or entry.withdrawn_at or not _visit_stands(session, entry):
        raise ReceiptInvalid
    secret = secrets.token_urlsafe(32)
    entry.open_sha256, entry.open_until = _secret_digest(secret), now + OPEN_FOR
    entry.used_at = now
    record(
        session, actor_id=None, action="receipt.opened", kind="visit", object_id=entry.visit_id,
        now=now,
    )  # fmt: skip
    session.flush()
    return entry, secret


def opened(session: Session, secret: str | None, *, now: datetime) -> ReceiptCode | None:
    """The code that this browser has open, if it still does."""
    if not secret:
        return None
    entry = session.scalars(
        select(ReceiptCode).where(
            ReceiptCode.open_sha256 == _secret_digest(secret),
            ReceiptCode.open_until > now,
            ReceiptCode.withdrawn_at.is_(None),
        )
    ).one_or_none()
    return entry if entry and _visit_stands(session, entry) else None


def prolong(entry: ReceiptCode, *, now: datetime) -> None:
    """Somebody is at it: another quarter of an hour."""
    entry.open_until = now + OPEN_FOR


def close(session: Session, secret: str) -> None:
    """End it on the server: a copied cookie is worth nothing.  Harmless twice."""
    session.execute(
        update(ReceiptCode)
        .where(ReceiptCode.open_sha256 == _secret_digest(secret))
        .values(open_sha256=None, open_until=None)
        .execution_options(synchronize_session=False)
    )


def forget_codes(session: Session, visit_id: UUID) -> None:
    """A forgotten person's codes are as unknown as any other."""
    session.execute(delete(ReceiptCode).where(ReceiptCode.visit_id == visit_id))


def _visit_stands(session: Session, entry: ReceiptCode) -> bool:
    stands = select(Visit.id).where(Visit.id == entry.visit_id, Visit.deleted_at.is_(None))
    return bool(session.scalar(select(exists(stands))))


def _secret_digest(secret: str) -> str:
    """256 random bits need no key to keep them from being tried out."""
    return hashlib.sha256(secret.encode()).hexdigest()
