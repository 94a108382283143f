"""Centres are added and changed by administration, or imported from a list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.models import Area
from app.audit.service import record
from app.centres.models import Centre
from app.centres.rules import CentreDraft
from app.shared.errors import DomainError, NotFound
from app.shared.personal import normal_phone
from app.shared.thai import clean_text, fold


class CentreExists(DomainError):
    """Another centre bears this code."""

    code = "centre_exists"


class UnknownArea(DomainError):
    """The subdistrict code names no area."""

    code = "unknown_area"


def add_centre(
    session: Session, draft: CentreDraft, *, actor: Actor | None, now: datetime
) -> Centre:
    """Store a centre that passed `rules.check_centre`.  Flushes.

    Raises:
        CentreExists: the code is taken.
        UnknownArea: the subdistrict does not exist.
        NotFound: it lies outside the actor's area.
    """
    _check_area(session, draft.subdistrict_code, actor)
    centre = Centre(created_at=now, updated_at=now, **_columns(draft))
    try:
        with session.begin_nested():
            session.add(centre)
    except IntegrityError as error:
        raise CentreExists(code=draft.code) from error
    _note(session, centre, "centre.added", actor, now)
    return centre


def change_centre(
    session: Session, centre: Centre, draft: CentreDraft, *, actor: Actor | None, now: datetime
) -> list[str]:
    """Bring `centre` to what `draft` says; returns the names of the columns that changed.

    Raises:
        CentreExists, UnknownArea, NotFound: as in `add_centre`.
    """
    _check_area(session, draft.subdistrict_code, actor)
    changed = [k for k, v in _columns(draft).items() if getattr(centre, k) != v]
    if not changed:
        return []
    try:
        with session.begin_nested():
            for name, value in _columns(draft).items():
                setattr(centre, name, value)
            centre.updated_at = now
    except IntegrityError as error:
        raise CentreExists(code=draft.code) from error
    _note(session, centre, "centre.changed", actor, now, changed)
    return changed


def import_centre(
    session: Session,
    draft: CentreDraft,
    *,
    given: Collection[str],
    actor: Actor | None,
    now: datetime,
) -> str:
    """Add the centre, or change the one with the same code; returns added, changed or same.

    Only the columns `given` in the list are changed, so a short list blanks nothing; importing
    the same list again changes nothing.
    """
    centre = session.scalars(select(Centre).where(Centre.code == draft.code)).one_or_none()
    if centre is None:
        add_centre(session, draft, actor=actor, now=now)
        return "added"
    kept = {f.name: getattr(centre, f.name) for f in fields(draft) if f.name not in given}
    changed = change_centre(session, centre, replace(draft, **kept), actor=actor, now=now)
    return "changed" if changed else "same"


def _check_area(session: Session, code: str, actor: Actor | None) -> None:
    area = session.get(Area, code)
    if area is None or area.kind != "subdistrict":
        raise UnknownArea(code=code)
    if actor is not None and not actor.sees_area(code):
        raise NotFound(kind="area")


def _columns(draft: CentreDraft) -> dict[str, object]:
    name = clean_text(draft.name)
    return {
        "code": draft.code,
        "name": name,
        "name_key": fold(f"{name} {draft.code} {draft.village or ''}"),
        "plot_class": draft.plot_class,
        "status": draft.status,
        "subdistrict_code": draft.subdistrict_code,
        "lat": draft.lat,
        "lon": draft.lon,
        "radius_m": draft.radius_m,
        "steward_name": clean_text(draft.steward_name or "") or None,
        "phone": normal_phone(draft.phone) if draft.phone else None,
        "moo": draft.moo,
        "village": clean_text(draft.village or "") or None,
        "size_rai": draft.size_rai,
        "budget_source": clean_text(draft.budget_source or "") or None,
        "budget_year": draft.budget_year,
    }


def _note(
    session: Session,
    centre: Centre,
    action: str,
    actor: Actor | None,
    now: datetime,
    changed: list[str] | None = None,
) -> None:
    actor_id: UUID | None = actor.account_id if actor else None
    facts: dict[str, object] = {"code": centre.code}
    if changed:
        facts["changed"] = sorted(changed)
    record(
        session, actor_id=actor_id, action=action, kind="centre", object_id=centre.id,
        now=now, facts=facts,
    )  # fmt: skip
