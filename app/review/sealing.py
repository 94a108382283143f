"""A district's quarter is closed and opened again; both need a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.service import record as note
from app.review.queries import submissions_of
from app.review.refusals import QuarterOpen
from app.review.steps import check_reviewer
from app.review.units import Unit, units_of
from app.rounds.calendar import Occurrence
from app.rounds.models import QuarterSeal
from app.rounds.queries import rounds_of_quarter
from app.rounds.seals import hold_quarter, seal_of
from app.shared.clock import Quarter
from app.shared.errors import NotFound

SETTLED = ("accepted", "waived")


def seal(
    session: Session,
    district_code: str,
    quarter: Quarter,
    *,
    reason: str,
    although_open: bool = False,
    actor: Actor,
    now: datetime,
) -> QuarterSeal:
    """Close the quarter for a district.  Closed already: that seal is returned.  Flushes.

    Raises:
        Forbidden: the actor does not review this district.
        QuarterOpen: reports are neither accepted nor waived, and `although_open` does not say so.
    """
    check_reviewer(actor, district_code)
    hold_quarter(session, district_code, quarter)
    if found := seal_of(session, district_code, quarter):
        return found
    left = len(open_of_quarter(session, actor, quarter, district_code).get(district_code, []))
    if left and not although_open:
        raise QuarterOpen(count=left)
    found = QuarterSeal(
        district_code=district_code, quarter=str(quarter), reason=reason,
        sealed_by=actor.account_id, sealed_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    _audit(session, found, "sealed", actor, now, {"open": left})
    return found


def unseal(
    session: Session,
    district_code: str,
    quarter: Quarter,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> QuarterSeal:
    """Open a closed quarter again.  Flushes.

    Raises:
        Forbidden: the actor does not review this district.
        NotFound: it is not closed.
    """
    check_reviewer(actor, district_code)
    hold_quarter(session, district_code, quarter)
    found = seal_of(session, district_code, quarter)
    if found is None:
        raise NotFound(kind="seal")
    found.unsealed_by, found.unsealed_at, found.unseal_reason = actor.account_id, now, reason
    session.flush()
    _audit(session, found, "unsealed", actor, now, {})
    return found


def seals_of_quarter(session: Session, actor: Actor, quarter: Quarter) -> dict[str, QuarterSeal]:
    """The seals that are on a quarter now, by district, in the actor's area."""
    rows = session.scalars(
        select(QuarterSeal).where(
            QuarterSeal.quarter == str(quarter), QuarterSeal.unsealed_at.is_(None)
        )
    )
    return {row.district_code: row for row in rows if actor.sees_area(row.district_code)}


def open_of_quarter(
    session: Session, actor: Actor, quarter: Quarter, district: str = ""
) -> dict[str, list[tuple[Occurrence, Unit]]]:
    """What is owed for the quarter and neither accepted nor waived, by district.

    Every district in scope has a row.  Three queries however many districts there are.
    """
    units = {level: units_of(session, actor, level) for level in ("district", "centre")}
    rounds = rounds_of_quarter(quarter)
    wanted = [unit for level in {one.level for one in rounds} for unit in units[level]]
    settled = _settled(session, quarter, [unit.code for unit in wanted])
    found: dict[str, list[tuple[Occurrence, Unit]]] = {
        unit.code: [] for unit in units["district"] if not district or unit.code == district
    }
    for occurrence in rounds:
        for unit in units[occurrence.level]:
            if unit.district_code in found and (occurrence.key, unit.code) not in settled:
                found[unit.district_code].append((occurrence, unit))
    return found


def _settled(session: Session, quarter: Quarter, codes: Collection[str]) -> set[tuple[str, str]]:
    sent = submissions_of(session, quarter, codes)
    return {key for key, one in sent.items() if one.state in SETTLED}


def _audit(
    session: Session,
    row: QuarterSeal,
    action: str,
    actor: Actor,
    now: datetime,
    facts: dict[str, object],
) -> None:
    note(
        session, actor_id=actor.account_id, action=f"quarter.{action}", kind="quarter",
        object_id=f"{row.district_code}/{row.quarter}", now=now, facts=facts,
    )  # fmt: skip
