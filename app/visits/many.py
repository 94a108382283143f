"""Many new entries of the visitor book at once: what a phone brings after a day without a network.

The same as `service.record_visit` for each of them in turn, with one statement for each table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import note_versions
from app.centres.queries import centres_among
from app.rounds.programme import Programme
from app.shared.rows import Into, insert_all
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
    centres = centres_among(session, actor, {draft.centre_id for draft in drafts})
    origins = {d.origin_subdistrict_code for d in drafts if d.origin_subdistrict_code}
    return Places(centres, place_names(session, origins))


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
    into: Into,
    drafts: Sequence[VisitDraft],
    places: Places,
    *,
    actor: Actor,
    now: datetime,
    programme: Programme,
) -> None:
    """Store new entries, in the order of their ids.

    Each draft must have passed `rules.check_visit`, and `places` must hold it.  The caller commits.

    Raises:
        DBAPIError: one of them was not new.
    """
    rows = [
        first_version(draft, places.names, actor=actor, now=now, programme=programme)
        for draft in drafts
    ]
    insert_all(into, Visit.__table__, rows)  # type: ignore[arg-type]
    contents: dict[UUID, str] = {row["id"]: row["content_sha256"] for row in rows}
    note_versions(
        into, contents, Visit.__tablename__, VisitRevision.visit_id, "recorded",
        version=1, actor_id=actor.account_id, now=now,
    )  # fmt: skip
