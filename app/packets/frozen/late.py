"""What came late: records received after the days that count, reports after they were due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.packets.frozen.content import Content
from app.packets.frozen.telling import KIND_WORDS, Told, told

_WITHOUT_A_DAY = frozenset({"centre", "seal"})


@dataclass(frozen=True, slots=True)
class LateItem:
    """One thing that came `days` days after `due_on`."""

    kind: str  # as `telling.KIND_WORDS` calls it
    id: str
    centre_code: str | None
    district_code: str
    day: date  # when it happened; of a report, when it was due
    due_on: date
    received_on: date
    days: int
    words: str


def late_items(content: Content) -> list[LateItem]:
    """Everything that came late, by district and centre, the district's own last.

    What happens in a quarter is written down in it; plans, grades and the like are in time until
    the report that gathers them is due (`Content.counted`).  A report that never came is no late
    one: it is a gap.
    """
    until = {one.kind: one.until for one in content.counted}
    found = [
        _late(one, due)
        for one in told(content)
        if one.received_on is not None
        and one.kind not in _WITHOUT_A_DAY
        and one.received_on > (due := _due(one, until, content.last_day))
    ]
    places = {kind: place for place, kind in enumerate(KIND_WORDS)}
    return sorted(
        found,
        key=lambda item: (
            item.district_code, item.centre_code is None, item.centre_code or "",
            places[item.kind], item.day,
        ),
    )  # fmt: skip


def _due(one: Told, until: Mapping[str, date], last_day: date) -> date:
    return one.day if one.kind == "report" else until.get(one.kind, last_day)


def _late(one: Told, due: date) -> LateItem:
    received = one.received_on or due
    return LateItem(
        one.kind, one.id, one.centre_code, one.district_code, one.day, due, received,
        (received - due).days, one.words,
    )  # fmt: skip
