"""Reading areas: always in official code order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.models import Area, AreaKind


def areas_under(session: Session, prefix: str, kind: AreaKind) -> Sequence[Area]:
    """Areas of one kind whose code starts with `prefix`."""
    return session.scalars(
        select(Area)
        .where(Area.kind == kind, Area.code.startswith(prefix, autoescape=True))
        .order_by(Area.code)
    ).all()


def areas_by_code(session: Session) -> dict[str, Area]:
    """Every area by its code (a province has fewer than a hundred)."""
    return {area.code: area for area in session.scalars(select(Area).order_by(Area.code))}


def place_name(areas: dict[str, Area], code: str, locale: str = "th") -> str:
    """`ต.ควร อ.ปง จ.พะเยา` for a subdistrict code, shorter for a larger area."""
    names = []
    for length, prefix in ((6, "ต."), (4, "อ."), (2, "จ.")):
        area = areas.get(code[:length]) if len(code) >= length else None
        if area:
            names.append((prefix if locale == "th" else "") + area.name_in(locale))
    return (" " if locale == "th" else ", ").join(names)
