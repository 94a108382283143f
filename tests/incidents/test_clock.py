"""The 72-hour clock of section 37(4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from app.incidents.rules import IncidentDraft, check_incident, clock_of, moment
from tests.conftest import NOW


@dataclass
class Facts:
    aware_at: datetime = NOW
    risk: str = "unknown"
    told_office_at: datetime | None = None
    told_people_at: datetime | None = None
    closed_at: datetime | None = None


def after(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "standing", "left", "level"),
    [
        (0, "running", 72, None), (23.5, "running", 48, 48), (25, "running", 47, 48),
        (48, "soon", 24, 24), (67, "soon", 5, 6), (72, "soon", 0, 6), (72.1, "overdue", -1, 0),
        (100, "overdue", -28, 0),
    ],
)  # fmt: skip
def test_the_clock_runs_from_awareness_and_grows_louder(
    hours: float, standing: str, left: int, level: int | None
) -> None:
    clock = clock_of(Facts(), after(hours))
    assert (clock.standing, clock.hours_left, clock.level) == (standing, left, level)


def test_telling_the_commission_ends_it_and_late_stays_a_fact() -> None:
    assert clock_of(Facts(told_office_at=after(71)), after(200)).standing == "told"
    assert not clock_of(Facts(told_office_at=after(71)), after(200)).late
    assert clock_of(Facts(told_office_at=after(73)), after(200)).late


def test_no_risk_asks_nobody_and_a_high_one_asks_for_the_people() -> None:
    assert clock_of(Facts(risk="none"), after(100)).standing == "not_needed"
    high = Facts(risk="high", told_office_at=after(1))
    assert clock_of(high, after(2)).people_wait
    high.told_people_at = after(3)
    assert not clock_of(high, after(4)).people_wait


def test_what_makes_no_sense_is_refused() -> None:
    draft = IncidentDraft("other", "5606", "หาย", after(1), NOW, n_people=-1)
    found = {(p.field, p.code) for p in check_incident(draft, now=NOW)}
    assert found == {("happened_on", "happened_after_aware"), ("n_people", "out_of_range")}
    ahead = IncidentDraft("other", "5606", "1-1019-00304-52-1", None, after(1))
    assert "in_future" in {p.code for p in check_incident(ahead, now=NOW)}


def test_a_time_is_read_as_people_write_it() -> None:
    assert moment(date(2024, 2, 1), "10.00") == NOW
    assert moment(date(2024, 2, 1), "25:00") is None
    assert moment(date(2024, 2, 1), None) == NOW + timedelta(hours=2)  # noon
