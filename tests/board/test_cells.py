"""Cells and punctuality: what stands in a cell, what late means, what is in a denominator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.board.cells import Cell, CellState, Sent, cell_of, together
from app.board.punctuality import Punctuality, punctuality_of
from app.rounds.calendar import Occurrence, occurrence_named
from app.rounds.programme import load_programme
from app.shared.ids import new_id

FOUND = occurrence_named(load_programme(), "progress_2")
assert FOUND
DUE: Occurrence = FOUND  # open from 1 January, due on 15 February 2024
IN_TIME, DAY_AFTER = date(2024, 2, 15), date(2024, 2, 16)


def _cell(
    state: CellState | None, *, late: bool = False, phones: int = 0, today: date = IN_TIME
) -> Cell:
    sent = Sent(new_id(), state, late) if state else None
    return cell_of(DUE, "5606", sent, phones, today)


def test_what_is_not_sent_is_told_by_its_time() -> None:
    before = _cell(None, today=DUE.opens_on - timedelta(days=1))
    assert [before.state, before.late] == ["not_open", False]
    assert [_cell(None).state, _cell(None).late] == ["draft", False]
    missing = _cell(None, today=DAY_AFTER)
    assert [missing.state, missing.late] == ["missing", True]


def test_what_lies_on_a_phone_is_neither_missing_nor_there() -> None:
    cell = _cell(None, phones=7, today=DAY_AFTER)
    assert [cell.state, cell.late, cell.on_phones] == ["phone", True, 7]


def test_a_submission_says_itself_how_it_stands_whatever_phones_hold() -> None:
    assert _cell("returned", phones=7, today=DAY_AFTER).state == "returned"
    assert _cell("accepted", late=True).late
    assert not _cell("accepted", today=DAY_AFTER).late


def test_centres_together_show_what_wants_attention_first_and_count_all() -> None:
    cells = [_cell("accepted"), _cell("submitted"), _cell(None), _cell("returned")]
    group = together(DUE, "5606", cells)
    assert group
    assert [group.state, group.units, group.arrived] == ["returned", 4, 3]
    assert together(DUE, "5606", []) is None


def test_on_time_late_and_missing_make_the_denominator() -> None:
    cells = [
        _cell("accepted"),
        _cell("returned"),
        _cell("submitted", late=True),
        _cell(None, today=DAY_AFTER),
        _cell(None, phones=2, today=DAY_AFTER),
    ]
    found = punctuality_of(cells)
    assert found == Punctuality(on_time=2, late=1, missing=2)
    assert [found.due, found.percent] == [5, 40.0]


@pytest.mark.parametrize(
    "cell",
    [_cell("waived"), replace(_cell("waived"), late=True), _cell(None), _cell(None, phones=1)],
)
def test_what_is_waived_or_not_due_yet_is_in_no_denominator(cell: Cell) -> None:
    assert punctuality_of([cell]).percent is None
