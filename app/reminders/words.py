"""Reminders in the reader's words: on the page, in mails and in pushes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from app.areas.queries import DISTRICT_DIGITS, PROVINCE_DIGITS, areas_by_code
from app.reminders.clocks import REQUESTS, is_clock, stopped
from app.reminders.models import Reminder
from app.reminders.queries import settled
from app.review.units import units_named
from app.rounds.queries import occurrence_for
from app.rounds.words import occurrence_title
from app.shared.clock import bangkok_day
from app.web.filters import thai_day
from app.web.locale import page_locale


@dataclass(frozen=True, slots=True)
class Line:
    """One reminder as somebody reads it; `state` is a badge's."""

    row: Reminder
    title: str
    place: str
    words: str
    state: str
    settled: bool = False

    @property
    def told_on(self) -> date:
        """The Bangkok day it was told."""
        return bangkok_day(self.row.made_at)


def lines_of(session: Session, rows: Sequence[Reminder], today: date) -> list[Line]:
    """Reminders in the language of the page, or of `force_locale`.  Three queries at most."""
    if not rows:
        return []
    locale = page_locale()
    codes = [row.unit_code for row in rows]
    units = units_named(session, [code for code in codes if len(code) > PROVINCE_DIGITS])
    names = {code: unit.name_in(locale) for code, unit in units.items()}
    areas, provinces = areas_by_code(session), {c for c in codes if len(c) <= PROVINCE_DIGITS}
    names |= {code: areas[code].name_in(locale) for code in provinces if code in areas}
    done = settled(session, rows) | stopped(session, rows)
    return [_line(row, names.get(row.unit_code, ""), today, row.id in done) for row in rows]


def _line(row: Reminder, name: str, today: date, sent_since: bool) -> Line:
    if is_clock(row):
        return _clock_line(row, name, today, sent_since)
    found = occurrence_for(row.programme, row.occurrence)
    title = occurrence_title(found[1]) if found else row.occurrence
    place = (
        gettext("%(name)s district", name=name) if len(row.unit_code) == DISTRICT_DIGITS else name
    )
    if sent_since:
        return Line(row, title, place, gettext("It has been sent since."), "submitted", True)
    words = about(row, today)
    level = found[1].level if found else "district"
    if row.kind in ("due", "late") and is_summary(row, level):
        words = f"{words} {missing_words(row.units, level)}"
    return Line(row, title, place, words, _state(row, today))


def _clock_line(row: Reminder, name: str, today: date, stopped_since: bool) -> Line:
    """A clock set by law.  Of the person or the incident it says nothing: that stands inside."""
    district = len(row.unit_code) == DISTRICT_DIGITS
    place = gettext("%(name)s district", name=name) if district else name
    if row.programme == REQUESTS:
        title = gettext("Somebody's request about their data")
        done, late = gettext("It has been answered since."), gettext("Should have been answered by")
    else:
        title = gettext("An incident with personal data")
        done, late = gettext("Nothing is to be told any more."), gettext("Should have been told by")
    if stopped_since:
        return Line(row, title, place, done, "accepted", True)
    if row.due_by < today or row.kind == "late":
        return Line(row, title, place, f"{late} {thai_day(row.due_by)}", "late")
    return Line(row, title, place, due_words(row.due_by, today), "due")


def is_summary(row: Reminder, level: str) -> bool:
    """Whether it stands for several units: an area's code, not that of a unit of this level."""
    short = len(row.unit_code)
    return short <= PROVINCE_DIGITS or (level == "centre" and short == DISTRICT_DIGITS)


def about(row: Reminder, today: date) -> str:
    """What a reminder says, without what it is of."""
    match row.kind:
        case "submitted":
            return gettext("Was sent in, and waits for you.")
        case "returned":
            return gettext("Came back: something is to be mended.")
        case "accepted":
            return gettext("Was accepted.")
    return due_words(row.due_by, today)


def due_words(due_by: date, today: date) -> str:
    """When something is due, seen from today."""
    days, day = (due_by - today).days, thai_day(due_by)
    if days < 0:
        return gettext("Was due on %(day)s and is still to be sent.", day=day)
    if days == 0:
        return gettext("Due today, %(day)s.", day=day)
    if days == 1:
        return gettext("Due tomorrow, %(day)s.", day=day)
    return gettext("Due in %(days)s days, on %(day)s.", days=days, day=day)


def missing_words(units: int, level: str) -> str:
    """How many have not sent it yet."""
    if level == "centre":
        return ngettext(
            "%(num)d centre has not sent it yet.", "%(num)d centres have not sent it yet.", units
        )
    return ngettext(
        "%(num)d district has not sent it yet.", "%(num)d districts have not sent it yet.", units
    )


def short_words(row: Reminder, today: date) -> str:
    """A few words, as the title of a push or the subject of a mail begins."""
    match row.kind:
        case "submitted":
            return gettext("To be looked at")
        case "returned":
            return gettext("To be mended")
        case "accepted":
            return gettext("Accepted")
    days = (row.due_by - today).days
    near = {0: gettext("Due today"), 1: gettext("Due tomorrow")}
    later = gettext("Due in %(days)s days", days=days)
    return gettext("Late") if days < 0 else near.get(days, later)


def _state(row: Reminder, today: date) -> str:
    if row.kind in ("due", "late"):
        return "late" if row.due_by < today else "due"
    return row.kind
