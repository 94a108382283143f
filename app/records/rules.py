"""What a record of any kind may hold, judged by its fields.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from app.records.draft import Draft
from app.records.fields import MOST_ROWS, Field
from app.rounds.programme import Programme
from app.shared.clock import bangkok_day
from app.shared.errors import Problem
from app.visits.rules import (
    FIRST_DAY,
    check_choices,
    check_day,
    check_position,
    check_text,
)

LAST_DAY_YEARS = 5  # how far ahead a plan may reach


def check_fields(
    draft: Draft, fields: Sequence[Field], *, now: datetime, programme: Programme
) -> list[Problem]:
    """List every reason to refuse `draft`, in form order.  Empty means acceptable."""
    problems = []
    if draft.centre_id is None and not draft.district_code:
        problems.append(Problem("centre_id", "required"))
    for field in fields:
        problems += check_value(field, draft.values[field.name], now=now, programme=programme)
    return problems + check_position(draft.capture.position)


def check_value(
    field: Field, value: Any, *, now: datetime, programme: Programme, within: str = ""
) -> list[Problem]:
    """Every reason to refuse the value of one field; `within` names the row it stands in."""
    name = within + field.name
    if value in (None, "", [], ()):
        return [Problem(name, "required")] if field.needed else []
    if field.type == "rows":
        return _check_rows(field, value, now, programme)
    if field.type in ("choice", "choices"):
        keys = (value,) if field.type == "choice" else tuple(value)
        return check_choices(name, keys, field.choices(programme))
    if field.type in ("text", "lines", "link"):
        bad = check_text(name, value, field.limit)
        return bad or (_check_link(name, value) if field.type == "link" else [])
    return _check_size(name, field, value, now)


def _check_size(name: str, field: Field, value: Any, now: datetime) -> list[Problem]:
    """A number's bounds and a day's; an id has none."""
    if field.type == "whole":
        return _check_number(name, value, field)
    if field.type == "day":
        return (_check_future if field.may_come else _check_past)(name, value, now)
    return []


def _check_past(name: str, day: date, now: datetime) -> list[Problem]:
    return check_day(name, day, now=now)


def _check_rows(
    field: Field, rows: Sequence[Mapping[str, Any]], now: datetime, programme: Programme
) -> list[Problem]:
    """Faults of rows are named as a form names its boxes: `members-2-phone`."""
    if len(rows) > MOST_ROWS:
        return [Problem(field.name, "too_many", {"max": MOST_ROWS})]
    problems = []
    for place, row in enumerate(rows):
        within = f"{field.name}-{place}-"
        for column in field.columns:
            problems += check_value(
                column, row[column.name], now=now, programme=programme, within=within
            )
    return problems


def _check_number(name: str, value: int, field: Field) -> list[Problem]:
    if field.least <= value <= field.most:
        return []
    if field.least == 0 and value < 0:
        return [Problem(name, "negative")]
    return [Problem(name, "out_of_range", {"min": field.least, "max": field.most})]


def _check_future(name: str, day: date, now: datetime) -> list[Problem]:
    """A planned day: not before there were centres, and not in another age."""
    if day < FIRST_DAY:
        return [Problem(name, "too_old", {"first": FIRST_DAY.isoformat()})]
    last = bangkok_day(now).year + LAST_DAY_YEARS
    return [Problem(name, "too_far_ahead", {"years": LAST_DAY_YEARS})] if day.year > last else []


def _check_link(name: str, address: str) -> list[Problem]:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        whole = False
    return [] if whole and " " not in address else [Problem(name, "not_a_link")]
