"""The scale: levels are reached in order, each with reasons, by whatever a programme asks."""

from __future__ import annotations

from datetime import date

import pytest

from app.board.cells import Cell, CellState, Sent, cell_of
from app.board.facts import DistrictFacts
from app.board.scale import Measure, Rank, Seen, measured, rank_of
from app.rounds.calendar import occurrences
from app.rounds.programme import Programme, load_programme
from app.rounds.schema import Level, Need
from app.shared.clock import Quarter
from app.shared.ids import new_id

PROGRAMME = load_programme()
QUARTER = Quarter.parse("2567Q2")
AFTER_ALL = date(2024, 4, 1)
EVERYTHING = DistrictFacts(
    "5606", centres=4, orders=1, sectors=frozenset(one.key for one in PROGRAMME.sectors),
    grades={"A": 1, "B": 2, "C": 1}, confirmed=4, raisable=3, raised=1, active={"A": 1, "B": 2},
    plan_items=5, visits=9, followups=2, months_posted=frozenset({(2024, 1), (2024, 2), (2024, 3)}),
)  # fmt: skip


def _reports(states: dict[str, CellState], today: date = AFTER_ALL) -> list[Cell]:
    """The cells of a district; rounds that are not named are accepted."""
    return [
        cell_of(one, "5606", _sent(states.get(one.key, "accepted")), 0, today)
        for one in occurrences(PROGRAMME)
        if one.quarter <= QUARTER
    ]


def _sent(state: CellState) -> Sent | None:
    return None if state == "missing" else Sent(new_id(), state, late=False)


def _rank(
    facts: DistrictFacts = EVERYTHING,
    states: dict[str, CellState] | None = None,
    programme: Programme = PROGRAMME,
    today: date = AFTER_ALL,
) -> Rank:
    return rank_of(Seen(programme, QUARTER, today, facts, _reports(states or {}, today)))


def _measure(need: Need, facts: DistrictFacts, reports: list[Cell] | None = None) -> Measure:
    return measured(need, Seen(PROGRAMME, QUARTER, AFTER_ALL, facts, reports or []))


def test_a_district_with_everything_stands_on_the_last_level() -> None:
    rank = _rank()
    assert rank.reached == len(PROGRAMME.scale) == 4
    assert rank.next is None


def test_nothing_is_below_the_first_level_and_says_what_is_missing() -> None:
    rank = _rank(DistrictFacts("5606"))
    assert [rank.reached, rank.here] == [0, None]
    assert rank.next
    assert [one.need.fact for one in rank.next.missing] == [
        "network_orders", "sectors_missing", "centres_assessed",
    ]  # fmt: skip


def test_a_level_counts_only_when_all_below_it_are_met() -> None:
    rank = _rank(states={"plan": "submitted"})
    assert rank.reached == 1
    assert [judged.met for judged in rank.levels] == [True, False, True, True]


def test_a_report_that_is_missing_holds_the_level_and_is_named() -> None:
    rank = _rank(states={"progress_2": "missing"})
    assert rank.reached == 2
    assert rank.next
    (missing,) = rank.next.missing
    assert [missing.need.fact, missing.measure.done, missing.measure.of] == [
        "reports_accepted_percent", 4, 5,
    ]  # fmt: skip


def test_what_was_waived_is_asked_of_nobody() -> None:
    assert _rank(states={"progress_1": "waived"}).reached == 4


def test_before_anything_is_due_a_share_of_reports_is_not_reached_for_free() -> None:
    need = Need(fact="reports_accepted_percent", least=100, rounds=("progress_3",))
    early = date(2024, 3, 1)
    seen = Seen(PROGRAMME, QUARTER, early, EVERYTHING, _reports({"progress_3": "missing"}, early))
    assert measured(need, seen).done is None


@pytest.mark.parametrize(
    ("fact", "facts", "expected"),
    [
        ("centres_assessed_percent", DistrictFacts("5606", centres=4, grades={"A": 1}), (1, 4)),
        ("centres_graded_percent", DistrictFacts("5606", centres=4, confirmed=2), (2, 4)),
        ("centres_raised_percent", DistrictFacts("5606", grades={"A": 9}, raisable=5, raised=2),
         (2, 5)),
        ("active_centres_percent",
         DistrictFacts("5606", grades={"A": 2, "C": 3}, active={"A": 1, "C": 3}), (1, 2)),
        ("months_publicised_percent",
         DistrictFacts("5606", months_posted=frozenset({(2024, 2)})), (1, 3)),
        ("centres_assessed_percent", DistrictFacts("5606"), (None, 0)),
    ],
)  # fmt: skip
def test_shares_are_told_with_their_denominator(
    fact: str, facts: DistrictFacts, expected: tuple[int | None, int]
) -> None:
    need = Need.model_validate({"fact": fact, "least": 100, "grades": ("A", "B")})
    measure = _measure(need, facts)
    assert (measure.done, measure.of) == expected


def test_no_centre_of_a_grade_is_nothing_missing() -> None:
    need = Need(fact="active_centres_percent", least=100, grades=("A",))
    assert _measure(need, DistrictFacts("5606", grades={"C": 2})).value == 100


def test_a_programme_with_six_levels_of_other_needs_needs_no_code() -> None:
    bounds = (1, 2, 4, 6, 8, 10)
    levels = tuple(
        Level(
            level=number, th=f"ระดับ {number}", en=f"Level {number}",
            needs=(Need(fact="visits", least=bound), Need(fact="plan_items", most=20)),
        )
        for number, bound in enumerate(bounds, start=1)
    )  # fmt: skip
    rank = _rank(programme=PROGRAMME.model_copy(update={"scale": levels}))
    assert rank.reached == 5
    assert rank.next
    assert [(one.need.least, one.measure.done) for one in rank.next.missing] == [(10, 9)]
