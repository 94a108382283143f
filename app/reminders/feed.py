"""A calendar of what is due, as calendar programs fetch it (RFC 5545).

All-day events on the day something is due, in Thailand; no person is named.  The same facts give
the same bytes, so that a program that asks every hour mostly hears that nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.queries import DISTRICT_DIGITS
from app.board.words import STATE_WORDS
from app.review.models import Submission
from app.review.queries import state_of
from app.review.units import Unit, units_of
from app.rounds.calendar import Occurrence, occurrences
from app.rounds.programme import Programme, programme_key
from app.rounds.schema import Gathered
from app.rounds.words import occurrence_title
from app.shared.clock import day_starts_at
from app.web.filters import thai_day
from app.web.locale import page_locale

if TYPE_CHECKING:
    from icalendar import Alarm, Event

MAKER = "-//Lakthan//Reminders//TH"
ALARM_HOUR = timedelta(hours=9)  # on a Thai clock: an all-day event begins at midnight there
ASK_AGAIN = timedelta(hours=6)
OF_THE_FIELD: frozenset[Gathered] = frozenset({"visits", "followups", "photos", "activities"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: an occurrence as it stands for whom the calendar is for."""

    programme: Programme
    occurrence: Occurrence
    owner: str  # the code of the unit or area; part of the event's lasting name
    state: str
    changed_at: datetime


def feed(
    session: Session, actor: Actor, programmes: Sequence[Programme], *, today: date, page: str
) -> bytes:
    """The actor's calendar, in the language of the request.  `page`: where an event leads."""
    from icalendar import Calendar  # here: some processes serve no calendar

    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", gettext("Lakthan: what is due"))
    calendar.add("x-wr-timezone", "Asia/Bangkok")
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", ASK_AGAIN)
    for programme in programmes:
        for entry in _entries(session, actor, programme, today):
            calendar.add_component(_event(entry, page))
    return bytes(calendar.to_ical())


def _entries(session: Session, actor: Actor, programme: Programme, today: date) -> Iterator[Entry]:
    sent = _sent(session, programme)
    units = {level: units_of(session, actor, level) for level in ("district", "centre")}
    for occurrence in occurrences(programme):
        if actor.role == "volunteer" and occurrence.level == "district":
            if OF_THE_FIELD & set(occurrence.round.gathers):  # what they write down goes into it
                yield _entry(programme, occurrence, actor.area_code[:DISTRICT_DIGITS], "", [])
            continue
        mine = units[occurrence.level]
        found = [sent.get((occurrence.key, unit.code)) for unit in mine]
        owner = mine[0].code if len(mine) == 1 else actor.area_code
        if mine:
            state = _state_words(occurrence, mine, found, today)
            yield _entry(programme, occurrence, owner, state, found)


def _entry(
    programme: Programme, occurrence: Occurrence, owner: str, state: str,
    found: Sequence[Submission | None],
) -> Entry:  # fmt: skip
    moments = [m for one in found if one for m in (one.submitted_at, one.decided_at) if m]
    changed_at = max([day_starts_at(occurrence.opens_on), *moments])
    return Entry(programme, occurrence, owner, state, changed_at)


def _sent(session: Session, programme: Programme) -> Mapping[tuple[str, str], Submission]:
    rows = session.scalars(
        select(Submission).where(Submission.programme == programme_key(programme))
    )
    return {(row.occurrence, row.unit_code): row for row in rows}


def _state_words(
    occurrence: Occurrence, units: Sequence[Unit], found: Sequence[Submission | None], today: date
) -> str:
    if len(units) == 1:
        return str(STATE_WORDS[state_of(found[0], occurrence, today)])
    arrived = sum(one is not None and one.state != "returned" for one in found)
    if occurrence.level == "centre":
        return gettext("%(done)s of %(all)s centres", done=arrived, all=len(units))
    return gettext("%(done)s of %(all)s districts", done=arrived, all=len(units))


def _event(entry: Entry, page: str) -> Event:
    from icalendar import Event

    occurrence, programme = entry.occurrence, entry.programme
    title = occurrence_title(occurrence)
    event = Event()
    key = f"{programme_key(programme)}.{occurrence.key}.{entry.owner or 'all'}"
    event.add("uid", f"{key}@lakthan")
    event.add("sequence", programme.version)  # a day moves only with a new version of the file
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", occurrence.due_by)
    event.add("dtend", occurrence.due_by + timedelta(days=1))
    event.add("summary", f"{title} ({entry.state})" if entry.state else title)
    event.add("description", "\n".join(_about(occurrence, page)))
    event.add("url", page)
    event.add("transp", "TRANSPARENT")  # a day on which something is due is not a busy day
    for days in sorted(programme.remind_days_before, reverse=True):
        event.add_component(_alarm(title, days))
    return event


def _about(occurrence: Occurrence, page: str) -> Iterator[str]:
    if occurrence.due_on != occurrence.due_by:
        yield gettext(
            "The letter says %(day)s, a day on which offices are closed.",
            day=thai_day(occurrence.due_on, "long"),
        )
    if occurrence.note:
        yield occurrence.note.in_(page_locale())
    yield page


def _alarm(title: str, days: int) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", ALARM_HOUR - timedelta(days=days))
    return alarm
