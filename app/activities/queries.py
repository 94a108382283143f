"""Reading activities, always within an actor's scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.activities.kinds import ACTIVITY
from app.activities.models import Activity
from app.records.queries import entries, in_scope
from app.shared.clock import Quarter

NEWEST = 3  # on a centre's page


def newest_of_centre(session: Session, actor: Actor, centre_id: UUID) -> Sequence[Activity]:
    """The newest activities of a centre."""
    return session.scalars(
        entries(ACTIVITY, actor)
        .where(Activity.centre_id == centre_id)
        .order_by(Activity.held_on.desc(), Activity.id.desc())
        .limit(NEWEST)
    ).all()


def count_by_side(
    session: Session, actor: Actor, centre_id: UUID, quarter: Quarter
) -> tuple[int, Counter[str]]:
    """How many activities a centre held in a quarter, and for each side of the 5P.

    One activity can count for several sides, so these add up to more than the first number.
    """
    sides = session.scalars(
        select(Activity.sides).where(
            in_scope(Activity, actor),
            Activity.deleted_at.is_(None),
            Activity.centre_id == centre_id,
            Activity.held_on.between(quarter.first_day, quarter.last_day),
        )
    ).all()
    return len(sides), Counter(side for told in sides for side in told)
