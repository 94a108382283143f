"""Holds are placed and lifted; what is destroyed or forgotten is written down."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select
from sqlalchemy.orm import Session

from app.keeping.erasures import ERASED, Erased
from app.keeping.models import Destruction, Erasure, LegalHold
from app.shared.errors import DomainError
from app.shared.ids import new_id

MOST_IDS = 1_000  # ids named in one entry of the log; the digest covers all
# "restored": it had been destroyed already, and a backup brought it back
Cause = Literal["retention", "request", "officer", "restored"]


class UnderLegalHold(DomainError):
    """Somebody ordered that this must not be destroyed."""

    code = "under_legal_hold"


@dataclass(frozen=True, slots=True)
class Held:
    """What a hold is asked about: one record, where it belongs and of which day it is."""

    kind: str
    object_id: UUID
    area_code: str
    day: date


def is_held(kind: str, object_id: Any, area_code: Any, day: Any) -> ColumnElement[bool]:
    """The condition, for a query over many records, that some hold covers the row.

    `object_id` (UUID), `area_code` (str) and `day` (date) are columns or expressions of it.
    """
    one = and_(LegalHold.kind == kind, LegalHold.object_id == object_id)
    many = and_(
        LegalHold.object_id.is_(None),
        or_(LegalHold.kind.is_(None), LegalHold.kind == kind),
        area_code.startswith(LegalHold.area_code),
        or_(LegalHold.first_day.is_(None), LegalHold.first_day <= day),
        or_(LegalHold.last_day.is_(None), LegalHold.last_day >= day),
    )
    holds = select(LegalHold.id).where(LegalHold.lifted_at.is_(None), or_(one, many))
    return exists(holds.correlate_except(LegalHold))


def check_not_held(session: Session, held: Held) -> None:
    """Refuse to destroy what a hold covers.

    Raises:
        UnderLegalHold: it must stay.
    """
    condition = is_held(
        held.kind, literal(held.object_id), literal(held.area_code), literal(held.day)
    )
    if session.scalar(select(condition)):
        raise UnderLegalHold


def note_destroyed(
    session: Session,
    *,
    keeping: str,
    cause: Cause,
    kind: str,
    object_ids: Collection[UUID],
    now: datetime,
    area_code: str = "",
    by: UUID | None = None,
    run_id: UUID | None = None,
) -> None:
    """Write into the destruction log that these records were destroyed or made nameless."""
    names = sorted(str(each) for each in object_ids)
    session.add(
        Destruction(
            at=now, keeping=keeping, cause=cause, kind=kind, area_code=area_code,
            n_objects=len(names), objects=names[:MOST_IDS],
            digest=hashlib.sha256("\n".join(names).encode()).hexdigest(), by=by, run_id=run_id,
        )
    )  # fmt: skip


def note_erased(
    session: Session, kind: str, object_id: UUID, *, now: datetime, about: str | None = None
) -> None:
    """Remember that the record's person was erased, for whoever restores an older state.

    Once this is committed it also stands in the list beside the database (`erasures.py`).
    """
    erasure = Erasure(id=new_id(), kind=kind, object_id=object_id, about=about, at=now)
    session.add(erasure)
    session.info.setdefault(ERASED, []).append(Erased.of(erasure))
