"""Follow-ups forget the person of their visit: what was said on the telephone goes, counts stay."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.history import make_version, note_version, veil_contents
from app.devices.veiling import veil_proofs
from app.followups.models import Followup, FollowupRevision
from app.shared.traces import Traces
from app.visits.forgetting import forget_in_version, traces_of
from app.visits.models import Visit

REMARKS = ("reason", "next_step")
_OWNER = FollowupRevision.followup_id


def forget_in_followups(session: Session, visit_id: UUID, now: datetime) -> None:
    """Blank the remarks of a visit's follow-ups, also of those struck out.  Twice is harmless."""
    visit = session.get(Visit, visit_id)
    traces = traces_of(visit) if visit else Traces(None, None)
    for followup in session.scalars(select(Followup).where(Followup.visit_id == visit_id)):
        _forget_versions(session, followup.id, traces)
        traces.clean(followup, ("deleted_reason",))
        veil_contents(session, followup, _OWNER)
        veil_proofs(session, "followup", [followup.id])
        changed = [name for name in REMARKS if getattr(followup, name) is not None]
        if changed:
            values = dict.fromkeys(REMARKS) | {"search_key": ""}
            make_version(session, followup, values, followup.version)
            note_version(
                session, followup, _OWNER, "forgotten", actor_id=None, now=now,
                changes=dict.fromkeys(changed),
            )  # fmt: skip
    session.flush()


def _forget_versions(session: Session, followup_id: UUID, traces: Traces) -> None:
    for revision in session.scalars(
        select(FollowupRevision).where(FollowupRevision.followup_id == followup_id)
    ):
        forget_in_version(revision, traces, REMARKS)
