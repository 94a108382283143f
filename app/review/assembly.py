"""A report is put together from what was captured; nothing is typed twice.

What goes in is the round's `gathers`, from the days it covers.  Pure of the web: words are the
page's (`phrases`).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.review.content import Content
from app.review.gathers import GATHERS, Asked
from app.review.units import Unit
from app.rounds.calendar import Occurrence
from app.rounds.programme import Programme

__all__ = ["Content", "assemble"]


def assemble(session: Session, programme: Programme, occurrence: Occurrence, unit: Unit) -> Content:
    """The report of `unit` for `occurrence` as it would be sent now.  Reads, and changes nothing.

    A dozen queries however much there is.  Visits and follow-ups come as figures and a list of
    ids with versions; everything else as items with the facts of its form.
    """
    asked = Asked(session, programme, occurrence, unit)
    shares = {name: GATHERS[name](asked) for name in occurrence.round.gathers}
    gaps = [gap for share in shares.values() for gap in share.gaps]
    return Content(
        head={
            "programme": programme.name,
            "occurrence": occurrence.key,
            "quarter": str(occurrence.quarter),
            "unit": unit.code,
            "unit_name": unit.name,
            "first_day": occurrence.covers_from.isoformat(),
            "last_day": occurrence.covers_to.isoformat(),
        },
        figures={name: share.figures for name, share in shares.items()},
        items=tuple(item.plain() for share in shares.values() for item in share.items),
        listed={kind: refs for share in shares.values() for kind, refs in share.listed.items()},
        gaps=tuple(gap.plain() for gap in [*gaps, *asked.phone_gaps()]),
    )
