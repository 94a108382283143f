"""What the visitor book can be searched for: an entry's words, folded."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.models import Area
from app.shared.thai import fold

SEARCHED = ("group_name", "leader_name", "origin_text", "trainer", "suggestion")


def search_key(session: Session, facts: Mapping[str, object], area_code: str | None) -> str:
    """The entry's own words and the places its people came from, in one folded text."""
    return key_with(facts, area_code, place_names(session, [area_code] if area_code else []))


def key_with(facts: Mapping[str, object], area_code: str | None, names: Mapping[str, str]) -> str:
    """The same by the `place_names` that are known already."""
    words = [str(facts[name]) for name in SEARCHED if facts[name]]
    words += [names[code] for code in _levels(area_code or "") if code in names]
    return fold(" ".join(words))


def place_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """The Thai names, by code, of these areas and of those they lie in."""
    asked = {level for code in codes for level in (code, *_levels(code))}
    if not asked:
        return {}
    found = session.execute(select(Area.code, Area.name_th).where(Area.code.in_(sorted(asked))))
    return {row.code: row.name_th for row in found}


def _levels(code: str) -> tuple[str, ...]:
    """Province, district and subdistrict of a code."""
    return tuple(code[:digits] for digits in (2, 4, 6) if len(code) >= digits)
