"""A person takes back what they agreed to, or has their name put right; the counts stay.

As easy as it was to agree (PDPA 19): at once, and a sealed quarter does not hinder it, for
nothing of it is counted.  `actor_id` None: the person themselves, with their receipt code.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.history import changes_to, make_version, note_version
from app.centres.models import Centre
from app.keeping.service import Held, check_not_held, note_destroyed, note_erased
from app.shared.errors import DomainError
from app.shared.forgetting import forget_elsewhere
from app.shared.record import capture_of
from app.visits.draft import VisitDraft
from app.visits.forgetting import forget_in_version, traces_of, veil_visit
from app.visits.models import Visit, VisitRevision
from app.visits.rules import PERSONAL_FIELDS
from app.visits.search import search_key

_OWNER = VisitRevision.visit_id
_TOLD = ("group_name", "origin_text", "trainer", "suggestion")


class NoConsent(DomainError):
    """Nobody agreed that a name or a phone is kept."""

    code = "consent_needed"


def withdraw_followup(
    session: Session, visit: Visit, *, now: datetime, actor_id: UUID | None
) -> bool:
    """Nobody calls any more, and the name and phone that were kept for it are erased everywhere.

    Returns whether anything changed; twice is harmless.  Flushes.

    Raises:
        UnderLegalHold: the name must stay.  `stop_calls` is what can be done then.
    """
    if not visit.consent_followup:
        return False
    area_code = area_of(session, visit)
    check_not_held(session, Held("visit", visit.id, area_code, visit.visit_date))
    traces = traces_of(visit)
    forget_elsewhere(session, "visit", visit.id)
    for revision in session.scalars(
        select(VisitRevision).where(VisitRevision.visit_id == visit.id)
    ):
        forget_in_version(revision, traces, ())
    veil_visit(session, visit)
    blank: dict[str, object] = {"leader_name": None, "phone": None, "consent_followup": False}
    blank |= {name: traces.hide(getattr(visit, name)) for name in _TOLD}
    changes = changes_to(visit, blank, frozenset(PERSONAL_FIELDS))
    blank["search_key"] = search_key(session, blank, visit.origin_subdistrict_code)
    make_version(session, visit, blank | {"next_followup_on": None}, visit.version)
    note_version(
        session, visit, _OWNER, "forgotten", actor_id=actor_id, now=now,
        changes=dict.fromkeys(changes),
    )  # fmt: skip
    note_erased(session, "visit", visit.id, now=now)
    note_destroyed(
        session, keeping="visitor", cause="request", kind="visit", object_ids=[visit.id], now=now,
        area_code=area_code, by=actor_id,
    )  # fmt: skip
    return True


def stop_calls(session: Session, visit: Visit, *, now: datetime, actor_id: UUID | None) -> None:
    """No follow-up is due any more; the name stays while an order holds it.  Flushes."""
    if visit.next_followup_on is not None:
        make_version(session, visit, {"next_followup_on": None}, visit.version)
        note_version(session, visit, _OWNER, "edited", actor_id=actor_id, now=now)


def withdraw_publication(
    session: Session, visit: Visit, *, now: datetime, actor_id: UUID | None
) -> bool:
    """Faces may not be published any more.  Returns whether anything changed.  Flushes."""
    if not visit.consent_photo:
        return False
    values = {"consent_photo": False}
    changes = changes_to(visit, values, frozenset())
    make_version(session, visit, values, visit.version)
    note_version(session, visit, _OWNER, "edited", actor_id=actor_id, now=now, changes=changes)
    return True


def correct_contact(
    session: Session,
    visit: Visit,
    *,
    leader_name: str | None,
    phone: str | None,
    actor_id: UUID,
    now: datetime,
) -> bool:
    """Put name and phone right, as their person asked; `rules` have judged them.  Flushes.

    Raises:
        NoConsent: nobody agreed that they are kept.
    """
    if not visit.consent_followup:
        raise NoConsent
    values: dict[str, object] = {"leader_name": leader_name, "phone": phone}
    changes = changes_to(visit, values, frozenset(PERSONAL_FIELDS))
    if not changes:
        return False
    facts = {name: getattr(visit, name) for name in _TOLD} | values
    values["search_key"] = search_key(session, facts, visit.origin_subdistrict_code)
    values["content_sha256"] = _draft_with(visit, leader_name, phone).content_sha256
    make_version(session, visit, values, visit.version)
    note_version(session, visit, _OWNER, "edited", actor_id=actor_id, now=now, changes=changes)
    return True


def area_of(session: Session, visit: Visit) -> str:
    """The subdistrict of the visit's centre: whose desk answers for it."""
    code = session.scalar(select(Centre.subdistrict_code).where(Centre.id == visit.centre_id))
    return code or ""


def _draft_with(visit: Visit, leader_name: str | None, phone: str | None) -> VisitDraft:
    own = {
        name: getattr(visit, name)
        for name in VisitDraft.__dataclass_fields__
        if name not in ("capture", "leader_name", "phone", "topics")
    }
    return VisitDraft(
        **own, topics=tuple(visit.topics), leader_name=leader_name, phone=phone,
        capture=capture_of(visit),
    )  # fmt: skip
