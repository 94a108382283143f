"""Reading documents, always within an actor's scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.centres.queries import centre_for
from app.documents.kinds import DOCUMENT, SUBJECT_KINDS
from app.documents.models import Document
from app.followups.queries import followup_for
from app.records.kinds import KINDS
from app.records.queries import entries, entry_for
from app.shared.errors import NotFound
from app.visits.queries import visit_for

SHOWN_MOST = 40  # on a record's page
CENTRES_NEWEST = 5  # on a centre's


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that a document belongs to, and where that is."""

    kind: str
    id: UUID
    centre_id: UUID | None
    district_code: str


def subject_for(session: Session, actor: Actor, kind: str, subject_id: UUID) -> Subject:
    """What a document may be attached to, if the actor may see it.

    Raises:
        NotFound: no such kind, no such record, or not for this actor.
    """
    if kind not in SUBJECT_KINDS:
        raise NotFound(kind="subject")
    if kind in KINDS:
        row = entry_for(session, KINDS[kind], actor, subject_id)
        return Subject(kind, row.id, row.centre_id, row.district_code)
    find = visit_for if kind == "visit" else followup_for
    centre = centre_for(session, actor, find(session, actor, subject_id).centre_id)
    return Subject(kind, subject_id, centre.id, centre.subdistrict_code[:4])


def documents_of(
    session: Session, actor: Actor, subject_kind: str, subject_id: UUID
) -> Sequence[Document]:
    """A record's documents, oldest first; at most `SHOWN_MOST`."""
    return session.scalars(
        entries(DOCUMENT, actor)
        .where(Document.subject_kind == subject_kind, Document.subject_id == subject_id)
        .order_by(Document.dated_on, Document.id)
        .limit(SHOWN_MOST)
    ).all()


def newest_of_centre(session: Session, actor: Actor, centre_id: UUID) -> Sequence[Document]:
    """A centre's newest documents, those of its records among them."""
    return session.scalars(
        entries(DOCUMENT, actor)
        .where(Document.centre_id == centre_id)
        .order_by(Document.dated_on.desc(), Document.id.desc())
        .limit(CENTRES_NEWEST)
    ).all()


def digests_in_use(session: Session, digests: Collection[str]) -> set[str]:
    """Those of `digests` that a document's file has that is not destroyed, struck out or not."""
    column = Document.file_sha256
    mine = select(column).where(column.in_(digests), Document.destroyed_at.is_(None))
    return set(session.scalars(mine))
