"""Follow-ups are recorded, corrected, struck out; the visit's next due day follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.audit.history import changes_to, has_content, make_version, note_version, was_ever
from app.followups.draft import FollowupDraft
from app.followups.models import Followup, FollowupRevision
from app.followups.queries import followup_for
from app.followups.rules import next_due
from app.rounds.programme import Programme, load_programme
from app.rounds.seals import check_open
from app.shared.errors import DomainError, NotFound
from app.shared.record import insert_once
from app.shared.thai import fold
from app.visits.models import Visit
from app.visits.queries import visit_for

REMARKS = frozenset({"reason", "next_step"})  # free text that may name a person
_OWNER = FollowupRevision.followup_id


class UnknownVisit(DomainError):
    """The follow-up names a visit that does not exist for this actor."""

    code = "unknown_visit"


class FollowupConflict(DomainError):
    """The same id is stored with other content."""

    code = "followup_conflict"


def visit_to_follow(session: Session, actor: Actor, visit_id: UUID) -> Visit:
    """The visit a follow-up is about, locked until the end of the transaction.

    Raises:
        UnknownVisit: it does not exist, is struck out, or lies outside the actor's scope.
    """
    try:
        visit = visit_for(session, actor, visit_id)
    except NotFound as error:
        raise UnknownVisit(visit_id=str(visit_id)) from error
    session.execute(select(Visit.id).where(Visit.id == visit_id).with_for_update(key_share=True))
    return visit


def record_followup(
    session: Session,
    draft: FollowupDraft,
    *,
    actor: Actor,
    now: datetime,
    programme: Programme | None = None,
) -> tuple[Followup, bool]:
    """Store `draft` exactly once, however many times the phone sends it.

    Returns the follow-up, and whether this call created it.  `draft` must have passed
    `rules.check_followup`.  Flushes; the caller commits.  Safe under concurrent retries.  The
    visit's next due day follows from its latest check, in whatever order phones send them.

    Raises:
        UnknownVisit: the visit does not exist, or not for this actor.
        FollowupConflict: the id is stored with other content.
    """
    programme = programme or load_programme()
    visit = visit_to_follow(session, actor, draft.visit_id)
    values = (
        _columns(draft)
        | draft.capture.columns()
        | {
            "id": draft.id,
            "centre_id": visit.centre_id,
            "received_at": now,
            "recorder_id": actor.account_id,
            "version": 1,
        }
    )
    created = insert_once(session, Followup, values)
    followup = session.get_one(Followup, draft.id, populate_existing=True)
    if created:
        _plan_next(session, visit, programme)
        _note(session, followup, "recorded", actor, now)
    elif not was_ever(session, followup, _OWNER, draft.content_sha256):
        raise FollowupConflict(id=str(draft.id))
    return followup, created


def edit_followup(
    session: Session,
    draft: FollowupDraft,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
    programme: Programme | None = None,
    reason: str | None = None,
) -> Followup:
    """Make `draft` the newest version of the follow-up with its id.  Flushes.

    An edit that changes nothing makes no version, so a doubled click is harmless.  The visit
    stays the one it was about.

    Raises:
        NotFound: no such follow-up for this actor.
        QuarterSealed: the quarter it counts for is closed.
        StaleVersion: somebody else made a version since `expected_version`.
    """
    followup = followup_for(session, actor, draft.id)
    visit = visit_to_follow(session, actor, followup.visit_id)
    if draft.visit_id != visit.id:
        raise NotFound(kind="followup")
    if has_content(session, followup, draft.content_sha256):
        return followup
    days = (followup.followed_on, draft.followed_on)
    check_open(session, followup.centre.district_code, *days)
    changes = changes_to(followup, draft.columns(), REMARKS)
    make_version(session, followup, _columns(draft), expected_version)
    _plan_next(session, visit, programme or load_programme())
    _note(session, followup, "edited", actor, now, changes=changes, reason=reason)
    return followup


def delete_followup(
    session: Session,
    followup_id: UUID,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    programme: Programme | None = None,
) -> Followup:
    """Strike the follow-up out: a tombstone with the reason; the visit is due again.

    Raises:
        NotFound: no such follow-up for this actor, or already struck out.
        QuarterSealed: the quarter it counts for is closed.
    """
    followup = followup_for(session, actor, followup_id)
    check_open(session, followup.centre.district_code, followup.followed_on)
    visit = visit_to_follow(session, actor, followup.visit_id)
    values = {"deleted_at": now, "deleted_reason": reason}
    make_version(session, followup, values, followup.version)
    _plan_next(session, visit, programme or load_programme())
    _note(session, followup, "deleted", actor, now, reason=reason)
    return followup


def _columns(draft: FollowupDraft) -> dict[str, object]:
    return draft.columns() | {
        "content_sha256": draft.content_sha256,
        "search_key": fold(f"{draft.reason or ''} {draft.next_step or ''}"),
    }


def _plan_next(session: Session, visit: Visit, programme: Programme) -> None:
    """Set the visit's next due day from its latest check that still counts."""
    latest = session.scalars(
        select(Followup)
        .where(Followup.visit_id == visit.id, Followup.deleted_at.is_(None))
        .order_by(Followup.followed_on.desc(), Followup.id.desc())
        .limit(1)
    ).one_or_none()
    due_on = None
    if visit.consent_followup:
        due_on = next_due(
            visit.visit_date,
            followed_on=latest.followed_on if latest else visit.visit_date,
            step_months=latest.step_months if latest else None,
            asked_for=latest.next_due_on if latest else None,
            months=programme.followup_months,
        )
    session.execute(update(Visit).where(Visit.id == visit.id).values(next_followup_on=due_on))
    session.refresh(visit, ["next_followup_on"])


def _note(
    session: Session,
    followup: Followup,
    action: str,
    actor: Actor,
    now: datetime,
    *,
    changes: Mapping[str, object] | None = None,
    reason: str | None = None,
) -> None:
    note_version(
        session, followup, _OWNER, action,
        actor_id=actor.account_id, now=now, changes=changes, reason=reason,
    )  # fmt: skip
