"""Which part of a report each word of a round's `gathers` stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.review import desk_shares, field_shares
from app.review.asked import Asked
from app.review.content import Share

__all__ = ["GATHERS", "Asked"]

GATHERS: Mapping[str, Callable[[Asked], Share]] = {
    "networks": desk_shares.networks,
    "assessments": desk_shares.assessments,
    "plan_items": desk_shares.plan_items,
    "plan_results": desk_shares.plan_results,
    "activities": field_shares.activities,
    "visits": field_shares.visits,
    "followups": field_shares.followups,
    "photos": field_shares.photos,
    "documents": desk_shares.documents,
    "posts": desk_shares.posts,
}
