"""A text to paste into a LINE group: who still owes what, in short lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.board.queries import quarter_by_unit
from app.centres.queries import list_centres
from app.reminders.queries import owing
from app.review.owed import Owed, by_occurrence
from app.rounds.calendar import Occurrence, occurrences
from app.rounds.programme import Programme
from app.rounds.words import occurrence_title
from app.shared.clock import Quarter
from app.web.filters import thai_day
from app.web.locale import page_locale

AHEAD, BACK = timedelta(days=30), timedelta(days=60)  # what a group wants to hear of
SEPARATOR = ", "


def in_question(programme: Programme, today: date) -> list[Occurrence]:
    """What is open and due soon, or was due lately."""
    return [
        one
        for one in occurrences(programme)
        if one.is_open(today) and today - BACK <= one.due_by <= today + AHEAD
    ]


def paste_text(
    session: Session, actor: Actor, programme: Programme, chosen: Sequence[Occurrence], *,
    place: str, today: date, link: str,
) -> str:  # fmt: skip
    """Every chosen occurrence with the units in scope that still owe it; empty if none does."""
    rows = owing(session, actor, programme, chosen, today)
    quiet = _Quiet(session, actor)
    blocks = [_block(group, actor, quiet, today) for group in by_occurrence(rows)]
    if not blocks:
        return ""
    head = gettext("Still to be sent: %(place)s", place=place)
    known = gettext("As of %(day)s", day=_plain(today))
    details = gettext("Details:")
    return "\n\n".join([f"{head}\n{known}", *blocks, f"{details} {link}"])


def _block(rows: Sequence[Owed], actor: Actor, quiet: _Quiet, today: date) -> str:
    occurrence, locale = rows[0].occurrence, page_locale()
    lines = [f"• {occurrence_title(occurrence)}", _when(occurrence, today)]
    missing = [one.unit.name_in(locale) for one in rows if one.standing != "returned"]
    returned = [one.unit.name_in(locale) for one in rows if one.standing == "returned"]
    own = actor.role == "officer" and occurrence.level == "district"  # they know which it is
    if missing and not own:
        lines.append(_missing(occurrence, missing))
    if returned:
        lines.append(gettext("To be mended: %(names)s", names=SEPARATOR.join(returned)))
    if own and "visits" in occurrence.round.gathers:
        lines += quiet.words(occurrence.quarter)
    return "\n".join(lines)


class _Quiet:
    """Centres in whose visitor book nobody wrote: what a district's report will lack."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session, self._actor = session, actor
        self._known: dict[Quarter, list[str]] = {}

    def words(self, quarter: Quarter) -> list[str]:
        """A line that names them, if there are any."""
        if quarter not in self._known:
            self._known[quarter] = self._names(quarter)
        names = self._known[quarter]
        if not names:
            return []
        words = ngettext(
            "No visitors written down yet, %(num)d centre: %(names)s",
            "No visitors written down yet, %(num)d centres: %(names)s",
            len(names), names=SEPARATOR.join(names),
        )  # fmt: skip
        return [words]

    def _names(self, quarter: Quarter) -> list[str]:
        counts = quarter_by_unit(self._session, self._actor, quarter, by="centre")
        names = {one.code: one.name for one in list_centres(self._session, self._actor)}
        return [names[one.code] for one in counts if one.centres_quiet and one.code in names]


def _when(occurrence: Occurrence, today: date) -> str:
    days, day = occurrence.days_left(today), _plain(occurrence.due_by)
    if days < 0:
        late = ngettext("%(num)d day late", "%(num)d days late", -days)
        return gettext("Was due on %(day)s (%(late)s)", day=day, late=late)
    if days == 0:
        return gettext("Due today, %(day)s", day=day)
    left = ngettext("%(num)d day left", "%(num)d days left", days)
    return gettext("Due on %(day)s (%(left)s)", day=day, left=left)


def _missing(occurrence: Occurrence, names: Sequence[str]) -> str:
    listed, count = SEPARATOR.join(names), len(names)
    if occurrence.level == "centre":
        return ngettext(
            "Not sent yet, %(num)d centre: %(names)s", "Not sent yet, %(num)d centres: %(names)s",
            count, names=listed,
        )  # fmt: skip
    return ngettext(
        "Not sent yet, %(num)d district: %(names)s", "Not sent yet, %(num)d districts: %(names)s",
        count, names=listed,
    )  # fmt: skip


def _plain(day: date) -> str:
    return thai_day(day).replace("\u00a0", " ")  # a chat shows what is typed
