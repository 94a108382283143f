"""What only plans know: a result belongs to an item that exists, and unfinished items go on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.plans.kinds import PLAN_ITEM
from app.plans.models import PlanItem
from app.plans.queries import newest_results
from app.plans.rules import carried_over, draft_of, is_unfinished
from app.records.draft import Draft
from app.records.queries import entries, entry_for, in_scope
from app.records.rules import check_fields
from app.records.service import RecordConflict, edit, record
from app.rounds.programme import Programme
from app.shared.clock import bangkok_day
from app.shared.errors import DomainError
from app.shared.ids import new_id
from app.shared.record import Capture


class UnknownPlanItem(DomainError):
    """The result names an item that is not there, or not for this actor (`item_id`).

    A phone may send results before the plan's items: then it waits for its parent.
    """

    code = "unknown_plan_item"


class PlanItemStruckOut(DomainError):
    """The result names an item that was struck out in the meantime (`item_id`)."""

    code = "parent_struck_out"


def check_item_known(session: Session, draft: Draft, actor: Actor) -> PlanItem:
    """The plan item that a result's `draft` is about.

    Raises:
        UnknownPlanItem: there is none for this actor (yet).
        PlanItemStruckOut: it was struck out.
    """
    item_id = draft.values["item_id"]
    item = session.scalars(
        select(PlanItem).where(PlanItem.id == item_id, in_scope(PlanItem, actor))
    ).one_or_none()
    if item is None:
        raise UnknownPlanItem(item_id=str(item_id))
    if item.deleted_at is not None:
        raise PlanItemStruckOut(item_id=str(item_id))
    return item


def carry_over(
    session: Session,
    item_ids: Collection[UUID],
    fiscal_year: int,
    *,
    actor: Actor,
    now: datetime,
    programme: Programme,
) -> tuple[list[PlanItem], list[PlanItem]]:
    """Go on with unfinished items of earlier years in `fiscal_year`.

    Returns the new items, and those of the old that could not be carried because the programme of
    the new year does not know their side, strategy or source of money.  What is finished, dropped
    or carried over already is passed over, so doing it twice is harmless.  Flushes.

    Raises:
        Forbidden: the actor does not write plans.
    """
    old = session.scalars(
        entries(PLAN_ITEM, actor).where(
            PlanItem.id.in_(item_ids), PlanItem.fiscal_year < fiscal_year
        )
    ).all()
    newest = newest_results(session, [item.id for item in old], bangkok_day(now))
    carried = _carried(session, [item.id for item in old], fiscal_year)
    made, refused = [], []
    for item in old:
        if item.id in carried or not is_unfinished(item, newest.get(item.id)):
            continue
        draft = carried_over(
            item, newest.get(item.id), fiscal_year, Capture(at=now), programme.name
        )
        if check_fields(draft, PLAN_ITEM.fields, now=now, programme=programme):
            refused.append(item)
        elif new := _go_on(session, draft, actor, now, programme):
            made.append(new)
    return made, refused


def _carried(session: Session, item_ids: Collection[UUID], fiscal_year: int) -> set[UUID | None]:
    """Which of these items go on in `fiscal_year` already."""
    return set(
        session.scalars(
            select(PlanItem.carried_from).where(
                PlanItem.carried_from.in_(item_ids),
                PlanItem.fiscal_year == fiscal_year,
                PlanItem.deleted_at.is_(None),
            )
        )
    )


def _go_on(
    session: Session, draft: Draft, actor: Actor, now: datetime, programme: Programme
) -> PlanItem | None:
    """The new item; None where another click has just made it."""
    if (known := session.get(PlanItem, draft.id)) and known.deleted_at:
        draft = replace(draft, id=new_id())  # it was struck out, and is wanted after all
    try:
        item, created = record(session, PLAN_ITEM, draft, actor=actor, now=now, programme=programme)
    except RecordConflict:
        return None
    return item if created else None


def drop(
    session: Session,
    item_id: UUID,
    reason: str | None,
    *,
    expected_version: int,
    actor: Actor,
    now: datetime,
    programme: Programme,
) -> PlanItem:
    """Say that an item will not be done, and why; or, without a reason, that it will after all.

    The row stays in the plan.  Flushes.

    Raises:
        NotFound, QuarterSealed, StaleVersion, Forbidden: as `records.service.edit`.
    """
    item = entry_for(session, PLAN_ITEM, actor, item_id)
    draft = draft_of(PLAN_ITEM, item, dropped_reason=reason)
    found: PlanItem = edit(
        session, PLAN_ITEM, draft, expected_version=expected_version, actor=actor, now=now,
        programme=programme, reason=reason,
    )  # fmt: skip
    return found
