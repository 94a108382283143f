"""A person is erased from an entry of the visitor book; what was counted stays.

Whoever decides calls `forget_visit`: the desk (`service.forget_visitor`), the person with a
receipt code (`subjects`), the nightly run (`retention`), and whoever restores a backup.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.history import changes_to, make_version, note_version, veil_contents
from app.centres.models import Centre
from app.devices.veiling import veil_proofs
from app.keeping.service import Cause, Held, check_not_held, note_destroyed, note_erased
from app.shared.forgetting import forget_elsewhere
from app.shared.traces import Traces
from app.visits.models import Visit, VisitRevision
from app.visits.rules import PERSONAL_FIELDS
from app.visits.search import search_key

TOLD = ("group_name", "origin_text", "trainer")  # told by others, and may hold the name as well
REMARKS = ("suggestion",)
_BLANK: dict[str, object] = {
    "leader_name": None, "phone": None, "suggestion": None, "consent_followup": False,
}  # fmt: skip


def forget_visit(
    session: Session,
    visit: Visit,
    *,
    cause: Cause,
    now: datetime,
    actor_id: UUID | None,
    reason: str | None = None,
    noted: bool = False,
) -> bool:
    """Erase the person from the visit (PDPA 19, 33) and from all that hangs on it; counts stay.

    Name, phone and remarks go, and with them the consent and the follow-ups due; every slice that
    keeps words about the visit forgets them in this transaction.  `actor_id` None: the person
    themself, or the nightly run.  `noted`: the caller writes the destruction log, for many at
    once.  A phone that still sends the old entry is told it is known; nothing comes back.  A
    sealed quarter does not hinder it.  Returns whether anything was there; twice is harmless.
    Flushes; the next sweep has the bytes gone from the disk (`upkeep.scrub_jobs`).

    Raises:
        UnderLegalHold: somebody ordered that it stays.  Not where a restored backup is made to
            forget whom it had forgotten before: that was decided then.
    """
    area_code = area_of(session, visit)
    if cause != "restored":
        check_not_held(session, Held("visit", visit.id, area_code, visit.visit_date))
    traces = traces_of(visit)
    forget_elsewhere(session, "visit", visit.id)
    _forget_versions(session, visit.id, traces)
    veil_visit(session, visit)
    hidden = {name: traces.hide(getattr(visit, name)) for name in TOLD}
    changes = changes_to(visit, _BLANK | hidden, frozenset(PERSONAL_FIELDS))
    if not changes and was_forgotten(session, visit.id):
        return False  # what may have been said about it since is gone all the same
    values = _BLANK | hidden | {"next_followup_on": None}
    values["search_key"] = search_key(session, values, visit.origin_subdistrict_code)
    make_version(session, visit, values, visit.version)
    note_version(
        session, visit, VisitRevision.visit_id, "forgotten", actor_id=actor_id, now=now,
        changes=dict.fromkeys(changes), reason=traces.hide(reason),
    )  # fmt: skip
    note_erased(session, "visit", visit.id, now=now)
    if not noted:
        note_destroyed(
            session, keeping="visitor", cause=cause, kind="visit", object_ids=[visit.id], now=now,
            area_code=area_code, by=actor_id,
        )  # fmt: skip
    return True


def was_forgotten(session: Session, visit_id: UUID) -> bool:
    """Whether somebody was ever erased from this visit."""
    return forgotten_at(session, visit_id) is not None


def forgotten_at(session: Session, visit_id: UUID) -> datetime | None:
    """When somebody was last erased from this visit; None: never."""
    return session.scalar(
        select(VisitRevision.made_at)
        .where(VisitRevision.visit_id == visit_id, VisitRevision.action == "forgotten")
        .order_by(VisitRevision.version.desc())
        .limit(1)
    )


def traces_of(visit: Visit) -> Traces:
    """What to look for in texts about the visit, while its person is still known."""
    return Traces(visit.leader_name, visit.phone)


def area_of(session: Session, visit: Visit) -> str:
    """The subdistrict of the visit's centre."""
    code = session.scalar(select(Centre.subdistrict_code).where(Centre.id == visit.centre_id))
    return code or ""


def _forget_versions(session: Session, visit_id: UUID, traces: Traces) -> None:
    """Remarks may name a person, so earlier versions keep only that they changed."""
    versions = select(VisitRevision).where(VisitRevision.visit_id == visit_id)
    for revision in session.scalars(versions):
        forget_in_version(revision, traces, REMARKS)
    session.flush()


def veil_visit(session: Session, visit: Visit) -> None:
    """Leave no digest of the visit's contents against which a name or number could be tried."""
    veil_contents(session, visit, VisitRevision.visit_id)
    veil_proofs(session, "visit", [visit.id])


def forget_in_version(revision: Any, traces: Traces, blanked: tuple[str, ...]) -> None:
    """Take a person out of one version: `blanked` keep only that they changed, others are hidden.

    Fields whose values are not kept (`changes_to(unsaid=)`) are as they were.
    """
    changes = traces.hide(revision.changes) | {
        name: None for name in blanked if revision.changes.get(name)
    }
    if changes != revision.changes:
        revision.changes = changes
    traces.clean(revision, ("reason",))
