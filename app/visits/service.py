"""The visitor book is written, corrected, struck out - and made to forget a person."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import StaleVersion, changes_to, has_content, make_version, was_ever
from app.audit.service import record
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.rounds.programme import Programme, load_programme
from app.rounds.seals import QuarterSealed, check_open
from app.shared.errors import DomainError
from app.shared.record import insert_once
from app.visits.draft import VisitDraft
from app.visits.forgetting import forget_visit
from app.visits.history import note_version
from app.visits.many import columns_of, first_version
from app.visits.models import Visit, VisitRevision
from app.visits.queries import visit_for
from app.visits.rules import PERSONAL_FIELDS, first_followup, moved_followup
from app.visits.search import place_names

__all__ = [
    "CentreFixed",
    "QuarterSealed",
    "StaleVersion",
    "UnknownCentre",
    "UnknownPlace",
    "VisitConflict",
    "delete_visit",
    "edit_visit",
    "forget_visitor",
    "note_contact_seen",
    "record_visit",
]


class UnknownCentre(DomainError):
    """The visit names a centre that does not exist for this actor."""

    code = "unknown_centre"


class UnknownPlace(DomainError):
    """The visitors' subdistrict code names no area."""

    code = "unknown_area"


class CentreFixed(DomainError):
    """A visit stays with its centre: photos and follow-ups went there with it."""

    code = "centre_fixed"


class VisitConflict(DomainError):
    """The same id is stored with other content."""

    code = "visit_conflict"


def record_visit(
    session: Session,
    draft: VisitDraft,
    *,
    actor: Actor,
    now: datetime,
    programme: Programme | None = None,
) -> tuple[Visit, bool]:
    """Store `draft` exactly once, however many times the phone sends it.

    Returns the visit, and whether this call created it.  `draft` must have passed
    `rules.check_visit`.  Flushes; the caller commits.  Safe under concurrent retries.  A draft
    that repeats an earlier version is known: a correction since then is not undone.

    Raises:
        UnknownCentre: the centre does not exist, or not for this actor.
        UnknownPlace: the visitors' subdistrict does not exist.
        VisitConflict: the id is stored with other content.
    """
    programme = programme or load_programme()
    _check_centre(session, draft.centre_id, actor)
    names = _origin(session, draft)
    values = first_version(draft, names, actor=actor, now=now, programme=programme)
    created = insert_once(session, Visit, values)
    visit = session.get_one(Visit, draft.id, populate_existing=True)
    if created:
        note_version(session, visit, "recorded", actor=actor, now=now)
    elif not was_ever(session, visit, VisitRevision.visit_id, draft.content_sha256):
        raise VisitConflict(id=str(draft.id))
    return visit, created


def edit_visit(
    session: Session,
    draft: VisitDraft,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
    programme: Programme | None = None,
    reason: str | None = None,
) -> Visit:
    """Make `draft` the newest version of the visit with its id.  Flushes.

    An edit that changes nothing makes no version, so a doubled click is harmless.

    Raises:
        NotFound: no such visit for this actor.
        CentreFixed: the draft names another centre than the visit's.
        UnknownPlace: the visitors' subdistrict does not exist.
        QuarterSealed: the quarter it counts for is closed.
        StaleVersion: somebody else made a version since `expected_version`.
    """
    programme = programme or load_programme()
    visit = visit_for(session, actor, draft.id)
    if draft.centre_id != visit.centre_id:
        raise CentreFixed
    if has_content(session, visit, draft.content_sha256):
        return visit
    check_open(session, visit.centre.district_code, visit.visit_date, draft.visit_date)
    values = columns_of(draft, _origin(session, draft)) | {
        "next_followup_on": _followup_after_edit(visit, draft, programme)
    }
    changes = changes_to(visit, draft.columns(), frozenset(PERSONAL_FIELDS))
    make_version(session, visit, values, expected_version)
    note_version(session, visit, "edited", actor=actor, now=now, changes=changes, reason=reason)
    return visit


def delete_visit(
    session: Session,
    visit_id: UUID,
    *,
    expected_version: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Visit:
    """Strike the visit out: it stays as a tombstone with the reason, and no longer counts.

    Raises:
        NotFound: no such visit for this actor, or already struck out.
        QuarterSealed: the quarter it counts for is closed.
        StaleVersion: somebody made a version since `expected_version`.
    """
    visit = visit_for(session, actor, visit_id)
    check_open(session, visit.centre.district_code, visit.visit_date)
    make_version(session, visit, {"deleted_at": now, "next_followup_on": None}, expected_version)
    note_version(session, visit, "deleted", actor=actor, now=now, reason=reason)
    return visit


def forget_visitor(
    session: Session, visit_id: UUID, *, actor: Actor, now: datetime, reason: str
) -> Visit:
    """Erase the person from the visit, as the desk decides (`forgetting.forget_visit`).

    Raises:
        NotFound: no such visit for this actor.
        UnderLegalHold: somebody ordered that it stays.
    """
    visit = visit_for(session, actor, visit_id)
    forget_visit(session, visit, cause="officer", now=now, actor_id=actor.account_id, reason=reason)
    return visit


def note_contact_seen(
    session: Session,
    visit: Visit,
    *,
    actor: Actor,
    now: datetime,
    seen_at: datetime | None = None,
    door: str = "page",
) -> None:
    """Log that the actor looked at the visitor's name and phone (PDPA 37).

    `seen_at`: when it was, by the clock of a phone that had no network then.  `door`: where it was
    shown - page, edit, followup, phone, request.
    """
    facts = {"door": door}
    if seen_at:
        facts["seen_at"] = seen_at.isoformat(timespec="seconds")
    record(
        session, actor_id=actor.account_id, action="visit.contact_seen", kind="visit",
        object_id=visit.id, now=now, facts=facts,
    )  # fmt: skip


def _check_centre(session: Session, centre_id: UUID, actor: Actor) -> None:
    known = select(Centre.id).where(Centre.id == centre_id, centres_in_scope(actor))
    if session.scalar(known) is None:
        raise UnknownCentre(centre_id=str(centre_id))


def _origin(session: Session, draft: VisitDraft) -> dict[str, str]:
    """The names of the places that the visitors came from."""
    code = draft.origin_subdistrict_code
    names = place_names(session, [code] if code else [])
    if code is not None and code not in names:
        raise UnknownPlace(code=code[:8])
    return names


def _followup_after_edit(visit: Visit, draft: VisitDraft, programme: Programme) -> date | None:
    if not draft.consent_followup:
        return None
    if not visit.consent_followup:
        return first_followup(draft, programme)
    return moved_followup(
        visit.next_followup_on,
        before=visit.visit_date,
        after=draft.visit_date,
        programme=programme,
    )
