"""What the visitor book can be searched for: an entry's words, folded."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.models import Area
from app.shared.thai import fold

SEARCHED = ("group_name", "leader_name", "origin_text", "trainer", "suggestion")


def search_key(session: Session, facts: Mapping[str, object], area_code: str | None) -> str:
    """The entry's own words and the places its people came from, in one folded text."""
    words = [str(facts[name]) for name in SEARCHED if facts[name]]
    if area_code:
        codes = (area_code[:6], area_code[:4], area_code[:2])
        words += session.scalars(select(Area.name_th).where(Area.code.in_(codes)))
    return fold(" ".join(words))
