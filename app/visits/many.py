"""Many new entries of the visitor book at once: what a phone brings after a day without a network.

The same as `service.record_visit` for each of them in turn, with one statement for each table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import note_versions
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.rounds.programme import Programme
from app.shared.rows import insert_new
from app.visits.draft import VisitDraft
from app.visits.models import Visit, VisitRevision
from app.visits.rules import first_followup
from app.visits.search import key_with, place_names


@dataclass(frozen=True, slots=True)
class Places:
    """The centres that the actor may write for and the areas that people may have come from."""

    centres: frozenset[UUID]
    names: Mapping[str, str]  # Thai, by code

    def hold(self, draft: VisitDraft) -> bool:
        """Whether both of the entry's places are among them."""
        origin = draft.origin_subdistrict_code
        return draft.centre_id in self.centres and (origin is None or origin in self.names)


def places_of(session: Session, drafts: Collection[VisitDraft], actor: Actor) -> Places:
    """Those that these entries name and that there are."""
    centres = sorted({draft.centre_id for draft in drafts})
    known = select(Centre.id).where(Centre.id.in_(centres), centres_in_scope(actor))
    origins = {d.origin_subdistrict_code for d in drafts if d.origin_subdistrict_code}
    return Places(frozenset(session.scalars(known)), place_names(session, origins))


def first_version(
    draft: VisitDraft,
    names: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    programme: Programme,
) -> dict[str, Any]:
    """The row of a new entry; `names`: of the places that its people came from."""
    return columns_of(draft, names) | {
        "id": draft.id,
        "received_at": now,
        "recorder_id": actor.account_id,
        "version": 1,
        "next_followup_on": first_followup(draft, programme),
        **draft.capture.columns(),
    }


def columns_of(draft: VisitDraft, names: Mapping[str, str]) -> dict[str, object]:
    """The columns that follow from the draft, in the first version and in every later one."""
    facts = draft.columns()
    key = key_with(facts, draft.origin_subdistrict_code, names)
    return facts | {"search_key": key, "content_sha256": draft.content_sha256}


def record_visits(
    session: Session,
    drafts: Sequence[VisitDraft],
    places: Places,
    *,
    actor: Actor,
    now: datetime,
    programme: Programme,
) -> bool:
    """Store new entries, in the order of their ids; whether every one of them was new.

    Where one was not, something is written all the same, and the caller must roll back.  Each
    draft must have passed `rules.check_visit`, and `places` must hold it.  The caller commits.
    """
    rows = [
        first_version(draft, places.names, actor=actor, now=now, programme=programme)
        for draft in drafts
    ]
    if not insert_new(session, Visit.__table__, rows):  # type: ignore[arg-type]
        return False
    contents: dict[UUID, str] = {row["id"]: row["content_sha256"] for row in rows}
    note_versions(
        session, contents, Visit.__tablename__, VisitRevision.visit_id, "recorded",
        version=1, actor_id=actor.account_id, now=now,
    )  # fmt: skip
    return True
